#include "actors/metrics/poller_metrics.hpp"

#include "actors/metrics/metric_families.hpp"
#include "config/all_faults.hpp"

namespace winnow {

poller_metrics::poller_metrics(prometheus::Registry& registry)
    : seen_(counter(registry, "winnow_poller_profiles_seen_total", "Profiles looked at.")),
      changed_(
          counter(registry, "winnow_poller_profiles_changed_total", "Profiles whose list was computed.")),
      unchanged_(
          counter(registry, "winnow_poller_profiles_unchanged_total", "Profiles that needed no new list.")),
      repaired_(counter(registry, "winnow_poller_lists_repaired_total",
                        "Lists that were computed again because the stored one was lost or overwritten.")),
      failed_(counters(registry, "winnow_poller_profiles_failed_total",
                       "Profiles without a new list, by reason."),
              {"reason"}),
      retries_(counters(registry, "winnow_poller_retries_total",
                        "Profiles put back to be tried again, by what was in the way."),
               {"reason"}),
      pending_(gauge(registry, "winnow_poller_pending_profiles", "Profiles that wait to be looked at.")),
      incomplete_(gauge(registry, "winnow_poller_incomplete_lists",
                        "Stored lists that lack a ranking stage and will be computed again.")),
      sweep_duration_(histograms(registry, "winnow_poller_sweep_duration_seconds",
                                 "Time to list all profiles of the store.")
                          .Add({}, duration_buckets())),
      tracking_(
          gauge(registry, "winnow_poller_tracking", "1: the store announces changes; 0: it is swept.")) {
  for (const auto cause : all_faults) {
    failed_.expose({to_string(cause)});
    retries_.expose({to_string(cause)});
  }
}

void poller_metrics::seen(std::size_t profiles) {
  seen_.Increment(static_cast<double>(profiles));
}

void poller_metrics::changed() {
  changed_.Increment();
}

void poller_metrics::unchanged() {
  unchanged_.Increment();
}

void poller_metrics::repaired() {
  repaired_.Increment();
}

void poller_metrics::failed(std::string_view reason) {
  failed_.at({reason}).Increment();
}

void poller_metrics::retried(std::string_view reason) {
  retries_.at({reason}).Increment();
}

void poller_metrics::pending(std::size_t profiles) {
  pending_.Set(static_cast<double>(profiles));
}

void poller_metrics::incomplete(std::size_t lists) {
  incomplete_.Set(static_cast<double>(lists));
}

void poller_metrics::swept(std::chrono::nanoseconds took) {
  sweep_duration_.Observe(to_seconds(took));
}

void poller_metrics::tracking(bool live) {
  tracking_.Set(live ? 1 : 0);
}

} // namespace winnow
