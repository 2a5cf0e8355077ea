#pragma once

#include "support/files.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace winnow::test {

/// Writes a file into the directory and returns its path.
inline std::filesystem::path put(const temp_dir& directory, const std::string& name, std::string_view text) {
  auto file = std::filesystem::path(directory.path()) / name;
  std::ofstream(file, std::ios::binary) << text;
  return file;
}

} // namespace winnow::test
