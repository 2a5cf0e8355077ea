#include "models/trials/model_trials.hpp"

#include "models/model_set.hpp"

#include <algorithm>
#include <xxhash.h>

namespace winnow {

std::uint64_t model_trials::division() const {
  if (!running)
    return 0;
  const auto seed = XXH3_64bits(running->salt.data(), running->salt.size());
  auto digest = XXH3_64bits_withSeed(running->buckets.data(), running->buckets.size(), seed);
  for (const auto& models : arms) {
    const std::string version = models ? models->version : std::string();
    digest = XXH3_64bits_withSeed(version.data(), version.size(), digest);
  }
  return std::max<std::uint64_t>(digest, 1);
}

bool model_trials::takes_part(std::string_view user_id, std::string_view placement, double share) const {
  if (!running)
    return false;
  const auto salt = running->salt + "/" + std::string(placement);
  return static_cast<double>(bucket_of(salt, user_id)) < share * static_cast<double>(bucket_count);
}

} // namespace winnow
