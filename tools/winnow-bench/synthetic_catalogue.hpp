#pragma once

#include "models/catalogue/id_table.hpp"
#include "models/training/support/random.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace winnow::bench {

/// Invents ids like Amazon's: four in five items have an ISBN-10, the others an id like `B00X1Y2Z3A`; a
/// user's id is `A` and 13 characters.
id_table invent_item_ids(std::size_t count, random_source& random);
id_table invent_user_ids(std::size_t count, random_source& random);

/// A catalogue of items. Each item has one of 200 topics, whose sizes are Zipf-like. Its embedding is the
/// topic's centre plus noise, and longer for popular items, as in tables trained by pairwise ranking.
struct synthetic_catalogue {
  id_table ids;
  std::vector<double> weights; ///< Popularity, Zipf-like.
  std::vector<std::uint32_t> topics;
  std::vector<double> topic_shares;
  std::size_t width = 0;
  std::vector<float> embeddings; ///< Row-major, `width` wide.
  std::vector<float> features;   ///< Row-major, 3 wide: category and brand as k/100, price in [0, 1].
};

/// @param width Of the embeddings.
synthetic_catalogue invent_catalogue(std::size_t items, std::size_t width, random_source& random);

/// Users with histories of 5 to 50 items. Seven items in ten come from three favourite topics, the rest are
/// drawn by popularity.
struct synthetic_users {
  id_table ids;
  std::vector<std::vector<std::uint32_t>> histories; ///< Items, oldest first.
  std::vector<float> embeddings;                     ///< The mean of the history's items plus noise.
};

synthetic_users invent_users(std::size_t users, const synthetic_catalogue& catalogue, random_source& random);

} // namespace winnow::bench
