#include "models/training/lightgcn_fit.hpp"

#include "models/training/l2_comparison.hpp"
#include "models/training/lightgcn_course.hpp"
#include "models/training/lightgcn_state.hpp"
#include "models/training/lightgcn_validation.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

using measure_function = std::function<std::string(const embedding_rows&)>;

/// One run of `fit_lightgcn`.
class lightgcn_fitting {
public:
  lightgcn_fitting(const interaction_split& data, const lightgcn_fit_options& options, thread_team& team,
                   training_observer& observer, state_keeper& keeper, const measure_function& measure)
      : data_(data), options_(options), team_(team), observer_(observer), keeper_(keeper), measure_(measure),
        trainer_(data.train, data.items.size(), options.model, team),
        course_(options.epochs, options.patience, is_softmax() && !options.model.start) {}

  result<std::optional<lightgcn_result>> run() {
    if (auto resumed = resume(); !resumed)
      return tl::unexpected(resumed.error());
    observer_.begin_stage("LightGCN", options_.epochs);
    if (trainer_.epochs() == 0)
      validate_start();
    if (compares_l2() && !compare_l2())
      return stop();
    fitting_ = options_.limit.fits(longest_);
    while (goes_on()) {
      if (!run_epoch())
        return std::nullopt;
      if (auto kept = keep(!goes_on() || observer_.wants_state()); !kept)
        return tl::unexpected(kept.error());
      if (observer_.wants_state())
        return std::nullopt;
    }
    return finish();
  }

private:
  bool is_softmax() const { return options_.model.loss == pair_loss::softmax; }
  bool validates() const { return data_.valid.size() > 0; }
  bool goes_on() { return course_.goes_on(trainer_.epochs(), fitting_); }

  result<void> resume() {
    auto kept = keeper_.load();
    if (!kept)
      return tl::unexpected(kept.error());
    if (!*kept)
      return {};
    if (auto restored = restore(**kept, trainer_, best_, course_); !restored)
      return restored;
    observer_.note("LightGCN continues after epoch " + std::to_string(trainer_.epochs()));
    return {};
  }

  result<void> keep(bool must) {
    return keeper_.keep([&] { return state_of(trainer_, best_, course_); }, must);
  }

  /// Ends a run that the observer has stopped before the first epoch, which begins again then.
  result<std::optional<lightgcn_result>> stop() {
    if (observer_.wants_state())
      if (auto kept = keep(true); !kept)
        return tl::unexpected(kept.error());
    return std::nullopt;
  }

  double recall_of(const embedding_rows& propagated) {
    return validation_recall(propagated, data_, options_, team_);
  }

  /// Keeps the embeddings as they are now. They are propagated again at the end, so that only one copy is
  /// kept meanwhile.
  void take_as_best(double recall) {
    best_.initial = trainer_.initial();
    best_.best_epoch = trainer_.epochs();
    best_.best_recall = recall;
  }

  /// What another training or the closed form has reached is the recall to beat.
  void validate_start() {
    if (!validates() || !is_softmax())
      return;
    take_as_best(recall_of(trainer_.propagated()));
    course_.validated(best_.best_recall);
    observer_.note(in_digits("LightGCN: validation recall@" + std::to_string(options_.recall_at) +
                                 " of the embeddings to start from:",
                             best_.best_recall));
  }

  /// A comparison takes as long as many trainings do, so a limit of time leaves none for it.
  bool compares_l2() const {
    return options_.compares_l2 && validates() && trainer_.epochs() == 0 && !options_.model.start &&
           !options_.model.l2 && !options_.limit.is_set() &&
           data_.train.size() < lightgcn_options::many_interactions && is_softmax() &&
           options_.epochs > l2_comparison::epochs;
  }

  /// @return False if the observer stopped training.
  bool compare_l2() {
    const auto recall = l2_comparison(trainer_, data_, options_, team_, observer_).run();
    if (recall && course_.validated(*recall))
      take_as_best(*recall);
    return recall.has_value();
  }

  /// @return False if the observer stopped training.
  bool run_epoch() {
    if (course_.returns_to_best(trainer_.epochs())) {
      observer_.note("LightGCN settles from epoch " + std::to_string(best_.best_epoch));
      trainer_.go_on_from(best_.initial);
    }
    trainer_.use_rate(course_.is_settling() ? lightgcn_course::settling_rate : 1);
    const auto begun = time_limit::clock::now();
    const auto epoch = trainer_.epochs() + 1;
    const auto loss = trainer_.run_epoch(
        [&](std::size_t done, std::size_t total) { return observer_.step(epoch, done, total); });
    if (!loss)
      return false;
    longest_ = std::max(longest_, time_limit::clock::now() - begun);
    fitting_ = options_.limit.fits(longest_);
    // What is not validated is not kept, so the last epoch must be, also the last one that the limit leaves.
    const bool looks_now =
        epoch % options_.look_every(data_.train) == 0 || course_.is_last(epoch) || fitting_ == 0;
    observer_.end_epoch(epoch, *loss, looks_now ? look() : std::string());
    longest_ = std::max(longest_, time_limit::clock::now() - begun); // with the validation
    return true;
  }

  /// Measures the embeddings as they are now. @return What was measured, in words.
  std::string look() {
    if (!validates() && !measure_)
      return {};
    const auto& now = trainer_.propagated();
    std::string measured;
    if (validates()) {
      const double recall = recall_of(now);
      measured = in_digits("validation recall@" + std::to_string(options_.recall_at), recall);
      if (course_.validated(recall))
        take_as_best(recall);
      else
        measured += in_digits(", best", best_.best_recall) + " at epoch " + std::to_string(best_.best_epoch);
    }
    if (measure_)
      measured += (measured.empty() ? "" : ", ") + measure_(now);
    return measured;
  }

  lightgcn_result finish() {
    if (!validates() || best_.initial.rows() == 0)
      take_as_best(validates() ? recall_of(trainer_.propagated()) : 0);
    trainer_.end_steps();
    best_.propagated = trainer_.propagated(best_.initial);
    best_.epochs = trainer_.epochs();
    best_.l2 = trainer_.l2();
    if (options_.model.layers > 0)
      best_.fold_in = trainer_.fold_in_rows(best_.initial);
    observer_.end_stage(validates() ? in_digits("epoch " + std::to_string(best_.best_epoch) + " of " +
                                                    std::to_string(best_.epochs) + ", validation recall@" +
                                                    std::to_string(options_.recall_at),
                                                best_.best_recall)
                                    : std::to_string(best_.epochs) + " epochs");
    return std::move(best_);
  }

  const interaction_split& data_;
  const lightgcn_fit_options& options_;
  thread_team& team_;
  training_observer& observer_;
  state_keeper& keeper_;
  const measure_function& measure_;
  lightgcn_trainer trainer_;
  lightgcn_result best_;
  lightgcn_course course_;
  time_limit::clock::duration longest_{}; ///< Epoch of this run.
  std::size_t fitting_ = 0;               ///< Epochs of the time left, as of the end of the last one.
};

} // namespace

result<std::optional<lightgcn_result>> fit_lightgcn(const interaction_split& data,
                                                    const lightgcn_fit_options& options, thread_team& team,
                                                    training_observer& observer, state_keeper& keeper,
                                                    const measure_function& measure) {
  return lightgcn_fitting(data, options, team, observer, keeper, measure).run();
}

} // namespace winnow
