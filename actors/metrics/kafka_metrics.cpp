#include "actors/metrics/kafka_metrics.hpp"

#include "actors/metrics/metric_families.hpp"

#include <array>

namespace winnow {

namespace {

// Kept apart from the parser's names, because metrics/ is below kafka/. A test compares them.
constexpr std::array<std::string_view, 11> outcomes{"stored",        "known",     "too_old",     "empty",
                                                    "not_json",      "bad_user",  "bad_history", "bad_item",
                                                    "bad_timestamp", "too_large", "refused"};
constexpr std::array<std::string_view, 4> pauses{"store", "pipeline", "listing", "draining"};

} // namespace

kafka_metrics::kafka_metrics(prometheus::Registry& registry)
    : messages_(counters(registry, "winnow_kafka_messages_total",
                         "Messages of Kafka that were dealt with, by what became of them."),
                {"outcome"}),
      commits_(counters(registry, "winnow_kafka_commits_total", "Commits of offsets."), {"outcome"}),
      dead_letters_(counters(registry, "winnow_kafka_dead_letters_total",
                             "Messages that could not be used and were sent to the topic for such."),
                    {"outcome"}),
      results_(counters(registry, "winnow_kafka_results_total", "Stored lists sent to the topic of results."),
               {"outcome"}),
      paused_(gauges(registry, "winnow_kafka_paused", "1: nothing is read from Kafka, for this reason."),
              {"reason"}),
      rebalances_(counter(registry, "winnow_kafka_rebalances_total",
                          "Times that partitions were assigned to this daemon or taken from it.")),
      errors_(counter(registry, "winnow_kafka_errors_total",
                      "Errors of the connections to Kafka, of the group or of the topic.")),
      enabled_(gauge(registry, "winnow_kafka_enabled", "1: the settings switch Kafka on.")),
      connected_(gauge(registry, "winnow_kafka_connected", "1: a broker is connected.")),
      partitions_(gauge(registry, "winnow_kafka_partitions", "Partitions that this daemon reads.")),
      lag_(gauge(registry, "winnow_kafka_lag_messages",
                 "Messages of these partitions that are not stored yet.")) {
  for (const auto outcome : outcomes)
    messages_.expose({outcome});
  for (const auto reason : pauses)
    paused_.expose({reason});
  for (const auto* outcome : {"ok", "failed"})
    commits_.expose({outcome});
  for (auto* family : {&dead_letters_, &results_})
    for (const auto* outcome : {"delivered", "failed"})
      family->expose({outcome});
  results_.expose({"dropped"});
}

void kafka_metrics::messages(std::string_view outcome, std::size_t count) {
  if (count > 0)
    messages_.at({outcome}).Increment(static_cast<double>(count));
}

void kafka_metrics::committed(std::uint64_t done, std::uint64_t failed) {
  if (done > 0)
    commits_.at({"ok"}).Increment(static_cast<double>(done));
  if (failed > 0)
    commits_.at({"failed"}).Increment(static_cast<double>(failed));
}

void kafka_metrics::rebalanced(std::uint64_t further) {
  if (further > 0)
    rebalances_.Increment(static_cast<double>(further));
}

void kafka_metrics::failed(std::uint64_t further) {
  if (further > 0)
    errors_.Increment(static_cast<double>(further));
}

void kafka_metrics::dead_letter(bool delivered) {
  dead_letters_.at({delivered ? "delivered" : "failed"}).Increment();
}

void kafka_metrics::result(std::string_view outcome) {
  results_.at({outcome}).Increment();
}

void kafka_metrics::holds(std::size_t partitions, std::int64_t lag) {
  partitions_.Set(static_cast<double>(partitions));
  lag_.Set(static_cast<double>(lag));
}

void kafka_metrics::paused(std::string_view reason) {
  for (const auto one : pauses)
    paused_.at({one}).Set(one == reason ? 1 : 0);
}

} // namespace winnow
