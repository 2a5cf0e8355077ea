#include "redis/fleet/fleet_channel.hpp"

#include "redis/fleet/fleet_link.hpp"
#include "redis/fleet/fleet_replies.hpp"
#include "redis/fleet/fleet_scripts.hpp"

#include <algorithm>
#include <poll.h>
#include <utility>

namespace winnow {

namespace {

const std::string group = "winnow";

// Commands that name many keys or ids are split, so that each keeps the server busy for a short time only.
constexpr std::size_t most_words = 500;

// A consumer without work costs the server some bytes.
constexpr std::chrono::milliseconds consumer_rest = std::chrono::hours(24);

std::string text_of(std::chrono::milliseconds time) {
  return std::to_string(time.count());
}

} // namespace

fleet_keys::fleet_keys(std::string_view fleet) {
  const auto prefix = "winnow:fleet:{" + std::string(fleet) + "}:";
  lease = prefix + "lease";
  fence = prefix + "fence";
  changes = prefix + "changes";
  waiting = prefix + "waiting";
  members = prefix + "members";
  versions = prefix + "versions";
  values = prefix + "values";
  told = prefix + "told";
  news = prefix + "news";
  erased = prefix + "erased";
}

fleet_channel::fleet_channel(store_settings settings, std::string_view fleet, std::string replica)
    : settings_(std::move(settings)), keys_(fleet), replica_(std::move(replica)),
      commands_(std::make_unique<fleet_link>(settings_, keys_.changes)),
      reading_(std::make_unique<fleet_link>(settings_, keys_.changes)) {}

fleet_channel::~fleet_channel() = default;

// ---- the replicas ----

result<fleet_state> fleet_channel::beat(const fleet_report& report, const part& how) {
  return commands_
      ->run(fleet_scripts::beat,
            {keys_.members, keys_.versions, keys_.lease, keys_.fence, keys_.changes, keys_.waiting,
             keys_.told, keys_.erased, keys_.values, keys_.news},
            {replica_, to_json(report), report.models, how.loaded_newest_models ? "1" : "0",
             text_of(how.lease), text_of(how.forget), how.would_lead ? "1" : "0"})
      .and_then([](const reply_ptr& reply) { return as_fleet_state(*reply); });
}

result<void> fleet_channel::leave() {
  return commands_->run(fleet_scripts::leave, {keys_.members, keys_.lease}, {replica_})
      .map([](const reply_ptr&) {});
}

// ---- the stream ----

result<fleet_enqueued> fleet_channel::enqueue(std::uint64_t fence, const std::vector<std::string>& keys,
                                              std::uint64_t most) {
  fleet_enqueued all;
  while (all.done < keys.size()) {
    const auto first = keys.begin() + static_cast<std::ptrdiff_t>(all.done);
    const auto size = std::min(keys.size() - all.done, most_words);
    std::vector<std::string> arguments{std::to_string(fence), std::to_string(most)};
    arguments.insert(arguments.end(), first, first + static_cast<std::ptrdiff_t>(size));
    const auto outcome =
        commands_->run(fleet_scripts::enqueue, {keys_.fence, keys_.waiting, keys_.changes}, arguments)
            .and_then([](const reply_ptr& reply) { return as_numbers("adding changes", *reply, 2); });
    if (!outcome)
      return tl::unexpected<error>(outcome.error());
    all.refused = outcome->front() < 0;
    if (all.refused)
      break;
    all.done += static_cast<std::uint64_t>(outcome->front());
    all.added += static_cast<std::uint64_t>(outcome->back());
    if (static_cast<std::size_t>(outcome->front()) < size)
      break;
  }
  return all;
}

result<void> fleet_channel::ask(std::size_t count, milliseconds patience) {
  if (answer_due_)
    return {};
  if (auto opened = reading_->open(); !opened)
    return opened;
  const auto now = clock::now();
  command_batch batch;
  batch.add({"XREADGROUP", "GROUP", group, replica_, "COUNT", std::to_string(count), "BLOCK",
             text_of(std::max(patience, milliseconds(1))), "STREAMS", keys_.changes, ">"});
  if (auto sent = reading_->connection().send(batch, now + settings_.command_timeout); !sent) {
    reading_->lose(sent.error());
    return sent;
  }
  answer_due_ = now + patience + settings_.command_timeout;
  return {};
}

std::optional<store_wait> fleet_channel::awaited() const {
  if (!answer_due_ || !reading_->is_open())
    return std::nullopt;
  return store_wait{reading_->connection().descriptor(), POLLIN, *answer_due_};
}

result<std::vector<fleet_entry>> fleet_channel::arrived() {
  if (!answer_due_)
    return std::vector<fleet_entry>();
  const auto broken = [this](error reason) {
    answer_due_.reset();
    reading_->lose(reason);
    return tl::unexpected<error>(std::move(reason));
  };
  if (const auto filled = reading_->connection().fill(); !filled)
    return broken(filled.error());
  auto reply = reading_->connection().next();
  if (!reply)
    return broken(reply.error());
  if (!*reply) {
    if (clock::now() > *answer_due_)
      return broken(reading_->connection().late().value());
    return std::vector<fleet_entry>();
  }
  if (is_elsewhere(**reply))
    return broken(error_from_reply(keys_.changes, text_of(**reply)));
  answer_due_.reset();
  if ((*reply)->type == REDIS_REPLY_NIL)
    return std::vector<fleet_entry>();
  auto whole = checked("XREADGROUP", std::move(*reply));
  if (!whole)
    return tl::unexpected<error>(std::move(whole.error()));
  if ((*whole)->type != REDIS_REPLY_ARRAY || (*whole)->elements != 1 || (*whole)->element[0]->elements != 2)
    return tl::unexpected<error>(unexpected_kind("XREADGROUP", "one stream", **whole));
  return as_entries("XREADGROUP", *(*whole)->element[0]->element[1])
      .and_then([this](std::vector<fleet_entry> entries) { return no_longer_waiting(std::move(entries)); });
}

/// If this fails, the entries are claimed later, by any replica: nothing is lost.
result<std::vector<fleet_entry>> fleet_channel::no_longer_waiting(std::vector<fleet_entry> entries) {
  command_batch batch;
  for (std::size_t first = 0; first < entries.size(); first += most_words) {
    std::vector<std::string> words{"SREM", keys_.waiting};
    for (std::size_t i = first; i < std::min(first + most_words, entries.size()); ++i)
      words.push_back(entries[i].key);
    batch.add(gsl::span<const std::string>(words));
  }
  if (entries.empty())
    return entries;
  auto replies = commands_->exchange(batch);
  if (!replies)
    return tl::unexpected<error>(std::move(replies.error()));
  for (auto& reply : *replies)
    if (auto removed = checked("SREM", std::move(reply)); !removed)
      return tl::unexpected<error>(std::move(removed.error()));
  return entries;
}

result<std::vector<std::string>> fleet_channel::renew(const std::vector<std::string>& ids) {
  std::vector<std::string> lost;
  for (std::size_t first = 0; first < ids.size(); first += most_words) {
    const auto end = std::min(first + most_words, ids.size());
    std::vector<std::string> arguments{replica_};
    arguments.insert(arguments.end(), ids.begin() + static_cast<std::ptrdiff_t>(first),
                     ids.begin() + static_cast<std::ptrdiff_t>(end));
    const auto some =
        commands_->run(fleet_scripts::renew, {keys_.changes}, arguments).and_then([](const reply_ptr& reply) {
          return as_texts("renewing", *reply);
        });
    if (!some)
      return tl::unexpected<error>(some.error());
    lost.insert(lost.end(), some->begin(), some->end());
  }
  return lost;
}

result<std::vector<fleet_entry>> fleet_channel::claim(milliseconds idle, std::size_t count) {
  const auto reply = commands_->call(
      {"XAUTOCLAIM", keys_.changes, group, replica_, text_of(idle), "0-0", "COUNT", std::to_string(count)});
  if (!reply)
    return tl::unexpected<error>(reply.error());
  if ((*reply)->type != REDIS_REPLY_ARRAY || (*reply)->elements < 2)
    return tl::unexpected<error>(unexpected_kind("XAUTOCLAIM", "a cursor and entries", **reply));
  return as_entries("XAUTOCLAIM", *(*reply)->element[1]).and_then([this](std::vector<fleet_entry> entries) {
    return no_longer_waiting(std::move(entries));
  });
}

result<std::uint64_t> fleet_channel::acknowledge(const std::vector<std::string>& ids) {
  std::uint64_t all = 0;
  for (std::size_t first = 0; first < ids.size(); first += most_words) {
    const auto end = std::min(first + most_words, ids.size());
    std::vector<std::string> words{"XACK", keys_.changes, group};
    words.insert(words.end(), ids.begin() + static_cast<std::ptrdiff_t>(first),
                 ids.begin() + static_cast<std::ptrdiff_t>(end));
    const auto some =
        commands_->call(words).and_then([](const reply_ptr& reply) { return as_count("XACK", *reply); });
    if (!some)
      return tl::unexpected<error>(some.error());
    all += *some;
  }
  return all;
}

result<fleet_observation> fleet_channel::observe(const std::string& last, const std::string& delivered,
                                                 std::size_t count) {
  return commands_->call({"XRANGE", keys_.changes, "(" + last, delivered, "COUNT", std::to_string(count)})
      .and_then([](const reply_ptr& reply) { return as_entries("XRANGE", *reply); })
      .map([&](std::vector<fleet_entry> entries) {
        const auto next = entries.empty() ? last : entries.back().id;
        return fleet_observation{std::move(entries), next};
      });
}

result<std::optional<std::uint64_t>> fleet_channel::trim(std::uint64_t fence, milliseconds keep) {
  const auto reply = commands_->run(fleet_scripts::trim, {keys_.fence, keys_.changes, keys_.erased},
                                    {std::to_string(fence), text_of(keep), text_of(consumer_rest)});
  if (!reply)
    return tl::unexpected<error>(reply.error());
  if ((*reply)->type == REDIS_REPLY_INTEGER && (*reply)->integer < 0)
    return std::optional<std::uint64_t>();
  return as_count("XTRIM", **reply).map([](std::uint64_t count) { return std::optional(count); });
}

} // namespace winnow
