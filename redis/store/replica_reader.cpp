#include "redis/store/replica_reader.hpp"

#include <algorithm>
#include <poll.h>
#include <utility>

namespace winnow {
namespace {

store_settings for_master(store_settings settings) {
  settings.address.read_replicas = false;
  return settings;
}

bool is_read(const store_command& command) {
  return std::holds_alternative<read_profile>(command) || std::holds_alternative<read_list>(command);
}

} // namespace

replica_reader::replica_reader(const store_settings& settings, const store_sightings_ptr& shared)
    : master_(for_master(settings), shared), replica_(settings, shared) {}

replica_reader::job replica_reader::split(std::vector<store_command> commands) {
  job one;
  for (std::size_t i = 0; i < commands.size(); ++i)
    (is_read(commands[i]) ? one.at_replica : one.at_master).push_back(i);
  one.replies.resize(commands.size(), store_value{});
  one.commands = std::move(commands);
  return one;
}

std::vector<store_command> replica_reader::chosen(const job& one, const std::vector<std::size_t>& which) {
  std::vector<store_command> commands;
  commands.reserve(which.size());
  for (const auto index : which)
    commands.push_back(one.commands[index]);
  return commands;
}

void replica_reader::put(job& one, const std::vector<std::size_t>& which, std::vector<store_reply> replies) {
  for (std::size_t i = 0; i < which.size(); ++i)
    one.replies[which[i]] = std::move(replies[i]);
}

/// The reads for which the replica cannot speak for the master.
std::vector<std::size_t> replica_reader::refused_by_replica(const job& one) {
  std::vector<std::size_t> refused;
  std::copy_if(
      one.at_replica.begin(), one.at_replica.end(), std::back_inserter(refused), [&](std::size_t index) {
        const auto& reply = one.replies[index];
        return !reply && reply.error().cause != fault::conflict && reply.error().cause != fault::too_large;
      });
  return refused;
}

std::vector<store_reply> replica_reader::execute(gsl::span<const store_command> commands) {
  auto one = split({commands.begin(), commands.end()});
  const auto ask = [&one](redis_store& store, const std::vector<std::size_t>& which) {
    if (!which.empty())
      put(one, which, store.execute(chosen(one, which)));
  };
  ask(replica_, one.at_replica);
  ask(master_, refused_by_replica(one));
  ask(master_, one.at_master);
  return std::move(one.replies);
}

void replica_reader::submit(std::uint64_t ticket, std::vector<store_command> commands) {
  const auto& one = under_way_[ticket] = split(std::move(commands));
  auto reads = chosen(one, one.at_replica);
  auto others = chosen(one, one.at_master);
  if (!reads.empty())
    replica_.submit(ticket, std::move(reads));
  if (!others.empty())
    master_.submit(ticket, std::move(others));
  end_if_complete(ticket);
}

void replica_reader::end_if_complete(std::uint64_t ticket) {
  const auto found = under_way_.find(ticket);
  if (!found->second.at_master.empty() || !found->second.at_replica.empty())
    return;
  finished_.push_back({ticket, std::move(found->second.replies)});
  under_way_.erase(found);
}

void replica_reader::take_from_replica(finished_commands done) {
  auto& one = under_way_.at(done.ticket);
  put(one, one.at_replica, std::move(done.replies));
  const auto again = refused_by_replica(one);
  one.at_replica.clear();
  if (again.empty())
    return end_if_complete(done.ticket);
  // The ticket may be with the master already. Failures are rare, so this one waits for its answer.
  put(one, again, master_.execute(chosen(one, again)));
  end_if_complete(done.ticket);
}

void replica_reader::take_from_master(finished_commands done) {
  auto& one = under_way_.at(done.ticket);
  put(one, one.at_master, std::move(done.replies));
  one.at_master.clear();
  end_if_complete(done.ticket);
}

std::vector<finished_commands> replica_reader::collect(std::chrono::microseconds patience) {
  const bool only_master = !replica_.awaited();
  for (auto& done : replica_.collect(patience))
    take_from_replica(std::move(done));
  for (auto& done : master_.collect(only_master ? patience : std::chrono::microseconds(0)))
    take_from_master(std::move(done));
  return std::exchange(finished_, {});
}

std::optional<store_wait> replica_reader::awaited() const {
  const auto master = master_.awaited();
  const auto replica = replica_.awaited();
  if (!master || !replica)
    return master ? master : replica;
  both_.watch(master->descriptor, master->events);
  both_.watch(replica->descriptor, replica->events);
  return store_wait{both_.descriptor(), POLLIN, std::min(master->until, replica->until)};
}

store_state replica_reader::state() const {
  auto now = master_.state();
  // A request reads here and stores there: it needs half of what each of the two would take alone.
  if (now.request_takes)
    *now.request_takes =
        (*now.request_takes + replica_.state().request_takes.value_or(std::chrono::nanoseconds::zero())) / 2;
  return now;
}

result<scan_page> replica_reader::scan(key_family family, std::uint64_t cursor, std::size_t count) {
  return master_.scan(family, cursor, count);
}

} // namespace winnow
