#pragma once

#include "config/error.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

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
  /// @param content Hashes the content alone, if given.
  /// @return The size.
  result<std::uint64_t> add(const std::filesystem::path& file, file_digest* content = nullptr);

  /// Hashes bytes that do not come from a file, without their size.
  void add_bytes(std::string_view bytes);

  /// 16 hexadecimal digits.
  std::string hex() const;

private:
  struct hash_state;
  std::unique_ptr<hash_state> state_;
};

/// Digests of several files.
struct file_digests {
  struct one {
    std::uint64_t bytes = 0;
    std::string hex; ///< Of the content alone.
  };
  std::string all;       ///< Of the sizes and contents of all files, in their order.
  std::vector<one> each; ///< In the same order.
};

/// Reads each file once. Blocking.
result<file_digests> digest_files(const std::vector<std::filesystem::path>& files);

} // namespace winnow
