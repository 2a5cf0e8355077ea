#pragma once

#include "config/error.hpp"
#include "redis/profile_store.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// The stages in pipeline order. Without the first one, candidate generation, there is no list.
inline constexpr std::array<std::string_view, 3> stage_names{"candidate_generator", "din_ranker",
                                                             "ranknet_ranker"};

/// The health of one stage, published by its dispatcher.
struct stage_health {
  std::string_view name;
  std::atomic<bool> down{false}; ///< The stage failed too often and pauses.
};

/// The state that readiness and admission depend on. Each actor writes its own entry and the HTTP layer reads
/// them. Callable from any thread.
class health_board {
public:
  using clock = std::chrono::steady_clock;

  /// @param deadline Of a request; 0: none.
  explicit health_board(std::chrono::milliseconds deadline = std::chrono::milliseconds::zero());

  std::atomic<bool> models_warm{false};         ///< The models are loaded and have scored once.
  std::atomic<bool> store_connected{false};     ///< The profile store answered the last command.
  std::atomic<bool> profiles_listed{false};     ///< The first sweep is complete: all profiles are known.
  std::atomic<std::size_t> waiting_profiles{0}; ///< Changed profiles whose lists are not computed yet.
  std::atomic<bool> draining{false};            ///< The daemon is shutting down.

  std::atomic<std::size_t> in_flight{0};             ///< Recommendations in the pipeline.
  std::atomic<clock::time_point> last_interactive{}; ///< Time of the last accepted HTTP request.

  /// Publishes what the store's last commands brought. Called by the store's gateway alone.
  void store_state(const winnow::store_state& now);

  /// Whether the store answers, but refuses what the daemon needs.
  bool store_refuses(store_need need) const;

  /// Why no request can be served within its deadline, because the store is too far away or too slow; empty
  /// if that is possible.
  std::string store_lateness() const;

  /// Publishes which actors have not answered for too long. Called by the introspector alone.
  void stuck(std::vector<std::string> actors);

  /// Publishes why the profiles cannot be listed although the store is connected; empty if they can. Called
  /// by the profile poller alone.
  void listing_trouble(std::string reason);

  /// Publishes why nothing can be read from Kafka; empty if it can. Called by the Kafka consumer alone.
  void kafka_trouble(std::string reason);

  /// Publishes why what clients said about items would be lost at a restart; empty if it is kept. Called by
  /// the item keeper alone.
  void items_unkept(std::string reason);

  /// Publishes why the store does not serve the fleet, if that lasts; empty if it does. Called by the fleet's
  /// member alone.
  void fleet_trouble(std::string reason);

  /// Publishes which of the shop's rules do not fit the items and are not applied: the path of each, and why.
  /// Called by the recommender alone.
  void rules_left_out(std::vector<std::string> misfits);

  /// Returns the entry of a stage, or that of the Kafka consumer; for an unknown name, an entry that nothing
  /// reads.
  stage_health& stage(std::string_view name);

  /// Returns why the daemon is not ready; empty if it is ready.
  std::vector<std::string> reasons_not_ready() const;

  /// Returns why lists are degraded or late, such as a reason for each stage that is down; empty if they are
  /// not.
  std::vector<std::string> reasons_degraded() const;

  /// Returns an error if too many requests are in flight to accept one more of any priority, else nullopt.
  std::optional<error> overload(std::size_t max_in_flight) const;

  /// Returns why one more request must be refused now, so that it costs no further work; nullopt if it can be
  /// accepted.
  std::optional<error> admission_error(std::size_t max_in_flight) const;

private:
  void add_store_reasons(std::vector<std::string>& reasons) const;

  const std::chrono::milliseconds deadline_;
  /// What a request takes of the store at least, if that is over the deadline; 0 if it is not.
  std::atomic<std::chrono::milliseconds> store_takes_{std::chrono::milliseconds::zero()};
  std::array<std::atomic<bool>, store_needs> refuses_{};
  std::atomic<bool> is_store_full_{false};
  mutable std::mutex mutex_; ///< Guards the words below, which are read and written rarely.
  std::array<std::string, store_needs> refusals_;
  std::string connection_refused_;
  std::string listing_trouble_;
  std::string store_full_;
  std::vector<std::string> stuck_;
  std::string kafka_trouble_;
  std::string fleet_trouble_;
  std::string items_unkept_;
  std::vector<std::string> misfits_; ///< Of the shop's rules.
  std::array<stage_health, stage_names.size()> stages_;
  stage_health kafka_{"kafka_consumer"};
  stage_health unknown_;
};

} // namespace winnow
