#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/status/actor_record.hpp"
#include "actors/status/health_board.hpp"
#include "config/settings/values/cascade_widths.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <optional>
#include <vector>

namespace winnow {

/// Renders the metrics. For the JSON form it counts the store's keys page by page. The store walks through
/// all its keys for that, so a count is reused for a time proportional to its duration.
struct metrics_aggregator_state {
  static inline const char* name = "metrics_aggregator";

  explicit metrics_aggregator_state(metrics_aggregator_actor::pointer owner) : self_(owner) {}
  ~metrics_aggregator_state(); ///< Answers the callers that still wait for a count with an error.

  caf::result<std::string> render(metrics_form form);

  metrics_aggregator_actor::pointer self_;
  std::shared_ptr<metrics> metrics_;
  std::shared_ptr<health_board> health_;
  actor_record_ptr record_;
  neighbours_ptr neighbours_;
  /// Set: the text also has the former service's metrics.
  std::optional<cascade_settings> legacy_for_;

private:
  struct key_counts {
    std::uint64_t keys = 0;
    std::uint64_t profiles = 0;
    std::uint64_t lists = 0;
  };

  void begin_count();
  void count_family(key_family family, std::uint64_t cursor);
  void end_count(std::optional<error> failure);
  bool takes_long() const;
  void answer_waiting();
  std::string render_json() const;
  std::string render_text(metrics_form form);

  std::vector<caf::typed_response_promise<std::string>> waiting_;
  key_counts counting_;
  std::optional<key_counts> counted_; ///< nullopt if the last count failed, or before the first.
  std::string count_failure_ = "the keys are being counted";
  bool count_under_way_ = false;
  steady_clock::time_point counted_at_;
  steady_clock::time_point count_began_;
  steady_clock::time_point count_valid_until_;
};

/// @param legacy_for The widths that the settings ask for: then the text also has the metrics of the service
/// that Winnow replaces. nullopt: without these.
metrics_aggregator_actor::behavior_type
metrics_aggregator(metrics_aggregator_actor::stateful_pointer<metrics_aggregator_state> self,
                   std::shared_ptr<metrics> meters, std::shared_ptr<health_board> health,
                   actor_record_ptr record, std::optional<cascade_settings> legacy_for);

} // namespace winnow
