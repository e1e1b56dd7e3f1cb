#include "commands.hpp"

namespace mambound {

std::string one_line(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ') c = '?';
    return text;
}

}  // namespace mambound
