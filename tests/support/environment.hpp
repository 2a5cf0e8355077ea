#pragma once

#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>

namespace winnow::test {

/// Returns the value of an environment variable, or nullopt if it is not set.
inline std::optional<std::string> environment_variable(const char* name) {
  const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): no test changes the environment
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

/// Like environment_variable, for variables that a test requires, such as WINNOW_SOURCE_DIR and
/// WINNOW_BIN_DIR, which ctest sets.
/// @throw std::runtime_error if `name` is not set.
inline std::string required_variable(const char* name) {
  if (auto value = environment_variable(name))
    return *std::move(value);
  throw std::runtime_error(std::string(name) + " is not set: run the tests with ctest");
}

} // namespace winnow::test
