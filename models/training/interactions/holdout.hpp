#pragma once

#include "models/training/interactions/interaction_split.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace winnow {

/// Which items are held back from training.
struct holdout {
  enum class kind {
    leave_one_out, ///< Each user's last item for measuring, the one before it for validation.
    validation,    ///< Each user's last item for validation, none for measuring: for models that go live.
    ratio,         ///< Shares of each user's last items; without times, of items drawn with a seed.
  };
  kind how = kind::leave_one_out;
  double valid = 0, test = 0; ///< Shares of `ratio`; each at least 0, together below 1.
};

/// Parses `loo`, `valid` or `ratio:VALID,TEST`, and the names in `model.json`: `leave_one_out`, `none`.
/// @return `invalid_argument` that names the expected and the actual text.
result<holdout> parse_holdout(std::string_view text);

/// Whether any items are held back for measuring.
inline bool measures_something(const holdout& rule) noexcept {
  return rule.how == holdout::kind::leave_one_out || rule.test > 0;
}

/// The name in `model.json`: `leave_one_out`, `none` (none for measuring) or `ratio:VALID,TEST`.
std::string to_string(const holdout& rule);

/// Splits the interactions. @param seed Used by `ratio` if there are no times; the same seed holds back the
/// same items.
interaction_split split_by(interaction_log log, const holdout& rule, std::uint64_t seed);

/// Moves the last training item of each user with at least two to validation.
void hold_out_last(interaction_split& split);

/// Moves one training item of some users with at least two to validation, drawn with the seed.
/// @param most The largest number of users who lose an item; they are spread evenly over all.
void hold_out_some(interaction_split& split, std::size_t most, std::uint64_t seed);

} // namespace winnow
