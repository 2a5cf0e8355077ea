#include "actors/pipeline/profile_digest.hpp"

#include "models/rules/shop_rules.hpp"

#include <algorithm>
#include <string>
#include <xxhash.h>

namespace winnow {

namespace {

// Change it if lists are computed differently: then all of them are due.
constexpr std::uint64_t generation = 1;

} // namespace

std::uint64_t content_digest(std::string_view content) {
  return XXH3_64bits(content.data(), content.size());
}

std::uint64_t list_basis(std::string_view model_version, const cascade_widths& widths, bool degraded,
                         std::uint64_t rules) {
  const std::uint64_t numbers[] = {generation, widths.candidates, widths.din_keep, widths.ranknet_keep,
                                   degraded ? 1U : 0U};
  const auto basis = XXH3_64bits_withSeed(numbers, sizeof numbers, content_digest(model_version));
  return rules == 0 ? basis : XXH3_64bits_withSeed(&rules, sizeof rules, basis);
}

std::uint64_t plain_digest_of(const std::shared_ptr<const shop_rules>& rules) {
  return rules ? rules->plain_digest : 0;
}

std::uint64_t profile_digest(std::uint64_t content, std::uint64_t basis) {
  return std::max<std::uint64_t>(XXH3_64bits_withSeed(&content, sizeof content, basis), 1);
}

} // namespace winnow
