#pragma once

#include "models/model_description.hpp"
#include "models/training/interactions/holdout.hpp"
#include "models/training/interactions/row_report.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace winnow {

/// What decides which items of a file are held back for measuring.
struct measured_items {
  holdout how;
  std::uint64_t seed = 0;  ///< Of `how`.
  bool is_ordered = false; ///< Whether each user's items are in order, without which the seed decides.
  bool has_times = false;  ///< Whether that order is one of times, among which there may be ties.
  double least_rating = 0; ///< Rows with a lower rating were dropped.
  double until = 1;        ///< The share of the interactions, the earliest, of which they are held back.
  tie_order ties = tie_order::file;
};

/// The order of ties that `model.json` calls by a name; by the file for any other name.
tie_order ties_named(const std::string& name);
/// The name in `model.json`: `file` or `item`.
std::string to_string(tie_order ties);

/// Each of these returns why the models may have been trained on items by which they are measured, as
/// phrases; empty if they have not, or if that is unknown.

/// Of items that are held back from a file.
std::vector<std::string> why_seen(const training_record& training, const measured_items& measured);

/// Of a split that is given as a folder.
std::vector<std::string> why_seen_in_split(const training_record& training, double least_rating);

/// Of a replay from a share of the interactions on.
std::vector<std::string> why_seen_in_replay(const training_record& training, double from,
                                            double least_rating);

} // namespace winnow
