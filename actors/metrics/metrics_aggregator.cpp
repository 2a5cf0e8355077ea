#include "actors/metrics/metrics_aggregator.hpp"

#include "actors/metrics/legacy_metrics.hpp"
#include "actors/metrics/open_metrics_text.hpp"
#include "actors/runtime/crash_reason.hpp"
#include "actors/runtime/request_failure.hpp"
#include "models/model_set.hpp"
#include "models/recall/recall_index.hpp"

#include <algorithm>
#include <caf/sec.hpp>
#include <iterator>
#include <nlohmann/json.hpp>
#include <prometheus/text_serializer.h>
#include <utility>

namespace winnow {

namespace {

constexpr std::chrono::milliseconds store_patience{2000};

// Counting millions of keys takes seconds. Callers that have waited this long get the last count.
constexpr std::chrono::milliseconds count_patience{1000};

// A count is reused for this many times its duration, so that frequent scrapes do not keep the store busy.
constexpr int count_rest_factor = 20;

/// In words for clients, who must not learn what Redis says of itself: addresses, users, limits.
std::string why_not_counted(const error& failure) {
  if (failure.cause == fault::denied || failure.cause == fault::unsupported)
    return "the profile store refuses to list its keys";
  return "the profile store is not connected, or answers too late";
}

} // namespace

metrics_aggregator_state::~metrics_aggregator_state() {
  for (auto& answer : waiting_)
    answer.deliver(caf::make_error(caf::sec::request_receiver_down));
}

caf::result<std::string> metrics_aggregator_state::render(metrics_form form) {
  const activity rendering(*record_, "rendering the metrics");
  record_->handled();
  metrics_->drift.update();
  metrics_->taken.update();
  metrics_->readiness.update(health_->reasons_not_ready());
  if (neighbours_) {
    const auto index = neighbours_->models->index->current();
    metrics_->models.index_recall(index ? index->effort.recall : 0);
  }
  if (form != metrics_form::json)
    return render_text(form);
  if (!neighbours_ || steady_clock::now() < count_valid_until_)
    return render_json();
  waiting_.push_back(self_->make_response_promise<std::string>());
  auto answer = waiting_.back();
  if (!count_under_way_)
    begin_count();
  else if (takes_long())
    answer_waiting();
  return answer;
}

std::string metrics_aggregator_state::render_text(metrics_form form) {
  auto families = metrics_->collect();
  if (legacy_for_ && neighbours_) {
    // A scrape does not wait for the count of the keys: it gets the last one.
    if (!count_under_way_ && steady_clock::now() >= count_valid_until_)
      begin_count();
    const auto widths = widths_for(*legacy_for_, neighbours_->models->widths);
    auto legacy = legacy_families(
        families, {widths.ranknet_keep, counted_ ? std::optional(counted_->keys) : std::nullopt});
    families.insert(families.end(), std::make_move_iterator(legacy.begin()),
                    std::make_move_iterator(legacy.end()));
  }
  return form == metrics_form::open_metrics ? open_metrics_text(families, metrics_->examples)
                                            : prometheus::TextSerializer{}.Serialize(families);
}

/// Returns whether the current count takes so long that callers get the last one instead.
bool metrics_aggregator_state::takes_long() const {
  return steady_clock::now() - count_began_ > count_patience;
}

void metrics_aggregator_state::answer_waiting() {
  if (waiting_.empty())
    return;
  const std::string body = render_json();
  for (auto& answer : std::exchange(waiting_, {}))
    answer.deliver(body);
}

void metrics_aggregator_state::begin_count() {
  counting_ = {};
  count_under_way_ = true;
  count_began_ = steady_clock::now();
  self_->request(neighbours_->background_gateway, store_patience, count_atom_v)
      .then(
          [this](const count_reply& keys) {
            if (!*keys)
              return end_count(keys->error());
            counting_.keys = **keys;
            count_family(key_family::profiles, 0);
          },
          [this](const caf::error& reason) { end_count(unavailable("the store gateway", reason)); });
}

void metrics_aggregator_state::count_family(key_family family, std::uint64_t cursor) {
  constexpr std::uint64_t page_size = 1000;
  self_->request(neighbours_->background_gateway, store_patience, scan_atom_v, family, cursor, page_size)
      .then(
          [this, family](const scan_reply& page) {
            if (!*page)
              return end_count(page->error());
            (family == key_family::profiles ? counting_.profiles : counting_.lists) += (*page)->keys.size();
            if (takes_long())
              answer_waiting();
            if ((*page)->next != 0)
              count_family(family, (*page)->next);
            else if (family == key_family::profiles)
              count_family(key_family::recommendations, 0);
            else
              end_count({});
          },
          [this](const caf::error& reason) { end_count(unavailable("the store gateway", reason)); });
}

void metrics_aggregator_state::end_count(std::optional<error> failure) {
  const auto now = steady_clock::now();
  count_under_way_ = false;
  counted_at_ = now;
  counted_ = failure ? std::nullopt : std::optional<key_counts>(counting_);
  count_failure_ = failure ? why_not_counted(*failure) : "";
  count_valid_until_ = failure ? now : now + (now - count_began_) * count_rest_factor;
  answer_waiting();
}

std::string metrics_aggregator_state::render_json() const {
  using nlohmann::ordered_json;
  const auto families = metrics_->collect();
  const auto total = [&](std::string_view family) {
    return static_cast<std::uint64_t>(std::max(0.0, metrics::total(families, family)));
  };
  ordered_json body;
  const auto count = [&](std::uint64_t key_counts::*member) {
    return counted_ ? ordered_json((*counted_).*member) : ordered_json(nullptr);
  };
  body["redis_keys"] = count(&key_counts::keys);
  body["user_profiles"] = count(&key_counts::profiles);
  body["recommendations"] = count(&key_counts::lists);
  if (counted_)
    body["counted_seconds_ago"] =
        std::chrono::duration_cast<std::chrono::seconds>(steady_clock::now() - counted_at_).count();
  else
    body["store_error"] = count_failure_;
  body["ready"] = health_->reasons_not_ready().empty();
  body["model_version"] = neighbours_ ? neighbours_->models->version : "";
  body["model_items"] = total("winnow_model_items");
  body["model_users"] = total("winnow_model_users");
  body["recommendations_in_flight"] = health_->in_flight.load();
  body["recommendations_total"] = total("winnow_recommender_requests_total");
  body["profiles_seen_total"] = total("winnow_poller_profiles_seen_total");
  body["profiles_changed_total"] = total("winnow_poller_profiles_changed_total");
  body["profiles_failed_total"] = total("winnow_poller_profiles_failed_total");
  body["profiles_pending"] = total("winnow_poller_pending_profiles");
  body["stage_failures_total"] = total("winnow_stage_failures_total");
  body["http_requests_total"] = total("winnow_http_requests_total");
  body["restarts_total"] = total("winnow_supervisor_restarts_total");
  body["resident_memory_bytes"] = total("process_resident_memory_bytes");
  return body.dump();
}

metrics_aggregator_actor::behavior_type
metrics_aggregator(metrics_aggregator_actor::stateful_pointer<metrics_aggregator_state> self,
                   std::shared_ptr<metrics> meters, std::shared_ptr<health_board> health,
                   actor_record_ptr record, std::optional<cascade_settings> legacy_for) {
  self->set_exception_handler(crash_reason);
  self->state.metrics_ = std::move(meters);
  self->state.health_ = std::move(health);
  self->state.record_ = record;
  self->state.legacy_for_ = legacy_for;
  return {[self](wire_atom, const neighbours_ptr& neighbours) { self->state.neighbours_ = neighbours; },
          [self](render_atom, metrics_form form) { return self->state.render(form); },
          [record = std::move(record)](status_atom) { return status_of(*record); }};
}

} // namespace winnow
