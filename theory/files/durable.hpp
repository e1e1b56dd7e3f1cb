// Files that survive the machine being switched off.
#pragma once

#include <string>

namespace mambound {

// The file that writing to `path` replaces: the one that links lead to, also if it is not there yet. `path` itself where they
// lead to anything else, such as a device.
std::string behind_links(const std::string& path);
// Waits until what was written to the file is on the disk. Throws FileError (json.hpp).
void sync_file(const std::string& path);
// Gives `from` the name `to`, in one step and for good; an old `to` is whole until then. Throws FileError.
void replace_file(const std::string& from, const std::string& to);
// Removes the file for good. Throws FileError.
void remove_file(const std::string& path);
// Waits until the folder that holds `path` has on the disk the names it has now; a folder that cannot be synced is left alone.
void sync_folder_of(const std::string& path);

}  // namespace mambound
