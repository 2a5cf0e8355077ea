#pragma once

#include "config/settings/startup.hpp"
#include "support/temp_dir.hpp"
#include "tests/config/write_file.hpp"

#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

/// Reads settings with a directory and an environment of its own.
struct settings_fixture {
  winnow::test::temp_dir directory;
  winnow::environment variables;

  winnow::startup_request read(std::initializer_list<const char*> flags = {}) const {
    std::vector<const char*> argv{"winnowd"};
    argv.insert(argv.end(), flags);
    return winnow::read_settings({"winnowd", "Recommendation daemon"}, static_cast<int>(argv.size()),
                                 argv.data(), variables, directory.path());
  }

  /// Returns the settings, which must be valid.
  winnow::loaded_settings load(std::initializer_list<const char*> flags = {}) const {
    auto request = read(flags);
    BOOST_REQUIRE_MESSAGE(request.action == winnow::startup_request::kind::run, request.text);
    return request.loaded;
  }

  /// Returns the error report of settings, which must be invalid.
  std::string refuse(std::initializer_list<const char*> flags = {}) const {
    const auto request = read(flags);
    BOOST_REQUIRE(request.action == winnow::startup_request::kind::invalid);
    BOOST_TEST(request.exit_code == 78);
    return request.text;
  }
};

inline std::string source_of(const winnow::loaded_settings& loaded, std::string_view key) {
  for (const auto& origin : loaded.origins)
    if (origin.key == key)
      return origin.source;
  return "no such key";
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}
