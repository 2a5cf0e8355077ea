#pragma once

#include "models/model_set.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace winnow {

/// Returns the `count` most popular items that are wanted, best first. Adopted items, which the training did
/// not count, stand behind all trained ones: they are there where hardly any other item may be.
/// @param is_wanted Takes an item.
template<class Wanted>
std::vector<scored_item> popular_items(const model_set& models, std::size_t count, Wanted is_wanted) {
  std::vector<scored_item> found;
  const auto offer = [&](std::uint32_t item) {
    if (is_wanted(item))
      found.push_back({item, 0.0f});
  };
  for (auto item = models.popular->begin(); item != models.popular->end() && found.size() < count; ++item)
    offer(*item);
  for (auto item = models.items.trained().size(); item < models.items.size() && found.size() < count; ++item)
    offer(static_cast<std::uint32_t>(item));
  return found;
}

} // namespace winnow
