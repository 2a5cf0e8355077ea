#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// A header of a message. Names may repeat, and a value may be null.
struct kafka_header {
  std::string name;
  std::optional<std::string> value;
};

using kafka_headers = std::vector<kafka_header>;

/// The bytes of all names and values.
inline std::size_t size_of(const kafka_headers& headers) noexcept {
  std::size_t size = 0;
  for (const auto& one : headers)
    size += one.name.size() + (one.value ? one.value->size() : 0);
  return size;
}

/// A message as it was read. Its texts are valid during the call that brings it.
struct kafka_message {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::chrono::milliseconds written{};   ///< By the producer's or broker's clock, since 1970; 0: unknown.
  std::optional<std::string_view> key;   ///< Nullopt: null.
  std::optional<std::string_view> value; ///< The same: a tombstone.
  kafka_headers headers = {};            ///< Empty unless the member of the group was asked for them.
};

} // namespace winnow
