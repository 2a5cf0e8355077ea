#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace winnow {

/// What a stored profile looked like, to recognise it at a cost that does not grow with it: its length and
/// its last bytes. Histories grow at their end, so that a change that leaves both alone is rare.
struct profile_fingerprint {
  static constexpr std::size_t tail_bytes = 256;

  std::uint64_t bytes = 0;
  std::string tail; ///< The last `tail_bytes`, or all.
};

inline profile_fingerprint fingerprint_of(std::string_view json) {
  const auto tail = json.size() > profile_fingerprint::tail_bytes
                        ? json.substr(json.size() - profile_fingerprint::tail_bytes)
                        : json;
  return {json.size(), std::string(tail)};
}

inline bool matches(const profile_fingerprint& fingerprint, std::string_view json) {
  return json.size() == fingerprint.bytes && json.size() >= fingerprint.tail.size() &&
         json.substr(json.size() - fingerprint.tail.size()) == fingerprint.tail;
}

} // namespace winnow
