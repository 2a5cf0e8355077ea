#pragma once

#include "config/error.hpp"
#include "support/environment.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace winnow::test {

/// Writes a file into the directory and returns where it is.
inline std::filesystem::path put(const temp_dir& directory, const std::string& name, std::string_view text) {
  auto file = std::filesystem::path(directory.path()) / name;
  std::ofstream(file, std::ios::binary) << text;
  return file;
}

/// The value that a result must hold; a test without it ends with the error's message.
template<class T>
T need(result<T> value) {
  if (!value)
    throw std::runtime_error(value.error().message);
  return std::move(*value);
}

/// A folder of the data that is shared between projects, if this machine has it.
inline std::optional<std::filesystem::path> shared_data(const std::string& name) {
  const auto source = environment_variable("WINNOW_SOURCE_DIR");
  if (!source)
    return std::nullopt;
  auto folder = std::filesystem::path(*source) / "../shared/data" / name;
  return std::filesystem::is_directory(folder) ? std::optional(std::move(folder)) : std::nullopt;
}

} // namespace winnow::test
