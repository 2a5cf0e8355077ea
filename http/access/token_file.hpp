#pragma once

#include "config/error.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace winnow::http {

/// A token that clients may send, and what it allows.
struct client_token {
  std::string name;  ///< For the log and for limits; never the token itself.
  bool full = false; ///< False: only requests that change nothing.
  std::string secret;
};

/// The tokens of a file.
class token_list {
public:
  /// Parses lines of the form `NAME read|full TOKEN`. Empty lines and those that begin with `#` are skipped.
  /// Names are unique; tokens have at least 16 characters of those that RFC 6750 allows. Errors name the
  /// line, and never quote a token. A list without a token is an error, because it would lock everyone out.
  static result<token_list> parse(std::string_view text);

  /// The token that equals `secret`; null if there is none. Compares with all of them in constant time.
  const client_token* find(std::string_view secret) const noexcept;

  std::size_t size() const noexcept { return tokens_.size(); }

private:
  std::vector<client_token> tokens_;
};

/// The tokens of a file that may change while the server runs. Thread-safe.
class token_file {
public:
  /// Reads the file. Logs a warning if other users can read it. Errors name the file and the line.
  static result<std::shared_ptr<token_file>> open(const std::string& path);

  /// Reads the file again. If it is broken, the tokens in force stay.
  result<void> reload();

  std::shared_ptr<const token_list> current() const;

private:
  explicit token_file(std::string path) : path_(std::move(path)) {}

  const std::string path_;
  mutable std::mutex mutex_;
  std::shared_ptr<const token_list> current_;
};

} // namespace winnow::http
