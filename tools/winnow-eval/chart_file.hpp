#pragma once

#include "config/error.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>

namespace winnow {

/// The file for the chart (`--plot`). It is opened before the measuring, whose hours a wrong path must not
/// cost. Blocking, also for a FIFO until somebody reads it.
class chart_file {
public:
  /// Creates the file, or opens what is there, whose content stays until `write`.
  /// @return `io_error` that names the path and the reason.
  static result<chart_file> open(const std::filesystem::path& path);
  chart_file(chart_file&& other) noexcept;
  chart_file& operator=(chart_file&&) = delete;
  /// Removes a file that this one created and that has no chart.
  ~chart_file();

  /// Writes the whole chart and closes the file.
  result<void> write(std::string_view chart);

private:
  struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  chart_file(std::filesystem::path path, std::FILE* file, bool is_new)
      : path_(std::move(path)), file_(file), is_new_(is_new) {}
  tl::unexpected<error> refuse() const;

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, closer> file_;
  bool is_new_; ///< Created by this object, and without a chart.
};

} // namespace winnow
