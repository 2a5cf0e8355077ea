#include "redis/sentinel/sentinel_query.hpp"

#include "config/text/number_text.hpp"
#include "redis/sentinel/failover_watch.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace winnow {
namespace {

using clock = redis_connection::clock;

std::optional<store_place> place_of(std::string_view host, std::string_view port) {
  const auto number = parse_integer<std::uint16_t>(port);
  if (host.empty() || !number)
    return std::nullopt;
  return store_place{std::string(host), *number};
}

result<reply_ptr> ask(redis_connection& sentinel, const std::string& what, const std::string& name,
                      clock::time_point deadline) {
  command_batch batch;
  batch.add({"SENTINEL", what, name});
  auto outcome = sentinel.exchange(batch, deadline);
  if (outcome.lost)
    return tl::unexpected<error>(std::move(*outcome.lost));
  return std::move(outcome.replies.front());
}

/// @param who For messages.
result<store_place> ask_for_master(redis_connection& sentinel, const std::string& who,
                                   const std::string& name, clock::time_point deadline) {
  const auto reply = ask(sentinel, "get-master-addr-by-name", name, deadline);
  if (!reply)
    return tl::unexpected<error>(reply.error());
  const auto& answer = **reply;
  if (answer.type == REDIS_REPLY_NIL)
    return fail(fault::invalid_argument, who + ": the sentinel knows no master \"" + name + "\"");
  if (answer.type == REDIS_REPLY_ERROR) {
    auto refused = error_from_reply("SENTINEL", text_of(answer));
    refused.message.insert(0, who + ": "); // not in the public message
    return tl::unexpected<error>(std::move(refused));
  }
  if (answer.type == REDIS_REPLY_ARRAY && answer.elements == 2)
    if (auto place = place_of(text_of(*answer.element[0]), text_of(*answer.element[1])))
      return std::move(*place);
  return fail(who, unexpected_kind("SENTINEL", "a host and a port", answer));
}

/// The value behind the key in an array of pairs.
std::string_view value_of(const redisReply& pairs, std::string_view key) {
  for (std::size_t i = 0; i + 1 < pairs.elements; i += 2)
    if (text_of(*pairs.element[i]) == key)
      return text_of(*pairs.element[i + 1]);
  return {};
}

/// The replicas that the sentinel finds in order, in random order, so that processes share them.
std::vector<store_place> ask_for_replicas(redis_connection& sentinel, const std::string& name,
                                          clock::time_point deadline) {
  std::vector<store_place> places;
  const auto reply = ask(sentinel, "replicas", name, deadline);
  if (!reply || (*reply)->type != REDIS_REPLY_ARRAY)
    return places;
  for (std::size_t i = 0; i < (*reply)->elements; ++i) {
    const auto& one = *(*reply)->element[i];
    auto place = place_of(value_of(one, "ip"), value_of(one, "port"));
    if (place && value_of(one, "flags") == "slave" && value_of(one, "master-link-status") == "ok")
      places.push_back(std::move(*place));
  }
  std::shuffle(places.begin(), places.end(), std::mt19937(std::random_device{}()));
  return places;
}

store_settings settings_for(const store_settings& behind_sentinels, const store_place& place) {
  auto settings = behind_sentinels;
  settings.address.transport = store_address::kind::tcp;
  settings.address.host = place.host;
  settings.address.port = place.port;
  return settings;
}

/// Part of the time until the deadline.
clock::time_point share_of(clock::time_point deadline, std::size_t parts) {
  const auto now = clock::now();
  return now + (deadline - now) / static_cast<int>(parts);
}

struct candidates {
  std::vector<store_place> replicas;
  store_place master;
};

result<candidates> ask_one(const store_settings& settings, const store_place& place,
                           clock::time_point deadline) {
  auto sentinel = open_sentinel(settings, place, deadline);
  if (!sentinel)
    return tl::unexpected<error>(std::move(sentinel.error()));
  const auto& name = settings.address.master_name;
  auto master = ask_for_master(*sentinel, "sentinel " + to_string(place), name, deadline);
  if (!master)
    return tl::unexpected<error>(std::move(master.error()));
  candidates found{{}, std::move(*master)};
  if (settings.address.read_replicas)
    found.replicas = ask_for_replicas(*sentinel, name, deadline);
  return found;
}

/// Connections behind the sentinels of one address, as one attempt.
class attempt {
public:
  attempt(const store_settings& settings, std::shared_ptr<failover_record> record)
      : settings_(settings), record_(std::move(record)), known_(record_->failovers()->load()) {}

