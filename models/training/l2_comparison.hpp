#pragma once

#include "models/training/lightgcn_fit.hpp"

#include <optional>

namespace winnow {

/// Trains a few epochs with each of several values of L2, because the default is right to a factor of a few
/// only. Doubles it as long as that is better, or else halves it as long as that is.
class l2_comparison {
public:
  l2_comparison(lightgcn_trainer& trainer, const interaction_split& data, const lightgcn_fit_options& options,
                thread_team& team, training_observer& observer)
      : trainer_(trainer), data_(data), options_(options), team_(team), observer_(observer),
        begin_(trainer.save()), best_state_(begin_) {}

  /// Leaves the trainer after the epochs with the best value.
  /// @return The recall there; nullopt if the observer stopped training: then the trainer is as it was.
  std::optional<double> run();

  static constexpr std::size_t epochs = 4;

private:
  /// Whether this value is better than all before; false if the observer stopped training.
  bool improves(double l2);

  lightgcn_trainer& trainer_;
  const interaction_split& data_;
  const lightgcn_fit_options& options_;
  thread_team& team_;
  training_observer& observer_;
  const lightgcn_trainer::state begin_;
  lightgcn_trainer::state best_state_;
  double best_recall_ = -1, best_l2_ = 0;
  bool stopped_ = false;
};

} // namespace winnow
