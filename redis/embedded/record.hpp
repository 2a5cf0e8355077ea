#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace winnow {

/// One entry of the embedded store's files: a change of a key, or the end of a complete file.
struct store_record {
  enum class kind : std::uint8_t { set = 1, erase = 2, end = 3 };
  kind what = kind::set;
  std::string_view key;   ///< Empty for `end`.
  std::string_view value; ///< Only for `set`.
};

/// Appends the record as bytes: the size of what follows, its checksum, kind, size of the key, key and value.
/// Numbers are little-endian.
void append_record(std::string& to, const store_record& record);

/// Reads the record that `bytes` begins with; its views point into `bytes`. Returns the number of its bytes;
/// 0 if it is incomplete or damaged.
std::size_t read_record(std::string_view bytes, store_record& into);

/// Returns how many of the bytes, which begin with no intact record, are before the next one; all if there is
/// none.
std::size_t bytes_before_record(std::string_view bytes);

} // namespace winnow
