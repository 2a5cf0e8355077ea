#include "redis/cluster/key_slot.hpp"

namespace winnow {
namespace {

std::string_view hashed_part(std::string_view key) noexcept {
  const auto open = key.find('{');
  if (open == std::string_view::npos)
    return key;
  const auto close = key.find('}', open + 1);
  return close == std::string_view::npos || close == open + 1 ? key : key.substr(open + 1, close - open - 1);
}

} // namespace

std::uint16_t slot_of(std::string_view key) noexcept {
  constexpr std::uint32_t polynomial = 0x1021; // CRC-16/XMODEM
  std::uint32_t sum = 0;
  for (const char byte : hashed_part(key)) {
    sum ^= static_cast<std::uint32_t>(static_cast<unsigned char>(byte)) << 8U;
    for (int bit = 0; bit < 8; ++bit)
      sum = (sum & 0x8000U) != 0 ? (sum << 1U) ^ polynomial : sum << 1U;
  }
  return static_cast<std::uint16_t>(sum % cluster_slots);
}

} // namespace winnow
