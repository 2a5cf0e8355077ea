#pragma once

#include "models/recall/scored_item.hpp"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace winnow {

class item_attributes;
class item_choice;
struct model_set;

/// The attributes of a row, as below.
nlohmann::ordered_json attributes_json(const item_attributes& attributes, std::uint32_t row,
                                       const std::vector<std::string>& names);

/// The attributes of an item as JSON: numbers, booleans, texts, and arrays of labels. Missing ones are left
/// out. @param names Those that are wanted; empty: all.
nlohmann::ordered_json attributes_json(const model_set& models, std::uint32_t item,
                                       const std::vector<std::string>& names);

/// Which counts popularity goes by.
enum class popularity_window {
  all,    ///< How often items were taken at all.
  recent, ///< How often lately, see `fading_counts`.
};

/// The items that were taken most, with their counts, most first; ties by index. Items that nobody took are
/// left out, as are withheld ones. Empty if the models do not have the counts.
/// @param allowed The items that may be among them; null: all.
std::vector<scored_item> most_taken(const model_set& models, popularity_window window, std::size_t count,
                                    const item_choice* allowed = nullptr);

} // namespace winnow
