#include "actors/tracing/id_source.hpp"

#include <random>

namespace winnow {

namespace {

std::uint64_t seed() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32 ^ device();
}

} // namespace

std::uint64_t random_id() {
  static thread_local std::uint64_t state = seed();
  return nonzero(mixed(++state));
}

} // namespace winnow
