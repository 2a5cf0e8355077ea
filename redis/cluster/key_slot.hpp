#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace winnow {

/// Private to this folder: how a Redis cluster divides the keys.
inline constexpr std::size_t cluster_slots = 16'384;

/// The slot of a key: a checksum of it, or of its part between the first `{` and the next `}` if that is not
/// empty.
std::uint16_t slot_of(std::string_view key) noexcept;

} // namespace winnow
