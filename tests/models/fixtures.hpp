#pragma once

#include "support/files.hpp"
#include "support/shared_data.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace winnow::test {

/// Returns the path of a file in tests/fixtures.
std::filesystem::path fixture(const std::string& name);

/// A temporary file. The destructor removes it.
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

/// A temporary directory, initially empty. The destructor removes it with its content.
class temporary_directory {
public:
  const std::filesystem::path& path() const { return path_; }

private:
  const temp_dir made_;
  const std::filesystem::path path_{made_.path()};
};

} // namespace winnow::test
