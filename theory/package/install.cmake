# What an installed mambound is: headers, static libraries, a CMake package, a pkg-config file, the program and its documents.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/mambound)
set(theory_headers ${CMAKE_INSTALL_INCLUDEDIR}/mambound-theory)

install(TARGETS mambound mambound_arithmetic mambound_statements mambound_theory EXPORT mambound
  ARCHIVE COMPONENT library)
target_include_directories(mambound INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_include_directories(mambound_statements INTERFACE $<INSTALL_INTERFACE:${theory_headers}>)
set_target_properties(mambound_arithmetic PROPERTIES EXPORT_NAME arithmetic)
set_target_properties(mambound_statements PROPERTIES EXPORT_NAME statements)
set_target_properties(mambound_theory PROPERTIES EXPORT_NAME theory)
install(DIRECTORY lib/mambound DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library FILES_MATCHING PATTERN "*.hpp")
install(DIRECTORY theory/ DESTINATION ${theory_headers} COMPONENT library FILES_MATCHING PATTERN "*.hpp"
  PATTERN checker EXCLUDE PATTERN files EXCLUDE PATTERN program EXCLUDE PATTERN python EXCLUDE PATTERN package EXCLUDE
  PATTERN report EXCLUDE PATTERN examples EXCLUDE)

install(EXPORT mambound NAMESPACE mambound:: FILE targets.cmake DESTINATION ${package} COMPONENT library)
configure_package_config_file(theory/package/config.cmake.in ${PROJECT_BINARY_DIR}/mambound-config.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/mambound-config-version.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/mambound-config.cmake ${PROJECT_BINARY_DIR}/mambound-config-version.cmake
  DESTINATION ${package} COMPONENT library)

file(RELATIVE_PATH to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(theory/package/mambound.pc.in ${PROJECT_BINARY_DIR}/mambound.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/mambound.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT library)

install(TARGETS mambound_program COMPONENT program)
# Documents keep their places, so that links between them lead somewhere.
set(docs ${CMAKE_INSTALL_DOCDIR})
install(FILES README.md CHANGELOG.md CONTRIBUTING.md CITATION.cff LICENSE DESTINATION ${docs} COMPONENT program)
install(FILES theory/FINDINGS.md DESTINATION ${docs}/theory COMPONENT program)
install(DIRECTORY theory/guide theory/examples DESTINATION ${docs}/theory COMPONENT program PATTERN "*.in" EXCLUDE PATTERN "*.awk" EXCLUDE
  PATTERN "*.dox" EXCLUDE PATTERN __pycache__ EXCLUDE)
install(FILES bench/README.md DESTINATION ${docs}/bench COMPONENT program)

# Completions and the manual page are what the program prints, where shells and man look for them.
set(spoken ${PROJECT_BINARY_DIR}/spoken)
file(MAKE_DIRECTORY ${spoken})
add_custom_command(OUTPUT ${spoken}/mambound ${spoken}/_mambound ${spoken}/mambound.fish ${spoken}/mambound.1
  COMMAND mambound_program completion bash > ${spoken}/mambound
  COMMAND mambound_program completion zsh > ${spoken}/_mambound
  COMMAND mambound_program completion fish > ${spoken}/mambound.fish
  COMMAND mambound_program manual > ${spoken}/mambound.1
  DEPENDS mambound_program VERBATIM)
add_custom_target(mambound_spoken ALL DEPENDS ${spoken}/mambound.1)
install(FILES ${spoken}/mambound DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT program)
# zsh looks in one folder for those of Debian's packages, in another for those of the site.
install(CODE "
  set(folder site-functions)
  if(CMAKE_INSTALL_PREFIX MATCHES \"/usr$\")
    set(folder vendor-completions)
  endif()
  file(INSTALL \"${spoken}/_mambound\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/zsh/\${folder}\")" COMPONENT program)
install(FILES ${spoken}/mambound.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT program)
install(FILES ${spoken}/mambound.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)

# Debian packages: `cpack -G DEB` in the build directory. What programs depend on is read off them.
set(CPACK_PACKAGE_CONTACT "The mambound authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "theory of in-context learning, executable")
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

execute_process(COMMAND gzip -9nc ${PROJECT_SOURCE_DIR}/CHANGELOG.md OUTPUT_FILE ${PROJECT_BINARY_DIR}/changelog.gz COMMAND_ERROR_IS_FATAL ANY)

# deb(COMPONENT NAME SECTION DESCRIPTION): one package, with licence and changes where Debian looks for them.
set(CPACK_COMPONENTS_ALL)
macro(deb component name section description)
  list(APPEND CPACK_COMPONENTS_ALL ${component})
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name})
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section})
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${description}")
  set(place ${CMAKE_INSTALL_DATAROOTDIR}/doc/${name})
  install(FILES LICENSE DESTINATION ${place} RENAME copyright COMPONENT ${component})
  install(FILES ${PROJECT_BINARY_DIR}/changelog.gz DESTINATION ${place} COMPONENT ${component})
endmacro()

deb(program mambound math "Measures every numbered statement of a paper at finite size, with an exact
interval and a control, and certifies trained weights.")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS gnuplot-nox)
deb(library libmambound-dev libdevel "Headers, static libraries, a CMake package and a pkg-config file: models,
training, intervals, certificates and claims over any number type.")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS
  "libeigen3-dev, libboost1.81-dev, libmpfr-dev, libmpfi-dev, libgmp-dev, librandom123-dev, libfmt-dev, libtbb-dev, libgcc-12-dev")
if(TARGET mambound_python)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  set(python ${Python3_VERSION_MAJOR}.${Python3_VERSION_MINOR})  # an extension is for one
  deb(python python3-mambound python "A module: training, evaluation, certificates and verdicts with NumPy arrays,
bit for bit those of the program.")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_SHLIBDEPS ON)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS "python3 (>= ${python}), python3 (<< ${python}.99), python3-numpy")
endif()
include(CPack)
