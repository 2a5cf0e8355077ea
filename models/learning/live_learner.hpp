#pragma once

#include "models/catalogue/fading_counts.hpp"
#include "models/learning/adopted_shelf.hpp"
#include "models/learning/adoption_candidates.hpp"
#include "models/learning/learning_options.hpp"
#include "models/learning/user_marks.hpp"
#include "models/model_set.hpp"

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// What the learner did with a history.
struct learning_outcome {
  enum class kind {
    learned,   ///< `items` of it were new, maybe none.
    first,     ///< The training knew the user; what is in the history now counts as known.
    rewritten, ///< The history is not a continuation of the known one; nothing was learned.
    no_room,   ///< More users than `most_users`; nothing was learned.
  };
  kind what = kind::learned;
  std::size_t items = 0;
};

/// `learned`, `first`, `rewritten` or `no_room`.
std::string_view to_string(learning_outcome::kind what) noexcept;

/// Learns from changed histories while the models serve: counts transitions between items as the training
/// does, and adopts new items once enough users took them. One thread.
///
/// Events fade by weighing new ones more: an event at time t counts 2^((t - t0) / half-life) (as in Cormode
/// et al. 2009, "Forward decay"), so that nothing that was counted before must be touched.
class live_learner {
public:
  /// @param trained Models with transitions, and without anything learned.
  /// @param counted How far the training counted the users' histories; nullopt if unknown. Then what is first
  ///   seen of a user whom the training knew counts as known.
  live_learner(model_set_ptr trained, const learning_options& options, std::optional<user_marks> counted);

  /// Learns what is new in a user's history.
  /// @param history Item ids, oldest first.
  /// @param now In seconds, since any time; does not go back.
  learning_outcome learn(std::string_view user_id, gsl::span<const std::string> history, double now);

  /// Forgets what names the user: how far the history was counted, and what the user took of items that wait
  /// to be adopted. Counts, which name nobody, stay.
  /// @return How many records there were.
  std::size_t forget(std::string_view user_id);

  /// Whether something was learned since the last `publish`.
  bool has_news() const noexcept { return !gains_.empty() || taken_changed_ || shelf_.is_outdated(); }

  /// Returns the models with everything that was learned so far.
  model_set_ptr publish();

  /// Reads feature rows of adopted items, see `adopted_shelf::read_features`.
  result<void> read_features() { return shelf_.read_features(); }

  /// Adds what was learned to the pages without publishing it, so that it takes less memory.
  void settle();

  /// The models that it learns on top of.
  const model_set& trained() const noexcept { return *trained_; }

  void save(state_writer& into) const;
  /// Continues what `save` wrote with the same models. @return False, and nothing has changed, if something
  /// is missing.
  bool restore(state_reader& from);
  /// How many items `restore` left out because none may have such an id.
  std::size_t left_out() const noexcept { return left_out_; }

  /// A digest of how far the histories were counted and of what was adopted, in whatever order: learners of
  /// the same models that have seen the same histories have the same one. Says nothing of the counts, which
  /// fade by each learner's own clock.
  std::uint64_t digest();

  std::size_t users() const noexcept { return marks_.size(); }
  std::size_t adopted() const noexcept { return shelf_.size(); }
  std::size_t candidates() const noexcept { return candidates_.size(); }
  std::size_t transitions() const noexcept { return pages_.size(); }
  std::size_t waiting_gains() const noexcept { return gains_.size(); }
  bool is_shelf_full() const noexcept { return shelf_.size() >= options_.most_adopted; }

private:
  std::optional<std::uint32_t> find(std::string_view item_id) const;
  void take(std::string_view user_id, gsl::span<const std::string_view> history, std::size_t from);
  std::optional<std::uint32_t> take_unknown(std::string_view item_id, item_event event);
  void count(std::uint32_t item, const item_event& event);
  float damping_of(std::uint32_t item) const;
  void set_time(double now);
  void refresh_damping();
  void rebase();

  model_set_ptr trained_;
  learning_options options_;
  std::vector<float> gap_weights_; ///< By gap - 1.

  bool knows_counted_; ///< Whether users without a mark are new.
  user_marks marks_;
  adoption_candidates candidates_;
  adopted_shelf shelf_;
  std::size_t left_out_ = 0;
  std::shared_ptr<const adopted_items> adopted_;
  std::uint64_t adopted_digest_ = 0; ///< Of the first `digested_` items on the shelf.
  std::size_t digested_ = 0;

  transition_pages pages_;
  std::vector<transition_gain> gains_;  ///< Not in the pages yet.
  std::vector<float> taken_;            ///< By item: how often it was taken since the training.
  std::vector<float> damping_;          ///< By item, see `learned_transitions::damping`.
  std::optional<fading_counts> recent_; ///< By item; nullopt if the training has no such counts.
  bool taken_changed_ = false;
  float trained_share_ = 1;
  double time_zero_ = 0, time_ = 0; ///< `time_zero_`: of an event that counts 1.
  bool has_time_ = false;
  float growth_ = 1;            ///< What an event counts now.
  float growth_at_damping_ = 1; ///< When `damping_` was last computed for all items.
};

} // namespace winnow
