#include "redis/memory_store.hpp"

#include "redis/profile.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <variant>

namespace winnow {

/// Keys by name and by order of insertion. A cursor that advances in this order misses no key and repeats
/// none, even if keys are added or removed during a scan.
class memory_core {
public:
  std::optional<std::string> read(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    return found == entries_.end() ? std::nullopt : std::optional(found->second.value);
  }

  bool exists(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    return entries_.count(key) != 0;
  }

  void write(const std::string& key, const std::string& value) {
    const std::lock_guard lock(mutex_);
    const auto [position, added] = entries_.try_emplace(key, entry{value, next_id_});
    if (added)
      keys_.emplace(next_id_++, key);
    else
      position->second.value = value;
  }

  bool erase(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    if (found == entries_.end())
      return false;
    keys_.erase(found->second.id);
    entries_.erase(found);
    return true;
  }

  scan_page scan(std::string_view prefix, std::uint64_t cursor, std::size_t count) const {
    const std::lock_guard lock(mutex_);
    scan_page page;
    auto next = keys_.lower_bound(cursor);
    for (std::size_t i = 0; i < std::max<std::size_t>(count, 1) && next != keys_.end(); ++i, ++next) {
      if (std::string_view(next->second).substr(0, prefix.size()) == prefix)
        page.keys.push_back(next->second);
    }
    page.next = next == keys_.end() ? 0 : next->first;
    return page;
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
  }

  void announce(const profile_key& key) {
    // If the changes are not collected, a sweep is cheaper than keeping more of them.
    constexpr std::size_t most_pending = 100'000;
    {
      const std::lock_guard lock(mutex_);
      if (pending_.changed.size() >= most_pending)
        pending_ = {{}, true};
      else
        pending_.changed.push_back(key);
    }
    changed_.notify_one();
  }

  change_batch wait(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, timeout, [this] { return pending_.lost || !pending_.changed.empty(); });
    return std::exchange(pending_, {});
  }

private:
  struct entry {
    std::string value;
    std::uint64_t id = 0;
  };

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<std::string, entry> entries_;
  std::map<std::uint64_t, std::string> keys_; ///< By id.
  std::uint64_t next_id_ = 1;                 ///< From 1, because cursor 0 starts and ends a scan.
  change_batch pending_{{}, true};            ///< As with a server, the first batch requires a sweep.
};

std::shared_ptr<memory_core> make_memory_core() {
  return std::make_shared<memory_core>();
}

namespace {

/// Executes one command.
struct executor {
  memory_core& core;

  store_reply operator()(const read_profile& c) const {
    const bool list_exists = c.with_list_presence && core.exists(recommendations_key(c.key.user_id));
    return read(to_redis_key(c.key), list_exists);
  }

  store_reply operator()(const read_list& c) const { return read(recommendations_key(c.user_id), false); }

  store_reply operator()(const write_list& c) const {
    if (c.newest)
      core.write(recommendations_key(c.user_id), c.json);
    if (!c.timestamp.empty())
      core.write(recommendation_result_key(c.user_id, c.timestamp), c.json);
    return store_value{};
  }

  store_reply operator()(const write_profile& c) const {
    core.write(to_redis_key(c.key), c.json);
    core.announce(c.key);
    return store_value{};
  }

  store_reply operator()(const erase_profile& c) const {
    if (core.erase(to_redis_key(c.key)))
      core.announce(c.key);
    return store_value{};
  }

  store_reply operator()(const erase_list& c) const {
    if (c.newest)
      core.erase(recommendations_key(c.of.user_id));
    if (!c.of.timestamp.empty())
      core.erase(recommendation_result_key(c.of.user_id, c.of.timestamp));
    return store_value{};
  }

  store_reply read(const std::string& key, bool list_exists) const {
    auto value = core.read(key);
    if (value && value->size() > profile_limits{}.max_bytes)
      return fail(fault::too_large,
                  key + ": more than " + std::to_string(profile_limits{}.max_bytes) + " bytes");
    return store_value{std::move(value), list_exists};
  }
};

} // namespace

memory_store::memory_store(std::shared_ptr<memory_core> core) : core_(std::move(core)) {}

std::vector<store_reply> memory_store::execute(gsl::span<const store_command> commands) {
  std::vector<store_reply> replies;
  replies.reserve(commands.size());
  for (const auto& command : commands)
    replies.push_back(std::visit(executor{*core_}, command));
  return replies;
}

result<scan_page> memory_store::scan(key_family family, std::uint64_t cursor, std::size_t count) {
  return core_->scan(prefix_of(family), cursor, count);
}

result<std::uint64_t> memory_store::key_count() {
  return core_->size();
}

result<void> memory_store::probe() {
  return {};
}

store_state memory_store::state() const {
  return {true, "memory:", "", 1, 0, {}, {}};
}

memory_change_tracker::memory_change_tracker(std::shared_ptr<memory_core> core) : core_(std::move(core)) {}

result<change_batch> memory_change_tracker::wait(std::chrono::milliseconds timeout) {
  return core_->wait(timeout);
}

} // namespace winnow
