#pragma once

#include <cstdint>

namespace winnow {

/// Mixes the bits of a number so that consecutive ones have nothing in common (splitmix64); bijective.
constexpr std::uint64_t mixed(std::uint64_t number) noexcept {
  number *= 0x9E3779B97F4A7C15u;
  number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9u;
  number = (number ^ (number >> 27)) * 0x94D049BB133111EBu;
  return number ^ (number >> 31);
}

/// Zero is no valid id.
constexpr std::uint64_t nonzero(std::uint64_t id) noexcept {
  return id == 0 ? 1 : id;
}

/// A random id, not zero. Thread-safe and without a lock.
std::uint64_t random_id();

} // namespace winnow
