#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// What a stored list was made of. Kept beside the lists, so that a sweep, also that of the next process, can
/// tell which lists are due. The daemon that computed the list made the digests; the store compares nothing.
struct list_record {
  std::uint64_t profile = 0; ///< Digest of the profile's bytes.
  std::uint64_t basis = 0;   ///< Digest of what else the list depends on, such as the models' version.
  std::uint64_t list = 0;    ///< Digest of the list's bytes.
};

inline bool operator==(const list_record& a, const list_record& b) {
  return a.profile == b.profile && a.basis == b.basis && a.list == b.list;
}

/// 24 bytes: the three numbers, each with its lowest byte first.
std::string to_bytes(const list_record& record);

/// The inverse; nullopt if these are not the bytes of a record.
std::optional<list_record> parse_list_record(std::string_view bytes);

/// The record of a result: the digest of the bytes of the profile that it was made of, lowest byte first.
std::string to_result_record(std::uint64_t profile);

/// The inverse; nullopt if these are not the bytes of such a record.
std::optional<std::uint64_t> parse_result_record(std::string_view bytes);

} // namespace winnow
