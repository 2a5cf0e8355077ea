#pragma once

#include "support/temp_dir.hpp"

#include <fstream>
#include <string>
#include <string_view>

/// Writes a file into the directory and returns its path.
inline std::string write_file(const winnow::test::temp_dir& directory, const std::string& name,
                              std::string_view text) {
  auto file = directory.path() + "/" + name;
  std::ofstream(file, std::ios::binary) << text;
  return file;
}
