#pragma once

#include "models/training/interactions/interaction_split.hpp"

#include <string>
#include <string_view>

namespace winnow {

/// What is held back from training, and how.
struct holdout {
  enum class kind {
    leave_one_out, ///< Each user's last item to measure, the one before to validate.
    validation,    ///< Each user's last item to validate; nothing to measure: for what goes live.
    ratio,         ///< Shares of each user's last items; where there are no times, of items drawn by a seed.
  };
  kind how = kind::leave_one_out;
  double valid = 0, test = 0; ///< Shares of `ratio`, from 0; together below 1.
};

/// Reads `loo`, `valid` or `ratio:VALID,TEST`, and what `model.json` says: `leave_one_out`, `none`.
/// @return `invalid_argument` with what was expected and what came.
result<holdout> parse_holdout(std::string_view text);

/// Whether there is anything to measure with.
inline bool measures_something(const holdout& parting) noexcept {
  return parting.how == holdout::kind::leave_one_out || parting.test > 0;
}

/// As `model.json` says it: `leave_one_out`, `none` (nothing to measure) or `ratio:VALID,TEST`.
std::string to_string(const holdout& parting);

/// Parts the interactions. @param seed For `ratio` where there are no times: the same seed, the same items
/// held back.
interaction_split part(interaction_log log, const holdout& parting, std::uint64_t seed);

/// Each user's last training item becomes his validation item, if he has another.
void hold_out_last(interaction_split& split);

} // namespace winnow
