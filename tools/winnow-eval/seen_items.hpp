#pragma once

#include "models/training/interactions/holdout.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// What a training left out, as `model.json` records it. Models of other and of older trainers lack parts.
struct training_record {
  std::string split;                 ///< `leave_one_out`, `ratio:…`, `none` or `given`; empty: unknown.
  std::optional<std::uint64_t> seed; ///< Of the split.
  std::optional<double> min_rating;
  std::optional<double> until; ///< The share that was trained on, the earliest; 1: all.
};

/// Each of these returns why the models may have been trained on items by which they are measured, as
/// phrases; empty if they have not, or if that is unknown.

/// Of items that are held back from a file. @param seed Of `how`. @param has_times Whether the file has
/// times, without which the seed decides what is held back.
std::vector<std::string> why_seen(const training_record& training, const holdout& how, std::uint64_t seed,
                                  bool has_times, double least_rating);

/// Of a split that is given as a folder.
std::vector<std::string> why_seen_in_split(const training_record& training, double least_rating);

/// Of a replay from a share of the interactions on.
std::vector<std::string> why_seen_in_replay(const training_record& training, double from,
                                            double least_rating);

} // namespace winnow
