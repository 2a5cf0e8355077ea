#pragma once

#include <cstdint>
#include <string>

namespace winnow {

/// Private to this folder: a message's place as the log names it, `topic[partition]@offset`.
inline std::string place_of(const std::string& topic, std::int32_t partition, std::int64_t offset) {
  return topic + "[" + std::to_string(partition) + "]@" + std::to_string(offset);
}

} // namespace winnow
