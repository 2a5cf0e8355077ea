#pragma once

#include "config/error.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace winnow {

/// The in-memory bytes of some values, to be hashed or written to a file.
template<class T>
std::string_view bytes_of(const T* values, std::size_t count) {
  return {reinterpret_cast<const char*>(values), count * sizeof(T)};
}

/// A 64-bit digest (XXH3) of the contents of files. It names a model version and does not protect against
/// forgery.
class file_digest {
public:
  file_digest();
  ~file_digest();
  file_digest(file_digest&&) noexcept;
  file_digest& operator=(file_digest&&) = delete;

  /// Hashes the size and the content of a file. Blocking.
  result<void> add(const std::filesystem::path& file);

  /// Hashes bytes that do not come from a file, without their size.
  void add_bytes(std::string_view bytes);

  /// 16 hexadecimal digits.
  std::string hex() const;

private:
  struct hash_state;
  std::unique_ptr<hash_state> state_;
};

} // namespace winnow
