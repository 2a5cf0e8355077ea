#include "actors/metrics/learner_metrics.hpp"

#include "actors/metrics/metric_families.hpp"

namespace winnow {

namespace {

prometheus::Counter& saves(prometheus::Registry& registry, const char* outcome) {
  return counters(registry, "winnow_learner_saves_total",
                  "Times that what was learned was written to its file.")
      .Add({{"outcome", outcome}});
}

} // namespace

learner_metrics::learner_metrics(prometheus::Registry& registry)
    : profiles_(counters(registry, "winnow_learner_profiles_total",
                         "Changed profiles, by what the learner made of them."),
                {"outcome"}),
      items_(counter(registry, "winnow_learner_items_total", "New items in profiles that were learned.")),
      publications_(histograms(registry, "winnow_learner_publication_seconds",
                               "Time to publish a version of what was learned.")
                        .Add({}, duration_buckets())),
      saves_(saves(registry, "ok")), failed_saves_(saves(registry, "failed")),
      transitions_(gauge(registry, "winnow_learner_transitions", "Transitions learned since the training.")),
      users_(gauge(registry, "winnow_learner_users", "Users whose counted history is known.")),
      adopted_(gauge(registry, "winnow_learner_adopted_items",
                     "Items adopted since the training, because enough users took them.")),
      candidates_(gauge(registry, "winnow_learner_candidate_items",
                        "Items that the catalogue lacks and that wait for more users.")) {
  for (const auto* outcome : {"learned", "first", "rewritten", "no_room", "skipped"})
    profiles_.expose({outcome});
}

void learner_metrics::profile(std::string_view outcome, std::size_t items) {
  profiles_.at({outcome}).Increment();
  if (items > 0)
    items_.Increment(static_cast<double>(items));
}

void learner_metrics::skipped() {
  profiles_.at({"skipped"}).Increment();
}

void learner_metrics::published(std::chrono::nanoseconds took) {
  publications_.Observe(to_seconds(took));
}

void learner_metrics::saved(bool done) {
  (done ? saves_ : failed_saves_).Increment();
}

void learner_metrics::holds(std::size_t transitions, std::size_t users, std::size_t adopted,
                            std::size_t candidates) {
  transitions_.Set(static_cast<double>(transitions));
  users_.Set(static_cast<double>(users));
  adopted_.Set(static_cast<double>(adopted));
  candidates_.Set(static_cast<double>(candidates));
}

} // namespace winnow
