#!/usr/bin/env bash
# Makes the Debian packages of a build, unpacks them where nothing else of ours is, and uses them as their user would: the program
# runs, the consumer builds against the headers, the module (if there is one) is imported. What they depend on must be installed here.
#   debian.sh BUILD WORKDIR
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "$1") work=$(realpath -m "$2")
rm -rf "$work"
mkdir -p "$work/packages" "$work/root"
cpack -G DEB --config "$build/CPackConfig.cmake" -B "$work/packages" >"$work/cpack.log" 2>&1 || { tail -20 "$work/cpack.log"; exit 1; }

fail() { echo "$1"; exit 1; }
field() { dpkg-deb -f "$1" "$2"; }
listed() { case ", $(field "$1" Depends)," in *", $2"[,\ ]*) ;; *) fail "$(basename "$1") does not depend on $2" ;; esac; }
for package in "$work"/packages/*.deb; do
  name=$(field "$package" Package)
  case $name in
    mambound) for library in libc6 libtbb12 libmpfr6 libflint17 libssl3; do listed "$package" $library; done ;;
    libmambound-dev) for library in libeigen3-dev libboost1.81-dev libmpfi-dev libfmt-dev libtbb-dev; do listed "$package" $library; done ;;
    python3-mambound) for library in python3 python3-numpy; do listed "$package" $library; done ;;
    *) fail "a package of another name: $name" ;;
  esac
  [ "$(field "$package" Version)" = "$("$build/theory/mambound" --version | cut -d' ' -f2)" ] || fail "$name has another version than the program"
  # Everything it depends on is to be had: it is installed here.
  field "$package" Depends | tr ',' '\n' | sed 's/^ *//; s/ .*//' | while read -r needed; do
    case $needed in
      mambound | libmambound-dev | '') ;;
      *) dpkg-query -W -f='${db:Status-Status}' "$needed" 2>/dev/null | grep -qx installed || fail "$name depends on $needed, which is not installed" ;;
    esac
  done
  dpkg-deb -c "$package" | awk '{ print $6 }' >"$work/$name.list"
  for file in copyright changelog.gz; do
    grep -qx "./usr/share/doc/$name/$file" "$work/$name.list" || fail "$name has no $file"
  done
  dpkg-deb -x "$package" "$work/root"
  echo "$name $(field "$package" Version): $(grep -vc '/$' "$work/$name.list") files, $(($(field "$package" Installed-Size) / 1024)) MB"
done
[ -e "$work/mambound.list" ] && [ -e "$work/libmambound-dev.list" ] || fail "a package is missing"
grep -qx "version: $(field "$package" Version)" "$work/root/usr/share/doc/mambound/CITATION.cff" || fail "CITATION.cff names another version"
[ -e "$work/root/usr/share/zsh/vendor-completions/_mambound" ] || fail "zsh looks for completions of packages elsewhere"
# No file is in two packages, and none outside /usr.
cat "$work"/*.list | grep -v '/$' | sort | uniq -d | grep . && fail "these files are in two packages"
cat "$work"/*.list | grep -vE '^\./(usr/.*)?$' && fail "these are outside /usr"

"$work/root/usr/bin/mambound" doctor | tail -1 | grep -qx "certified work is allowed"
"$work/root/usr/bin/mambound" verify --claims eq3 | tail -1
cmake -G Ninja -S "$here/consumer" -B "$work/consumer" -DCMAKE_PREFIX_PATH="$work/root/usr" >"$work/configure.log"
cmake --build "$work/consumer" --target family >"$work/build.log" 2>&1 || { tail -20 "$work/build.log"; exit 1; }
"$work/consumer/family" | tail -1
if [ -e "$work/python3-mambound.list" ]; then
  PYTHONPATH=$work/root/usr/lib/python3/dist-packages /usr/bin/python3 -c 'import mambound; print("module", mambound.__file__)'
fi
if grep -rlF "$build" "$work/root/usr" --include='*.cmake' --include='*.pc' --include='*.py'; then fail "the packages name the folder they were built in"; fi
