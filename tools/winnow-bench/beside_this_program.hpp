#pragma once

#include <filesystem>
#include <string>
#include <system_error>

namespace winnow::bench {

/// Returns the path of a program in the folder of this one.
inline std::string beside_this_program(const std::string& name) {
  std::error_code failed;
  return (std::filesystem::read_symlink("/proc/self/exe", failed).parent_path() / name).string();
}

} // namespace winnow::bench
