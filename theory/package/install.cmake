# What an installed mambound is: headers, static libraries, a CMake package, a pkg-config file and the program.
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

# Completions and the manual page are what the program prints, where shells and man look for them.
set(spoken ${PROJECT_BINARY_DIR}/spoken)
file(MAKE_DIRECTORY ${spoken})
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(zsh_completions ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
else()
  set(zsh_completions ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
endif()
add_custom_command(OUTPUT ${spoken}/mambound ${spoken}/_mambound ${spoken}/mambound.fish ${spoken}/mambound.1
  COMMAND mambound_program completion bash > ${spoken}/mambound
  COMMAND mambound_program completion zsh > ${spoken}/_mambound
  COMMAND mambound_program completion fish > ${spoken}/mambound.fish
  COMMAND mambound_program manual > ${spoken}/mambound.1
  DEPENDS mambound_program VERBATIM)
add_custom_target(mambound_spoken ALL DEPENDS ${spoken}/mambound.1)
install(FILES ${spoken}/mambound DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT program)
install(FILES ${spoken}/_mambound DESTINATION ${zsh_completions} COMPONENT program)
install(FILES ${spoken}/mambound.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT program)
install(FILES ${spoken}/mambound.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
install(FILES LICENSE CITATION.cff README.md theory/FINDINGS.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)

# Debian packages: `cpack -G DEB` in the build directory. Dependencies of the program are read off it.
set(CPACK_PACKAGE_CONTACT "The mambound authors")
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_COMPONENTS_ALL library program)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libmambound-dev)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS
  "libeigen3-dev, libboost1.81-dev, libmpfr-dev, libmpfi-dev, libgmp-dev, librandom123-dev, libfmt-dev, libtbb-dev, libgcc-12-dev")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME mambound)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION math)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
include(CPack)
