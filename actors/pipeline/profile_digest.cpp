#include "actors/pipeline/profile_digest.hpp"

#include <algorithm>
#include <xxhash.h>

namespace winnow {

std::uint64_t profile_digest(std::string_view content, std::string_view model_version) {
  const std::uint64_t seed = XXH3_64bits(model_version.data(), model_version.size());
  return std::max<std::uint64_t>(XXH3_64bits_withSeed(content.data(), content.size(), seed), 1);
}

} // namespace winnow
