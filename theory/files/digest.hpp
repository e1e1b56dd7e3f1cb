// SHA-256.
#pragma once

#include <string>

namespace mambound {

// 64 hexadecimal digits. std::runtime_error if libcrypto refuses.
std::string sha256(const std::string& text);

}  // namespace mambound
