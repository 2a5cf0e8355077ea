#pragma once

#include <cstddef>

namespace winnow {

/// Decides when LightGCN's training ends, and when it settles: its last epochs take smaller steps, because
/// with the full learning rate the embeddings keep moving around the best ones.
///
/// Without settling, training ends after `patience` validations that have not gained half a percent together.
/// With it, the same standstill begins the settling. If the recall has fallen by then, it settles from the
/// embeddings of the best validation.
class lightgcn_course {
public:
  struct state {
    std::size_t looks = 0;        ///< Validations since the last notable gain.
    double gained_at = 0;         ///< Their recall at that gain.
    double best = 0;              ///< The greatest recall so far.
    double last = 0;              ///< The last one.
    std::size_t settles_from = 0; ///< The epochs before settling began; 0: it has not.
    bool returned = false; ///< Whether it began with the best embeddings, because the recall had fallen.
  };

  /// @param epochs Maximum.
  /// @param settles Whether training settles at all.
  lightgcn_course(std::size_t epochs, std::size_t patience, bool settles)
      : epochs_(epochs), patience_(patience), settles_(settles) {}

  /// Tells the recall of a validation. @return Whether its embeddings are the ones to keep: the best so far,
  /// or settled ones that are hardly worse, because a validation of few users cannot tell them apart. Those
  /// that settled from the best must be better.
  bool validated(double recall);

  /// Plans the next epoch. @param done Epochs so far. @param fits How many more fit into the time left.
  /// @return False if training ends.
  bool goes_on(std::size_t done, std::size_t fits);

  bool is_settling() const noexcept { return state_.settles_from > 0; }

  /// Whether the epoch after `done` is to begin with the embeddings of the best validation.
  bool returns_to_best(std::size_t done) const noexcept {
    return is_settling() && state_.settles_from == done && state_.returned;
  }

  /// Whether `epoch` is the last of all, as far as can be foreseen.
  bool is_last(std::size_t epoch) const noexcept;

  const state& saved() const noexcept { return state_; }

  /// Goes on from there. What settled because few epochs or little time were left does so no more if there
  /// are more now.
  void restore(const state& saved) { state_ = saved; }

  static constexpr std::size_t settling_epochs = 4; ///< At most; no more than a third of those before.
  static constexpr double settling_rate = 0.25;     ///< Of the learning rate.

private:
  bool stands_still() const noexcept { return state_.looks >= patience_; }
  bool has_fallen() const noexcept;

  std::size_t epochs_, patience_;
  bool settles_;
  state state_;
};

} // namespace winnow
