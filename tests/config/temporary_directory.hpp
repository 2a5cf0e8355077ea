#pragma once

#include <filesystem>
#include <string>
#include <string_view>

/// A directory of its own, removed with all that is in it.
class temporary_directory {
public:
  temporary_directory();
  ~temporary_directory();
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }

  /// Writes a file into it and returns where it is.
  std::string write(std::string_view name, std::string_view text) const;

private:
  std::filesystem::path path_;
};
