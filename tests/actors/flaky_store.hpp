#pragma once

#include "redis/memory_store.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace winnow::test {

/// A memory store that a test can make fail like an unreachable Redis, hang, or crash.
class flaky_store final : public profile_store {
public:
  explicit flaky_store(std::shared_ptr<memory_core> core) : store_(std::move(core)) {}

  void go_away() { away_ = true; }
  void come_back() { away_ = false; }
  void deny_writes() { denying_ = true; } ///< Lists cannot be stored, as without the right to SET.
  void allow_writes() { denying_ = false; }
  void refuse_scans() { scanning_ = false; } ///< As a cluster does that moves its keys.
  void hang() { hanging_ = true; }           ///< Commands and pings get no answer until `go_on`.
  void go_on() { hanging_ = false; }
  void keep_records() { recording_ = true; }    ///< As a server does, see `list_record`.
  void forget_records() { recording_ = false; } ///< As without the right to keep them.
  void lose_records() { ///< As a cluster's master that comes back empty, while others keep the lists.
    const std::lock_guard lock(mutex_);
    records_.clear();
    result_records_.clear();
  }
  void crash_once() { crash_ = true; }                    ///< The next `execute` throws, as a bug would.
  void crash_at_a_request() { crash_at_request_ = true; } ///< The next one for a request does.

  std::size_t executed() const { return executed_; } ///< Commands.

  std::vector<store_reply> execute(gsl::span<const store_command> commands) override {
    executed_ += commands.size();
    const bool for_request = std::any_of(commands.begin(), commands.end(), [](const store_command& one) {
      const auto* const read = std::get_if<read_profile>(&one);
      return read != nullptr && !read->with_list_presence;
    });
    if (crash_.exchange(false) || (for_request && crash_at_request_.exchange(false)))
      throw std::runtime_error("crash requested by the test");
    wait_while_hanging();
    if (away_)
      return std::vector<store_reply>(commands.size(), away());
    std::vector<store_reply> replies;
    for (const auto& one : commands)
      if (denying_ && std::holds_alternative<write_list>(one))
        replies.emplace_back(fail(fault::denied, "NOPERM as the test asks"));
      else
        replies.push_back(store_.execute({&one, 1}).front());
    if (recording_)
      for (std::size_t i = 0; i < replies.size(); ++i)
        if (replies[i])
          record(commands[i], *replies[i]);
    return replies;
  }

  result<scan_page> scan(key_family family, std::uint64_t cursor, std::size_t count) override {
    if (away_)
      return away();
    if (!scanning_)
      return fail(fault::unavailable, "keys are moved as the test asks");
    return store_.scan(family, cursor, count);
  }

  result<std::uint64_t> key_count() override {
    if (away_)
      return away();
    return store_.key_count();
  }

  result<void> probe() override {
    wait_while_hanging();
    if (away_)
      return away();
    return store_.probe();
  }

  store_state state() const override {
    store_state now = store_.state();
    now.connected = !away_;
    if (denying_)
      now.troubles[static_cast<std::size_t>(store_need::storing)] =
          store_trouble{"denied by the test", "NOPERM as the test asks"};
    return now;
  }

private:
  void record(const store_command& command, store_value& reply) {
    const std::lock_guard lock(mutex_);
    if (const auto* write = std::get_if<write_list>(&command); write != nullptr && write->newest)
      records_[write->user_id] = write->record;
    if (const auto* erase = std::get_if<erase_list>(&command); erase != nullptr && erase->newest)
      records_.erase(erase->of.user_id);
    if (const auto* note = std::get_if<note_result>(&command); note != nullptr)
      result_records_[to_redis_key(note->of)] = note->profile;
    if (const auto* erase = std::get_if<erase_list>(&command); erase != nullptr)
      result_records_.erase(to_redis_key(erase->of));
    const auto* read = std::get_if<read_profile>(&command);
    if (read != nullptr && read->with_result_record)
      if (const auto noted = result_records_.find(to_redis_key(read->key)); noted != result_records_.end())
        reply.result_made_of = noted->second;
    if (read == nullptr || !read->with_list_presence)
      return;
    reply.records_kept = true;
    reply.has_record = records_[read->key.user_id].has_value();
    const store_command list = read_list{read->key.user_id};
    if (const auto json = store_.execute({&list, 1})[0]->value)
      reply.list = kept_list{*json, records_[read->key.user_id], false};
  }

  void wait_while_hanging() const {
    while (hanging_)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  static tl::unexpected<error> away() { return fail(fault::unavailable, "outage requested by the test"); }

  memory_store store_;
  std::atomic<std::size_t> executed_{0};
  std::atomic<bool> away_{false};
  std::atomic<bool> denying_{false};
  std::atomic<bool> scanning_{true};
  std::atomic<bool> crash_{false};
  std::atomic<bool> crash_at_request_{false};
  std::atomic<bool> recording_{false};
  std::mutex mutex_;
  std::map<std::string, std::optional<list_record>> records_; ///< By user; with the lock.
  std::map<std::string, std::uint64_t> result_records_;       ///< By profile; the same.
  std::atomic<bool> hanging_{false};
};

/// Another connection to a store. Each actor needs its own: it must not collect what another one submitted.
class second_connection final : public profile_store {
public:
  explicit second_connection(std::shared_ptr<profile_store> store) : store_(std::move(store)) {}

  std::vector<store_reply> execute(gsl::span<const store_command> commands) override {
    return store_->execute(commands);
  }
  result<scan_page> scan(key_family family, std::uint64_t cursor, std::size_t count) override {
    return store_->scan(family, cursor, count);
  }
  result<std::uint64_t> key_count() override { return store_->key_count(); }
  result<void> probe() override { return store_->probe(); }
  store_state state() const override { return store_->state(); }

private:
  std::shared_ptr<profile_store> store_;
};

} // namespace winnow::test
