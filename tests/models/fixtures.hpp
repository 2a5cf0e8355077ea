#pragma once

#include "config/error.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace winnow::test {

/// A file below tests/fixtures.
std::filesystem::path fixture(const std::string& name);

/// The folder of shared data, if this machine has it.
std::optional<std::filesystem::path> shared_data();

/// Lets a test run only where the shared data is, and says so loudly where it is not.
boost::test_tools::assertion_result has_shared_data(boost::unit_test::test_unit_id);

/// A file that is removed with the object.
class temporary_file {
public:
  explicit temporary_file(std::string_view content);
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file();

  const std::filesystem::path& path() const { return path_; }

  /// Replaces the content.
  void write(std::string_view content) const;

private:
  std::filesystem::path path_;
};

/// An empty directory that is removed with the object, with all that is in it.
class temporary_directory {
public:
  temporary_directory();
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;
  ~temporary_directory();

  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

/// The value that a result must hold; a test without it ends with the error's message.
template<class T>
T need(result<T> value) {
  if (!value)
    throw std::runtime_error(value.error().message);
  return std::move(*value);
}

/// All bytes of a file that must be there.
std::string bytes_of(const std::filesystem::path& path);

} // namespace winnow::test
