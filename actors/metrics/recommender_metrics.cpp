#include "actors/metrics/recommender_metrics.hpp"

#include "actors/metrics/metric_families.hpp"
#include "config/all_faults.hpp"

namespace winnow {

recommender_metrics::recommender_metrics(prometheus::Registry& registry)
    : requests_(
          counters(registry, "winnow_recommender_requests_total", "Lists asked for, by origin and outcome."),
          {"origin", "outcome"}),
      duration_(histograms(registry, "winnow_recommender_duration_seconds",
                           "Time from a request's arrival in the pipeline to its stored list."),
                {"origin"}, duration_buckets()),
      sources_(counters(registry, "winnow_recommender_sources_total",
                        "Where candidates came from; history_mean and popular are fall-backs."),
               {"source"}),
      degraded_(counters(registry, "winnow_recommender_degraded_total",
                         "Lists without a ranking stage, by stage and reason."),
                {"stage", "reason"}),
      truncated_(counter(registry, "winnow_recommender_truncated_total",
                         "Lists computed from the newest items of a history that is too long.")),
      in_flight_(gauge(registry, "winnow_recommender_in_flight", "Requests in the pipeline.")) {
  for (const auto cause : all_faults) {
    const auto reason = to_string(cause);
    for (const char* origin : {"http", "poller"})
      requests_.expose({origin, reason});
    for (const char* stage : {"din", "ranknet"}) // no list exists without candidate generation
      degraded_.expose({stage, reason});
  }
}

void recommender_metrics::request(std::string_view origin, std::string_view outcome,
                                  std::chrono::nanoseconds took) {
  requests_.at({origin, outcome}).Increment();
  duration_.at({origin}).Observe(to_seconds(took));
}

void recommender_metrics::source(std::string_view source) {
  sources_.at({source}).Increment();
}

void recommender_metrics::degraded(std::string_view stage, std::string_view reason) {
  degraded_.at({stage, reason}).Increment();
}

void recommender_metrics::truncated() {
  truncated_.Increment();
}

void recommender_metrics::in_flight(std::size_t count) {
  in_flight_.Set(static_cast<double>(count));
}

} // namespace winnow
