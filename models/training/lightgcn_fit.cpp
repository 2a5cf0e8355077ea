#include "models/training/lightgcn_fit.hpp"

#include "models/training/lightgcn_course.hpp"
#include "models/training/measured_lists.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace winnow {

namespace {

// As a counter, exactly: a rounded recall could differ from an equal one.
std::uint64_t bits_of(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

double value_of(std::uint64_t bits) {
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// The embeddings as they are now. They are propagated again at the end, so that only one copy is kept
/// meanwhile.
lightgcn_result found_now(const lightgcn_trainer& trainer, double recall) {
  lightgcn_result found;
  found.initial = trainer.initial();
  found.best_epoch = trainer.epochs();
  found.best_recall = recall;
  return found;
}

training_state state_of(const lightgcn_trainer& trainer, const lightgcn_result& best,
                        const lightgcn_course& course) {
  auto saved = trainer.save();
  const auto& progress = course.saved();
  training_state state;
  state.arrays["embeddings"] = std::move(saved.embeddings);
  state.arrays["first"] = std::move(saved.first);
  state.arrays["second"] = std::move(saved.second);
  state.arrays["best_initial"] = best.initial.values();
  state.counters = {{"epochs", saved.epochs},
                    {"steps", saved.steps},
                    {"best_epoch", best.best_epoch},
                    {"best_recall", bits_of(best.best_recall)},
                    {"l2", bits_of(trainer.l2())},
                    {"looks", progress.looks},
                    {"gained_at", bits_of(progress.gained_at)},
                    {"best_validation", bits_of(progress.best)},
                    {"last_validation", bits_of(progress.last)},
                    {"settles_from", progress.settles_from},
                    {"returned", progress.returned ? 1U : 0U}};
  return state;
}

result<void> restore(training_state& state, lightgcn_trainer& trainer, lightgcn_result& best,
                     lightgcn_course& course) {
  const auto size = trainer.save().embeddings.size();
  for (const char* name : {"embeddings", "first", "second"})
    if (state.arrays[name].size() != size)
      return fail(fault::malformed, std::string("training state: expected ") + std::to_string(size) +
                                        " numbers in " + name + ", got " +
                                        std::to_string(state.arrays[name].size()));
  trainer.restore({state.arrays["embeddings"], state.arrays["first"], state.arrays["second"],
                   state.counters["epochs"], state.counters["steps"]});
  best.best_epoch = state.counters["best_epoch"];
  if (trainer.epochs() > 0) // otherwise it begins with the start again
    course.restore({state.counters["looks"], value_of(state.counters["gained_at"]),
                    value_of(state.counters["best_validation"]), value_of(state.counters["last_validation"]),
                    state.counters["settles_from"], state.counters["returned"] != 0});
  best.best_recall = value_of(state.counters["best_recall"]);
  trainer.use_l2(value_of(state.counters["l2"]));
  if (state.arrays["best_initial"].size() == size) {
    best.initial = trainer.initial();
    best.initial.values() = state.arrays["best_initial"];
  }
  return {};
}

double validation_recall(const embedding_rows& embeddings, const interaction_split& data,
                         const lightgcn_fit_options& options, thread_team& team) {
  constexpr std::size_t enough_users = 25'000;
  return measure_lists(embeddings, data.valid, {&data.train}, options.recall_at, team, enough_users).recall;
}

std::string in_digits(const std::string& name, double value) {
  char text[32];
  std::snprintf(text, sizeof text, " %.4f", value);
  return name + text;
}

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
  std::optional<double> run() {
    constexpr double most = 8; // a range of 64
    const auto usual = trainer_.l2();
    improves(usual);
    for (double l2 = 2 * usual; l2 <= most * usual && improves(l2);)
      l2 *= 2;
    if (best_l2_ == usual)
      for (double l2 = usual / 2; l2 >= usual / most && improves(l2);)
        l2 /= 2;
    trainer_.restore(stopped_ ? begin_ : best_state_);
    trainer_.use_l2(stopped_ ? usual : best_l2_);
    if (stopped_)
      return std::nullopt;
    return best_recall_;
  }

  static constexpr std::size_t epochs = 4;

private:
  /// Whether this value is better than all before; false if the observer stopped training.
  bool improves(double l2) {
    trainer_.restore(begin_);
    trainer_.use_l2(l2);
    for (std::size_t epoch = 1; epoch <= epochs && !stopped_; ++epoch)
      stopped_ = !trainer_.run_epoch([&](std::size_t done, std::size_t total) {
        return observer_.step(epoch, done, total);
      }) || observer_.wants_state();
    if (stopped_)
      return false;
    const auto recall = validation_recall(trainer_.propagated(), data_, options_, team_);
    observer_.note(in_digits("LightGCN with L2", l2) + in_digits(": validation recall", recall) + " after " +
                   std::to_string(epochs) + " epochs");
    if (recall <= best_recall_)
      return false;
    best_recall_ = recall;
    best_l2_ = l2;
    best_state_ = trainer_.save();
    return true;
  }

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

} // namespace

result<std::optional<lightgcn_result>>
fit_lightgcn(const interaction_split& data, const lightgcn_fit_options& options, thread_team& team,
             training_observer& observer, state_keeper& keeper,
             const std::function<std::string(const embedding_rows&)>& measure) {
  lightgcn_trainer trainer(data.train, data.items.size(), options.model, team);
  lightgcn_result best;
  const bool validates = data.valid.size() > 0;
  lightgcn_course course(options.epochs, options.patience,
                         options.model.loss == pair_loss::softmax && !options.model.start);
  auto kept = keeper.load();
  if (!kept)
    return tl::unexpected(kept.error());
  if (*kept)
    if (auto restored = restore(**kept, trainer, best, course); !restored)
      return tl::unexpected(restored.error());
  if (*kept)
    observer.note("LightGCN continues after epoch " + std::to_string(trainer.epochs()));

  observer.begin_stage("LightGCN", options.epochs);
  // What another training or the closed form has reached is the recall to beat.
  if (validates && trainer.epochs() == 0 && options.model.loss == pair_loss::softmax) {
    best = found_now(trainer, validation_recall(trainer.propagated(), data, options, team));
    course.validated(best.best_recall);
    observer.note(in_digits("LightGCN: validation recall@" + std::to_string(options.recall_at) +
                                " of the embeddings to start from:",
                            best.best_recall));
  }
  // A comparison takes as long as many trainings do, so a limit of time leaves none for it.
  const bool compares = options.compares_l2 && validates && trainer.epochs() == 0 && !options.model.start &&
                        !options.model.l2 && !options.limit.is_set() &&
                        data.train.size() < lightgcn_options::many_interactions &&
                        options.model.loss == pair_loss::softmax && options.epochs > l2_comparison::epochs;
  if (compares) {
    if (const auto recall = l2_comparison(trainer, data, options, team, observer).run()) {
      if (course.validated(*recall))
        best = found_now(trainer, *recall);
    } else {
      if (observer.wants_state()) // begins the comparison again
        if (auto written = keeper.keep([&] { return state_of(trainer, best, course); }, true); !written)
          return tl::unexpected(written.error());
      return std::nullopt;
    }
  }
  time_limit::clock::duration longest{}; // epoch of this run
  const auto goes_on = [&] { return course.goes_on(trainer.epochs(), options.limit.fits(longest)); };
  while (goes_on()) {
    if (course.returns_to_best(trainer.epochs())) {
      observer.note("LightGCN settles from epoch " + std::to_string(best.best_epoch));
      trainer.go_on_from(best.initial);
    }
    trainer.use_rate(course.is_settling() ? lightgcn_course::settling_rate : 1);
    const auto begun = time_limit::clock::now();
    const auto epoch = trainer.epochs() + 1;
    const auto loss = trainer.run_epoch(
        [&](std::size_t done, std::size_t total) { return observer.step(epoch, done, total); });
    if (!loss)
      return std::nullopt;
    std::string measured;
    const bool looks_now = epoch % options.look_every(data.train) == 0 || course.is_last(epoch);
    if (looks_now && (validates || measure)) {
      auto now = trainer.propagated();
      if (validates) {
        const double recall = validation_recall(now, data, options, team);
        measured = in_digits("validation recall@" + std::to_string(options.recall_at), recall);
        if (course.validated(recall)) {
          best = found_now(trainer, recall);
        } else {
          measured += in_digits(", best", best.best_recall) + " at epoch " + std::to_string(best.best_epoch);
        }
      }
      if (measure)
        measured += (measured.empty() ? "" : ", ") + measure(now);
    }
    observer.end_epoch(epoch, *loss, measured);
    longest = std::max(longest, time_limit::clock::now() - begun);
    if (auto written = keeper.keep([&] { return state_of(trainer, best, course); },
                                   !goes_on() || observer.wants_state());
        !written)
      return tl::unexpected(written.error());
    if (observer.wants_state())
      return std::nullopt;
  }
  if (!validates || best.initial.rows() == 0)
    best = found_now(trainer, validates ? validation_recall(trainer.propagated(), data, options, team) : 0);
  best.propagated = trainer.propagated(best.initial);
  best.epochs = trainer.epochs();
  best.l2 = trainer.l2();
  if (options.model.layers > 0)
    best.fold_in = trainer.fold_in_rows(best.initial);
  observer.end_stage(validates ? in_digits("epoch " + std::to_string(best.best_epoch) + " of " +
                                               std::to_string(best.epochs) + ", validation recall@" +
                                               std::to_string(options.recall_at),
                                           best.best_recall)
                               : std::to_string(best.epochs) + " epochs");
  return best;
}

} // namespace winnow
