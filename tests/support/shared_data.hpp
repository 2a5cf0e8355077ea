#pragma once

#include "support/environment.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <iostream>
#include <optional>

namespace winnow::test {

/// Returns the folder of shared data, or nullopt if this machine does not have it.
inline std::optional<std::filesystem::path> shared_data() {
  const auto dir = environment_variable("WINNOW_SHARED_DIR");
  const auto beside = std::filesystem::path(required_variable("WINNOW_SOURCE_DIR")) / ".." / "shared";
  const auto data = (dir ? std::filesystem::path(*dir) : beside) / "data";
  return std::filesystem::is_directory(data) ? std::optional(data) : std::nullopt;
}

/// A precondition that skips a test if there is no shared data, and prints so.
inline boost::test_tools::assertion_result has_shared_data(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result there(shared_data().has_value());
  if (!there) {
    std::cerr << "SKIPPED: no shared data here (WINNOW_SHARED_DIR)\n";
    there.message() << "no shared data here (WINNOW_SHARED_DIR)";
  }
  return there;
}

} // namespace winnow::test
