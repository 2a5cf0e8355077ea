#pragma once

#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>

namespace winnow::test {

/// @return What the environment says of `name`, if it does.
inline std::optional<std::string> environment_variable(const char* name) {
  const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): no test changes the environment
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

/// As environment_variable, for what a test cannot do without (ctest sets WINNOW_SOURCE_DIR and
/// WINNOW_BIN_DIR).
/// @throw std::runtime_error where `name` is not set.
inline std::string required_variable(const char* name) {
  if (auto value = environment_variable(name))
    return *std::move(value);
  throw std::runtime_error(std::string(name) + " is not set: run the tests with ctest");
}

} // namespace winnow::test
