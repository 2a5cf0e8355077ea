#pragma once

#include "config/error.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace winnow::bench {

/// Invents about as many purchases and writes them to a CSV file with times. Each user has three favourite
/// topics of 200, from which seven items in ten come; the rest are drawn by popularity, which is Zipf-like. A
/// history has at least five items, and its length beyond that is geometric. The same seed gives the same
/// file.
result<void> write_purchases(const std::filesystem::path& file, std::size_t purchases, std::size_t users,
                             std::size_t items, std::uint64_t seed);

} // namespace winnow::bench
