#pragma once

#include "config/settings/settings.hpp"
#include "redis/fleet/fleet_types.hpp"
#include "redis/profile_store.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

class fleet_link;

/// The names of a fleet's keys. They share one hash tag, so that a cluster keeps them on one shard.
struct fleet_keys {
  explicit fleet_keys(std::string_view fleet);

  std::string lease;    ///< String: the id of the replica that leads. Expires.
  std::string fence;    ///< Number: how often the lease was won.
  std::string changes;  ///< Stream with the consumer group `winnow`: the changed keys.
  std::string waiting;  ///< Set: the keys in the stream that no replica has taken yet.
  std::string members;  ///< Hash: each replica's report and when it came.
  std::string versions; ///< Sorted set: the versions of models, newest last.
  std::string values;   ///< Hash: what all replicas are to know, `TIME TEXT` by name.
  std::string told;     ///< Number of the value that was told last. The first one's is the time.
  std::string news;     ///< Stream: the last of them.
  std::string erased;   ///< Stream: the users whom all replicas are to forget, for a day.
};

/// One replica's connections to its fleet: the lease, the stream of changed profiles, and the list of
/// replicas. Nothing else in the store is touched. Needs Redis 6.2 or later.
///
/// Each changed key is in the stream once while it waits. A replica takes it (`ask`, `arrived`), which ends
/// the waiting *before* the profile is read, so that a later change is queued again. Once the list is stored,
/// the replica acknowledges it. What a replica has taken and neither acknowledged nor renewed for some time
/// is claimed by another.
///
/// Every call returns an error (`unavailable`, `timeout`, `denied`, `unsupported`, `malformed`) if the store
/// does not serve it. Lost connections are opened again, after growing pauses, by the next call. Calls wait
/// for at most the connect and command time-outs. Not thread-safe.
class fleet_access {
public:
  using milliseconds = std::chrono::milliseconds;

  fleet_access() = default;
  virtual ~fleet_access() = default;
  fleet_access(const fleet_access&) = delete;
  fleet_access& operator=(const fleet_access&) = delete;

  /// How a replica takes part at present.
  struct part {
    milliseconds lease{2000};          ///< Also the time after which a silent replica does not count as live.
    milliseconds forget{60'000};       ///< A replica that is silent for longer is no longer listed.
    bool would_lead = true;            ///< Whether it takes the lease if it can.
    bool loaded_newest_models = false; ///< It has just been told to use its models: they rank newest.
  };

  /// Reports to the others, renews the lease or takes it if it is free, and looks at the fleet.
  virtual result<fleet_state> beat(const fleet_report& report, const part& how) = 0;

  /// Gives up the lease and leaves the list of replicas.
  virtual result<void> leave() = 0;

  /// Adds changed keys to the stream, each unless it waits already. @param most How many keys may wait.
  virtual result<fleet_enqueued> enqueue(std::uint64_t fence, const std::vector<std::string>& keys,
                                         std::uint64_t most) = 0;

  /// Asks for at most `count` entries, for which the server waits for `patience`, and returns at once. Does
  /// nothing if an answer is awaited already.
  virtual result<void> ask(std::size_t count, milliseconds patience) = 0;

  /// The socket to wait for after `ask`; nullopt if no answer is awaited.
  virtual std::optional<store_wait> awaited() const = 0;

  /// Returns the entries that have arrived. They no longer wait: a change of such a key from now on is queued
  /// again. Empty if there is no answer yet, or none came within the patience.
  virtual result<std::vector<fleet_entry>> arrived() = 0;

  /// Renews what the replica has in hand. @return The ids that another replica has claimed.
  virtual result<std::vector<std::string>> renew(const std::vector<std::string>& ids) = 0;

  /// Takes over at most `count` entries that were neither renewed nor acknowledged for this time.
  virtual result<std::vector<fleet_entry>> claim(milliseconds idle, std::size_t count) = 0;

  /// @return How many of the entries were not acknowledged before.
  virtual result<std::uint64_t> acknowledge(const std::vector<std::string>& ids) = 0;

  /// Returns at most `count` entries after `last` that replicas have taken. @param delivered As in
  /// `fleet_state`.
  virtual result<fleet_observation> observe(const std::string& last, const std::string& delivered,
                                            std::size_t count) = 0;

  /// Removes entries that were acknowledged and are older than this, and consumers that have been silent for
  /// a day. @return How many entries; nullopt if the fencing number is not the current one.
  virtual result<std::optional<std::uint64_t>> trim(std::uint64_t fence, milliseconds keep) = 0;

  // ---- what one replica is told, and all are to know ----

  /// Tells the fleet. A value that is there later, or whose group is, stays.
  virtual result<void> tell(const std::vector<fleet_value>& values) = 0;

  /// Returns what was told after `told` values, as far as it is kept. @param most At once.
  virtual result<fleet_news> news_after(std::uint64_t told, std::size_t most) = 0;

  /// Returns all values. What is told meanwhile may be among them.
  virtual result<std::vector<fleet_value>> all_values() = 0;

  /// Has all replicas forget a user.
  virtual result<void> tell_erased(const std::string& user_id) = 0;

  /// Returns the erasures of the last day after this one. @param last Empty: all.
  virtual result<std::vector<fleet_erasure>> erased_after(const std::string& last) = 0;
};

/// The same on a store's servers.
class fleet_channel final : public fleet_access {
public:
  using clock = std::chrono::steady_clock;

  /// @param replica Unique to this process.
  fleet_channel(store_settings settings, std::string_view fleet, std::string replica);
  ~fleet_channel() override;

  const std::string& replica() const noexcept { return replica_; }

  result<fleet_state> beat(const fleet_report& report, const part& how) override;
  result<void> leave() override;
  result<fleet_enqueued> enqueue(std::uint64_t fence, const std::vector<std::string>& keys,
                                 std::uint64_t most) override;
  result<void> ask(std::size_t count, milliseconds patience) override;
  std::optional<store_wait> awaited() const override;
  result<std::vector<fleet_entry>> arrived() override;
  result<std::vector<std::string>> renew(const std::vector<std::string>& ids) override;
  result<std::vector<fleet_entry>> claim(milliseconds idle, std::size_t count) override;
  result<std::uint64_t> acknowledge(const std::vector<std::string>& ids) override;
  result<fleet_observation> observe(const std::string& last, const std::string& delivered,
                                    std::size_t count) override;
  result<std::optional<std::uint64_t>> trim(std::uint64_t fence, milliseconds keep) override;
  result<void> tell(const std::vector<fleet_value>& values) override;
  result<fleet_news> news_after(std::uint64_t told, std::size_t most) override;
  result<std::vector<fleet_value>> all_values() override;
  result<void> tell_erased(const std::string& user_id) override;
  result<std::vector<fleet_erasure>> erased_after(const std::string& last) override;

private:
  result<std::vector<fleet_entry>> no_longer_waiting(std::vector<fleet_entry> entries);

  store_settings settings_;
  fleet_keys keys_;
  std::string replica_;
  std::unique_ptr<fleet_link> commands_;
  std::unique_ptr<fleet_link> reading_; ///< Its server may be waiting, so that nothing else is sent on it.
  std::optional<clock::time_point> answer_due_; ///< nullopt if none is awaited.
};

} // namespace winnow
