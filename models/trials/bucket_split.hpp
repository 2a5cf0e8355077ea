#pragma once

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <string_view>
#include <vector>

namespace winnow {

/// Users are divided into this many buckets, so that shares are exact to a hundredth of a percent.
inline constexpr std::size_t bucket_count = 10'000;

/// The bucket of a user: always the same for the same salt, and as good as random for another one.
std::size_t bucket_of(std::string_view salt, std::string_view user_id);

/// In `bucket_split`, of a bucket that nobody has yet.
inline constexpr std::uint8_t no_arm = 0xFF;

/// Divides the buckets by weights. Of the earlier division, each arm keeps as many buckets as its new share
/// has room for, so that no other division moves fewer users.
/// @param weights By arm; positive, fewer than `no_arm`.
/// @param before The arm of each bucket until now, or `no_arm`; empty if there was none.
/// @return The arm of each bucket.
std::vector<std::uint8_t> split_buckets(gsl::span<const double> weights,
                                        const std::vector<std::uint8_t>& before = {});

} // namespace winnow
