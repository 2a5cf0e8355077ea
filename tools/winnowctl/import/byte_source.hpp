#pragma once

#include "config/error.hpp"
#include "models/files/text_file.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// A file, possibly gzip-compressed, that is read from front to back in pieces of any size. Blocking.
class byte_source {
public:
  static constexpr std::size_t most_line_bytes = std::size_t{64} << 20U;

  /// @return `not_found` or `io_error`, also if it is no regular file.
  static result<byte_source> open(const std::string& path);

  /// The next bytes, without moving on: fewer than `count` only at the end.
  result<std::string_view> peek(std::size_t count);

  /// The next line without its end; nullopt at the end of the file.
  result<std::optional<std::string>> line();

  /// Exactly `count` bytes; nullopt if fewer are left.
  result<std::optional<std::string>> take(std::size_t count);

  const std::string& name() const { return name_; }

private:
  byte_source(std::string name, text_file file) : name_(std::move(name)), file_(std::move(file)) {}
  result<bool> fill(); ///< False at the end of the file.
  std::string cut(std::size_t count);

  std::string name_;
  text_file file_;
  std::string buffer_;
  std::size_t begin_ = 0;
};

} // namespace winnow
