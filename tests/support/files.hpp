#pragma once

#include "config/error.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>

namespace winnow::test {

/// Returns the value of a result. Throws the error's message as std::runtime_error if there is none.
template<class T>
T need(result<T> value) {
  if (!value)
    throw std::runtime_error(value.error().message);
  return std::move(*value);
}

/// Returns what a running program has written to a file so far; empty if the file does not exist yet.
inline std::string written_so_far(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Returns all bytes of a file, which must exist.
inline std::string bytes_of(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path))
    throw std::runtime_error("no such file: " + path.string());
  return written_so_far(path);
}

} // namespace winnow::test
