#include "models/training/lightgcn_state.hpp"

#include <cstring>
#include <string>
#include <utility>

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

} // namespace

state_to_keep state_of(const lightgcn_trainer& trainer, const lightgcn_result& best,
                       const lightgcn_course& course) {
  const auto& progress = course.saved();
  state_to_keep state;
  state.arrays["embeddings"] = trainer.initial().values();
  state.arrays["first"] = trainer.first_moments().values();
  state.arrays["second"] = trainer.second_moments().values();
  state.arrays["best_initial"] = best.initial.values();
  state.counters = {{"epochs", trainer.epochs()},
                    {"steps", trainer.steps()},
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
  const auto size = trainer.initial().values().size();
  for (const char* name : {"embeddings", "first", "second"})
    if (state.arrays[name].size() != size)
      return fail(fault::malformed, std::string("training state: expected ") + std::to_string(size) +
                                        " numbers in " + name + ", got " +
                                        std::to_string(state.arrays[name].size()));
  trainer.restore({std::move(state.arrays["embeddings"]), std::move(state.arrays["first"]),
                   std::move(state.arrays["second"]), state.counters["epochs"], state.counters["steps"]});
  best.best_epoch = state.counters["best_epoch"];
  if (trainer.epochs() > 0) // otherwise it begins with the start again
    course.restore({state.counters["looks"], value_of(state.counters["gained_at"]),
                    value_of(state.counters["best_validation"]), value_of(state.counters["last_validation"]),
                    state.counters["settles_from"], state.counters["returned"] != 0});
  best.best_recall = value_of(state.counters["best_recall"]);
  trainer.use_l2(value_of(state.counters["l2"]));
  if (state.arrays["best_initial"].size() == size) {
    best.initial = trainer.initial();
    best.initial.values() = std::move(state.arrays["best_initial"]);
  }
  return {};
}

} // namespace winnow
