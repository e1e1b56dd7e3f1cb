#!/usr/bin/env bash
# Installs what mambound is built from, out of the distribution's packages (Debian 12). A second run finds everything and is quick.
#   ./bootstrap.sh            compilers and libraries
#   ./bootstrap.sh --peers    also PyTorch, for the comparison in bench/
set -eu

packages=(g++ cmake ninja-build ccache git
  libeigen3-dev libboost1.81-dev libmpfr-dev libmpfi-dev libgmp-dev librapidcheck-dev libgtest-dev libgmock-dev
  libbenchmark-dev librandom123-dev libcli11-dev nlohmann-json3-dev libfmt-dev libtbb-dev
  libflint-dev libflint-arb-dev libssl-dev libclang-rt-14-dev python3 python3-dev python3-numpy pybind11-dev libopenmpi-dev openmpi-bin
  gnuplot-nox pkg-config man-db zsh fish doxygen dpkg-dev file
  chromium chromium-driver python3-selenium)  # the last three: the test that opens a report in a browser
[ "${1:-}" = --peers ] && packages+=(python3-torch)

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  echo "bootstrap.sh: no apt here. mambound needs a C++20 compiler, CMake >= 3.25, Ninja, and these (Debian names):" >&2
  printf '  %s\n' "${packages[@]}" >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "bootstrap.sh: everything is installed"
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "bootstrap.sh: run as root, or install: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "bootstrap.sh: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -q
"${as_root[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}"
