#pragma once

#include "models/training/interactions/interactions.hpp"

#include <cstdint>
#include <vector>

namespace winnow::test {

/// The items of each user, all at the same time.
inline item_lists lists_of(const std::vector<std::vector<std::uint32_t>>& users) {
  std::vector<interaction> pairs;
  for (std::uint32_t user = 0; user < users.size(); ++user)
    for (const auto item : users[user])
      pairs.push_back({user, item, 0});
  return item_lists::group(users.size(), pairs);
}

} // namespace winnow::test
