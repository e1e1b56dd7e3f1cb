#include "files/durable.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "files/json.hpp"

namespace mambound {

std::string behind_links(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code error;
    fs::path at = path;
    constexpr int most = 40;  // of links in a row, as for the system
    for (int links = 0; links < most && fs::is_symlink(at, error); ++links) at = at.parent_path() / fs::read_symlink(at, error);
    const fs::file_type type = fs::status(at, error).type();
    return type == fs::file_type::regular || type == fs::file_type::not_found ? at.string() : path;
}

void sync_file(const std::string& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = file >= 0 && fsync(file) == 0;
    const int error = errno;
    if (file >= 0) close(file);
    if (!synced) throw FileError(fmt::format("{}: cannot be written: sync: {}", path, std::strerror(error)));
}

void sync_folder_of(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    const int file = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return;
    fsync(file);
    close(file);
}

void replace_file(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0)
        throw FileError(fmt::format("{}: cannot be written: rename: {}", to, std::strerror(errno)));
    sync_folder_of(to);
}

void remove_file(const std::string& path) {
    if (unlink(path.c_str()) != 0) throw FileError(fmt::format("{}: cannot be removed: {}", path, std::strerror(errno)));
    sync_folder_of(path);
}

}  // namespace mambound
