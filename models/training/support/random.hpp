#pragma once

#include <cmath>
#include <cstdint>

namespace winnow {

/// Random numbers that depend on the seed alone, on every machine; the standard library's distributions do
/// not promise that. xoshiro256** by Blackman and Vigna (2018), seeded by splitmix64.
class random_source {
public:
  explicit random_source(std::uint64_t seed) {
    for (auto& word : state_)
      word = split_mix(seed);
  }

  std::uint64_t bits() {
    const auto out = rotated(state_[1] * 5, 7) * 9;
    const auto shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotated(state_[3], 45);
    return out;
  }

  /// A whole number below `bound` (1 to 2^32). Lemire's multiplication; its bias is below 2^-32.
  std::uint32_t below(std::uint64_t bound) {
    return static_cast<std::uint32_t>((bits() >> 32U) * bound >> 32U);
  }

  /// Uniform in [0, 1).
  double uniform() { return static_cast<double>(bits() >> 11U) * 0x1p-53; }

  /// Standard normal (Box and Muller 1958).
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }

private:
  static std::uint64_t split_mix(std::uint64_t& at) {
    at += 0x9e3779b97f4a7c15;
    auto z = at;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111eb;
    return z ^ (z >> 31U);
  }
  static std::uint64_t rotated(std::uint64_t word, unsigned by) { return word << by | word >> (64U - by); }

  std::uint64_t state_[4];
};

/// The stream of one epoch of a run, so that a resumed run draws what an uninterrupted one would have drawn.
inline random_source stream_of(std::uint64_t seed, std::uint64_t epoch) {
  return random_source(seed * 0x9e3779b97f4a7c15 + epoch + 1);
}

} // namespace winnow
