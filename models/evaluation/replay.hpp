#pragma once

#include "config/error.hpp"
#include "config/settings/values/cascade_widths.hpp"
#include "models/learning/learning_options.hpp"
#include "models/learning/user_marks.hpp"
#include "models/model_set.hpp"
#include "models/training/interactions/interactions.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

struct replay_options {
  double from = 0.6;  ///< Share of the events, in the order of time, before the first that is asked for.
  std::size_t k = 10; ///< Length of the measured lists.
  std::size_t least_history = 2; ///< Of a user before an event, so that it is asked for.
  std::size_t ask_every = 1;     ///< Asks for every n-th of the events; all are told.
  double learn_interval = 1;     ///< Seconds between two versions of what was learned, in the events' time.
  cascade_settings widths;       ///< Unset: the models'.
  learning_options learning;
};

/// The quality of lists for some events, each of which has one wanted item.
struct replay_quality {
  std::size_t events = 0;
  double hits = 0;  ///< Lists that contain the item.
  double gains = 0; ///< Sum of 1 / log2(place + 2).

  double hit_rate() const { return events == 0 ? 0 : hits / static_cast<double>(events); }
  double ndcg() const { return events == 0 ? 0 : gains / static_cast<double>(events); }
};

/// How one way of serving did.
struct replay_run {
  std::string name; ///< `frozen` or `live`
  replay_quality all, known_items, new_items, known_users, new_users;
  std::vector<replay_quality> slices; ///< Of equal parts of the time.
  double seconds = 0;                 ///< Of the whole run.
  std::size_t adopted = 0;            ///< Items at the end.
};

struct replay_result {
  std::int64_t begin = 0, end = 0;  ///< Unix seconds: the time that was asked for.
  std::size_t told = 0;             ///< Events in this time.
  std::size_t items = 0, users = 0; ///< That the models know.
  std::size_t k = 0;
  cascade_widths widths;
  std::vector<replay_run> runs;
};

/// Replays interactions by time through the code that serves: asks for each event's user what the list would
/// be, then tells the event. Runs twice: with the models as they are, and with what is learned from the
/// events. In both, users are served by their histories so far.
/// @param log Whole, with times. An event counts as new to the models if its item is not in their catalogue.
/// @param counted See `live_learner`.
/// @return An error if the log has no times, no event is to be asked for, or a stage fails.
result<replay_result> replay(const model_set_ptr& models, const interaction_log& log,
                             const std::optional<user_marks>& counted, const replay_options& options);

} // namespace winnow
