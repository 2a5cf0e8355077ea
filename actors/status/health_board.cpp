#include "actors/status/health_board.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

constexpr std::string_view reads_refused = "the profile store refuses to return profiles";
constexpr std::string_view writes_refused = "the profile store refuses to store lists";
constexpr std::string_view no_room = "the profile store is full";
constexpr std::string_view listing_fails = "the profiles in the store cannot be listed";
constexpr std::string_view scans_refused = "the profile store refuses to list its profiles";

std::size_t index_of(store_need need) {
  return static_cast<std::size_t>(need);
}

std::string with_cause(std::string_view what, const std::string& cause) {
  return std::string(what) + (cause.empty() ? "" : ": ") + cause;
}

/// The first few; `winnowctl rules` shows all.
std::string some_of(const std::vector<std::string>& all) {
  constexpr std::size_t most = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), most); ++i)
    text += (i == 0 ? "" : "; ") + all[i];
  return all.size() > most ? text + "; and " + std::to_string(all.size() - most) + " more" : text;
}

/// Rounded up to one digit, so that there are few different texts: metrics have them as labels.
std::string roughly(std::chrono::milliseconds time) {
  std::int64_t unit = 1;
  while (time.count() > 9 * unit)
    unit *= 10;
  return std::to_string((time.count() + unit - 1) / unit * unit) + " ms";
}

} // namespace

health_board::health_board(std::chrono::milliseconds deadline) : deadline_(deadline) {
  for (std::size_t i = 0; i < stages_.size(); ++i)
    stages_[i].name = stage_names[i];
}

void health_board::store_state(const winnow::store_state& now) {
  store_connected = now.connected;
  if (!now.connected) {
    const std::lock_guard lock(mutex_);
    connection_refused_ = now.refused_because;
    return;
  }
  const auto takes = std::chrono::ceil<std::chrono::milliseconds>(
      now.request_takes.value_or(std::chrono::nanoseconds::zero()));
  const bool is_late = deadline_.count() > 0 && takes > deadline_;
  store_takes_ = is_late ? takes : std::chrono::milliseconds::zero();
  if (!now.full_because.empty()) {
    const std::lock_guard lock(mutex_);
    store_full_ = now.full_because;
  }
  is_store_full_ = !now.full_because.empty();
  for (std::size_t i = 0; i < store_needs; ++i) {
    const auto& trouble = now.troubles[i];
    if (trouble) {
      const std::lock_guard lock(mutex_);
      refusals_[i] = trouble->reason;
    }
    refuses_[i] = trouble.has_value();
  }
}

bool health_board::store_refuses(store_need need) const {
  return store_connected && refuses_[index_of(need)];
}

std::string health_board::store_lateness() const {
  const auto takes = store_takes_.load();
  if (takes.count() == 0 || !store_connected)
    return {};
  return "the round trips of a request to the profile store take about " + roughly(takes) +
         ", longer than --deadline " + std::to_string(deadline_.count()) + "ms";
}

void health_board::stuck(std::vector<std::string> actors) {
  const std::lock_guard lock(mutex_);
  stuck_ = std::move(actors);
}

void health_board::listing_trouble(std::string reason) {
  const std::lock_guard lock(mutex_);
  listing_trouble_ = std::move(reason);
}

void health_board::kafka_trouble(std::string reason) {
  const std::lock_guard lock(mutex_);
  kafka_trouble_ = std::move(reason);
}

void health_board::items_unkept(std::string reason) {
  const std::lock_guard lock(mutex_);
  items_unkept_ = std::move(reason);
}

void health_board::fleet_trouble(std::string reason) {
  const std::lock_guard lock(mutex_);
  fleet_trouble_ = std::move(reason);
}

void health_board::rules_left_out(std::vector<std::string> misfits) {
  const std::lock_guard lock(mutex_);
  misfits_ = std::move(misfits);
}

stage_health& health_board::stage(std::string_view name) {
  for (auto& one : stages_)
    if (one.name == name)
      return one;
  return name == kafka_.name ? kafka_ : unknown_;
}

std::vector<std::string> health_board::reasons_not_ready() const {
  std::vector<std::string> reasons;
  if (draining)
    reasons.emplace_back("shutting down");
  if (!models_warm)
    reasons.emplace_back("models are being loaded");
  add_store_reasons(reasons);
  {
    const std::lock_guard lock(mutex_);
    for (const auto& actor : stuck_)
      reasons.push_back(actor + " is stuck");
  }
  if (stages_[0].down)
    reasons.emplace_back("candidate_generator is down");
  return reasons;
}

void health_board::add_store_reasons(std::vector<std::string>& reasons) const {
  constexpr std::string_view away = "the profile store is not connected";
  const std::lock_guard lock(mutex_);
  if (!store_connected)
    return reasons.push_back(with_cause(away, connection_refused_));
  if (store_refuses(store_need::reading))
    reasons.push_back(with_cause(reads_refused, refusals_[index_of(store_need::reading)]));
  if (store_refuses(store_need::storing))
    reasons.push_back(with_cause(writes_refused, refusals_[index_of(store_need::storing)]));
  if (auto late = store_lateness(); !late.empty())
    reasons.push_back(std::move(late));
  // A store that does not list its profiles still serves requests.
  if (!profiles_listed && !store_refuses(store_need::listing) && listing_trouble_.empty())
    reasons.emplace_back("the profiles in the store are being listed");
}

std::vector<std::string> health_board::reasons_degraded() const {
  std::vector<std::string> reasons;
  if (store_connected && store_refuses(store_need::listing)) {
    const std::lock_guard lock(mutex_);
    reasons.push_back(with_cause(scans_refused, refusals_[index_of(store_need::listing)]));
  }
  if (const std::lock_guard lock(mutex_);
      store_connected && !store_refuses(store_need::listing) && !listing_trouble_.empty())
    reasons.push_back(with_cause(listing_fails, listing_trouble_));
  // Lists are read, replaced and removed, and removing makes room: a balancer must not keep that away.
  if (store_connected && is_store_full_) {
    const std::lock_guard lock(mutex_);
    reasons.push_back(with_cause(no_room, store_full_));
  }
  for (std::size_t i = 1; i < stages_.size(); ++i)
    if (stages_[i].down)
      reasons.push_back(std::string(stages_[i].name) + " is down");
  if (kafka_.down)
    reasons.emplace_back("kafka_consumer is down");
  const std::lock_guard lock(mutex_);
  if (!fleet_trouble_.empty() && store_connected)
    reasons.push_back("the store does not serve the fleet: " + fleet_trouble_);
  if (!kafka_trouble_.empty())
    reasons.push_back("nothing is read from Kafka: " + kafka_trouble_);
  if (!items_unkept_.empty())
    reasons.push_back("what clients said about items is not kept over a restart: " + items_unkept_);
  if (!misfits_.empty())
    reasons.push_back("rules that do not fit the items are not applied: " + some_of(misfits_));
  return reasons;
}

std::optional<error> health_board::overload(std::size_t max_in_flight) const {
  if (in_flight >= max_in_flight)
    return error{fault::overloaded, std::to_string(max_in_flight) + " requests are already in flight"};
  return std::nullopt;
}

std::optional<error> health_board::admission_error(std::size_t max_in_flight) const {
  if (auto why = overload(max_in_flight))
    return why;
  if (!store_connected)
    return error{fault::unavailable, "the profile store is not connected"};
  if (stages_[0].down)
    return error{fault::unavailable, "candidate_generator is down"};
  return std::nullopt;
}

} // namespace winnow
