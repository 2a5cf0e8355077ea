#include "redis/memory_store.hpp"

#include "redis/embedded/memory_core.hpp"
#include "redis/records/profile.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace winnow {

std::shared_ptr<memory_core> make_memory_core(std::size_t limit) {
  return std::make_shared<memory_core>(limit);
}

result<std::shared_ptr<memory_core>> make_file_core(const std::string& directory, std::size_t limit) {
  auto core = std::make_shared<memory_core>(limit);
  if (auto kept = core->keep_in(directory); !kept)
    return tl::unexpected<error>(kept.error());
  return core;
}

namespace {

/// Executes one command.
struct executor {
  memory_core& core;

  store_reply operator()(const read_profile& c) const {
    const bool list_exists = c.with_list_presence && core.exists(recommendations_key(c.key.user_id));
    auto value = read(to_redis_key(c.key), list_exists);
    if (c.most_bytes > 0 && value && value->value && value->value->size() > c.most_bytes) {
      store_value longer;
      longer.is_longer = true;
      value = longer;
    }
    if (value && c.with_result_presence)
      value->result_exists = core.exists(recommendation_result_key(c.key.user_id, c.key.timestamp));
    return value;
  }

  store_reply operator()(const read_list& c) const { return read(list_key({c.user_id, c.timestamp}), false); }

  store_reply operator()(const write_list& c) const {
    std::vector<std::string> keys;
    if (c.newest)
      keys.push_back(recommendations_key(c.user_id));
    if (!c.timestamp.empty())
      keys.push_back(recommendation_result_key(c.user_id, c.timestamp));
    const memory_core::condition source{to_redis_key({c.user_id, c.timestamp}), c.only_if};
    return core.write_all(keys, c.json, source).map([](bool stored) {
      store_value value;
      value.stored = stored;
      return value;
    });
  }

  store_reply operator()(const renew_list&) const { return store_value{}; }  // lists do not expire here
  store_reply operator()(const note_result&) const { return store_value{}; } // no records are kept here

  store_reply operator()(const write_profile& c) const {
    auto stored = core.write(to_redis_key(c.key), c.json);
    if (stored)
      core.announce(c.key);
    return stored.map([] { return store_value{}; });
  }

  store_reply operator()(const erase_profile& c) const {
    auto erased = core.erase(to_redis_key(c.key));
    if (erased && *erased)
      core.announce(c.key);
    if (erased && c.with_events)
      if (const auto record = core.erase(events_key(c.key.user_id)); !record)
        erased = record;
    return erased.map([](bool) { return store_value{}; });
  }

  store_reply operator()(const read_events& c) const { return read(events_key(c.user_id), false); }

  store_reply operator()(const write_events& c) const {
    return core.write(events_key(c.user_id), c.record).map([] { return store_value{}; });
  }

  store_reply operator()(const erase_list& c) const {
    result<bool> erased = false;
    if (c.newest)
      erased = core.erase(recommendations_key(c.of.user_id));
    if (erased && !c.of.timestamp.empty())
      erased = core.erase(recommendation_result_key(c.of.user_id, c.of.timestamp));
    return erased.map([](bool) { return store_value{}; });
  }

  store_reply read(const std::string& key, bool list_exists) const {
    auto value = core.read(key);
    if (value && value->size() > profile_limits{}.max_bytes)
      return fail(fault::too_large,
                  key + ": more than " + std::to_string(profile_limits{}.max_bytes) + " bytes");
    store_value found;
    found.value = std::move(value);
    found.list_exists = list_exists;
    return found;
  }
};

} // namespace

memory_store::memory_store(std::shared_ptr<memory_core> core, std::string address)
    : core_(std::move(core)), address_(std::move(address)) {}

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
  if (auto problem = core_->problem())
    return tl::unexpected<error>(std::move(*problem));
  return {};
}

store_state memory_store::state() const {
  const auto problem = core_->problem();
  store_state now;
  now.connected = !problem;
  now.address = address_;
  now.last_error = problem ? problem->message : "";
  now.refused_because = problem ? problem->public_message : "";
  now.connects = 1;
  now.failures = problem ? 1 : 0;
  now.full_because = core_->shortage();
  return now;
}

memory_change_tracker::memory_change_tracker(std::shared_ptr<memory_core> core) : core_(std::move(core)) {}

result<change_batch> memory_change_tracker::wait(std::chrono::milliseconds timeout) {
  return core_->wait(timeout);
}

} // namespace winnow
