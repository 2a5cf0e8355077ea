#pragma once

#include "config/error.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>

namespace winnow::test {

/// The value that a result must hold; a test without it ends with the error's message.
template<class T>
T need(result<T> value) {
  if (!value)
    throw std::runtime_error(value.error().message);
  return std::move(*value);
}

/// What a running program has written into a file so far; nothing where it has not made it yet.
inline std::string written_so_far(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// All bytes of a file that must be there.
inline std::string bytes_of(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path))
    throw std::runtime_error("there is no " + path.string());
  return written_so_far(path);
}

} // namespace winnow::test
