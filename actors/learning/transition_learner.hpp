#pragma once

#include "actors/interfaces.hpp"
#include "actors/learning/learning_backlog.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/status/actor_record.hpp"
#include "actors/status/fleet_board.hpp"
#include "config/settings/settings.hpp"
#include "models/learning/live_learner.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// The learner's settings and shared objects.
struct learner_parts {
  learning_settings options;
  supervisor_actor supervisor; ///< Told of new versions of the models.
  std::shared_ptr<metrics> meters;
  actor_record_ptr record = std::make_shared<actor_record>();
  std::shared_ptr<learning_backlog> backlog = std::make_shared<learning_backlog>();
  fleet_board_ptr board = {}; ///< Null without a fleet.
};

/// The learner's interface, including the messages that it sends to itself.
using transition_learner_self = transition_learner_actor::extend<
    // It is time to publish.
    caf::reacts_to<flush_atom>,
    // It is time to look after the state and the feature file.
    caf::reacts_to<tick_atom>>;

/// Learns from changed profiles and publishes models that know what was learned, at most once per
/// `learn_interval`, and so that publishing takes at most a fifth of its time. Keeps what it learned in a
/// file beside the models.
struct transition_learner_state {
  static inline const char* name = "transition_learner";

  explicit transition_learner_state(transition_learner_self::pointer owner) : self_(owner) {}

  void start(learner_parts parts);
  /// Starts over if these are other models.
  void wire(const neighbours_ptr& neighbours);
  void learn(const changed_profiles& batch);
  count_reply forget(const std::string& user_id);
  void forget_all(const std::vector<std::string>& user_ids);
  void publish_as_due();
  model_set_ptr relearned(); ///< Publishes at once. Returns what was published last; null if nothing was.
  void look_after();         ///< Reads new features and saves the state, each if it is due.
  void save();
  actor_status_ptr status() const;

private:
  void publish();
  void begin(const model_set_ptr& models);
  void restore();
  void publish_when_due();
  void read_features();
  void note_problem(const char* what, const error& problem);
  void report();
  void show_digest();
  std::filesystem::path state_file() const;

  transition_learner_self::pointer self_;
  learner_parts parts_;
  std::string version_;                 ///< Of the models; empty before the first.
  std::optional<live_learner> learner_; ///< nullopt if there is nothing to learn from or on.
  model_set_ptr published_;             ///< Null if nothing was published yet.
  bool publishing_ = false;             ///< A message that publishes is on its way.
  bool unsaved_ = false;
  std::size_t adopted_ = 0; ///< Items of which the log knows.
  steady_clock::time_point next_publish_{}, next_save_{};
  std::string problem_; ///< With the state or the feature file, as logged last.
};

/// @note Blocks while it reads and writes files. Must be spawned with `caf::detached`.
transition_learner_self::behavior_type
transition_learner(transition_learner_self::stateful_pointer<transition_learner_state> self,
                   learner_parts parts);

} // namespace winnow