  /// Tries the replicas, which may be none, then the master, unless it was tried before.
  std::optional<redis_connection> open(const candidates& found, clock::time_point until) {
    if (std::find(tried_.begin(), tried_.end(), found.master) != tried_.end())
      return std::nullopt;
    tried_.push_back(found.master);
    auto left = found.replicas.size() + 1;
    for (const auto& place : found.replicas)
      if (auto opened =
              redis_connection::open_role(settings_for(settings_, place), redis_connection::role::replica,
                                          nullptr, 0, share_of(until, left--)))
        return std::move(*opened);
    auto opened = redis_connection::open_role(settings_for(settings_, found.master),
                                              redis_connection::role::master, record_, known_, until);
    if (opened)
      return std::move(*opened);
    last_ = std::move(opened.error());
    return std::nullopt;
  }

  /// What a sentinel says, unless it cannot be asked.
  std::optional<candidates> ask(const store_place& sentinel, clock::time_point until) {
    auto found = ask_one(settings_, sentinel, until);
    if (found)
      return std::move(*found);
    if (tried_.empty()) // otherwise the error of the master says more
      last_ = std::move(found.error());
    return std::nullopt;
  }

  const error& last() const noexcept { return last_; }

private:
  const store_settings& settings_;
  std::shared_ptr<failover_record> record_;
  std::uint64_t known_;
  std::vector<store_place> tried_;
  error last_;
};

} // namespace

result<redis_connection> open_sentinel(const store_settings& settings, const store_place& sentinel,
                                       clock::time_point deadline) {
  auto direct = settings_for(settings, sentinel);
  direct.address.database = 0;
  direct.address.user = settings.address.sentinel_user;
  direct.address.password = settings.address.sentinel_password;
  auto opened = redis_connection::open(direct, deadline);
  if (!opened)
    return fail("sentinel", opened.error());
  return opened;
}

result<redis_connection> open_behind_sentinels(const store_settings& settings, clock::time_point deadline) {
  const auto watch = failover_watch::of(settings);
  const auto announced = watch->record()->announced();
  attempt all(settings, watch->record());
  const auto sentinels = watch->sentinels();
  std::vector<candidates> others;
  for (std::size_t i = 0; i < sentinels.size(); ++i) {
    const bool is_last = i + 1 == sentinels.size();
    auto found = all.ask(sentinels[i], share_of(deadline, sentinels.size() - i));
    if (!found)
      continue;
    watch->has_answered(sentinels[i]);
    if (!announced.host.empty() && !(found->master == announced)) {
      others.push_back(std::move(*found)); // this sentinel has not heard yet
      continue;
    }
    // The others hardly know another master: this one gets most of the time.
    if (auto opened = all.open(*found, is_last ? deadline : share_of(deadline, 2)))
      return std::move(*opened);
  }
  for (const auto& found : others) { // or this process has not heard
    auto opened = all.open(found, deadline);
    if (!opened)
      continue;
    watch->record()->note(found.master);
    return std::move(*opened);
  }
  return tl::unexpected<error>(all.last());
}

std::optional<store_place> parse_switch(std::string_view message, std::string_view master_name) {
  std::array<std::string_view, 5> words;
  for (auto& word : words) {
    const auto end = message.find(' ');
    word = message.substr(0, end);
    message.remove_prefix(end == std::string_view::npos ? message.size() : end + 1);
  }
  return words[0] == master_name ? place_of(words[3], words[4]) : std::nullopt;
}

} // namespace winnow
