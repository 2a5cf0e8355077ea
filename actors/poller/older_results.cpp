#include "actors/poller/older_results.hpp"

#include "actors/pipeline/profile_digest.hpp"
#include "actors/runtime/cost_turns.hpp"
#include "config/log/log.hpp"
#include "redis/records/profile.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace winnow {

namespace {

bool is_transient(fault cause) {
  return cause == fault::unavailable || cause == fault::timeout || cause == fault::overloaded;
}

/// A right that is missing may be given, and nothing announces it.
bool is_right_missing(fault cause) {
  return cause == fault::denied || cause == fault::unsupported;
}

error too_many() {
  return {fault::overloaded, "too many older profiles are waiting"};
}

} // namespace

void older_results::complain(const flood_limit::report& some) {
  log_event(log_level::warning, "profile_poller", "no result for an older profile",
            {{"profiles", some.count}, {"key", some.subject}, {"reason", some.reason}});
}

void older_results::add(const profile_key& key) {
  if (queue_.add(key))
    return;
  complaints_.note(to_string(fault::overloaded), to_redis_key(key), too_many().message);
  events_.given_up(key);
  events_.reading(key);
  events_.over(key, false);
}

void older_results::start(std::size_t room, const neighbours_ptr& neighbours,
                          std::chrono::milliseconds limit) {
  if (room == 0)
    return;
  if (auto large = large_.next()) {
    read({std::move(*large)}, 0, neighbours, limit);
    --room;
  }
  if (room > 0 && queue_.waiting() > 0)
    read(queue_.take(room), cost_turns::costly_bytes, neighbours, limit);
}

/// @param most_bytes Profiles of more bytes are queued as large ones; 0: no limit.
void older_results::read(std::vector<profile_key> keys, std::size_t most_bytes,
                         const neighbours_ptr& neighbours, std::chrono::milliseconds limit) {
  auto commands = std::make_shared<std::vector<store_command>>();
  for (const auto& key : keys) {
    events_.reading(key);
    commands->emplace_back(read_profile{key, false, most_bytes});
  }
  in_flight_ += keys.size();
  const auto shared = std::make_shared<const std::vector<profile_key>>(std::move(keys));
  watch_->ask<store_replies>(
      neighbours->background_gateway, limit,
      [this, shared, neighbours, limit, begun = steady_clock::now()](const store_replies& replies) {
        const profile_reading reading{begun, steady_clock::now(), shared->size()};
        for (std::size_t i = 0; i < shared->size(); ++i)
          consider((*shared)[i], (*replies)[i], reading, neighbours, limit);
      },
      [this, shared](const caf::error&) {
        for (const auto& key : *shared)
          retry(key);
      },
      execute_atom_v, store_commands(std::move(commands)));
}

void older_results::consider(const profile_key& key, const store_reply& reply, const profile_reading& reading,
                             const neighbours_ptr& neighbours, std::chrono::milliseconds limit) {
  if (!reply && is_transient(reply.error().cause))
    return retry(key);
  if (!reply && is_right_missing(reply.error().cause))
    return give_up(key, reply.error());
  if (!reply)
    return refuse(key, reply.error());
  if (reply->is_longer) {
    large_.add(key);
    --in_flight_;
    return events_.done();
  }
  if (!reply->value) {
    events_.gone(key);
    return finish(key);
  }
  const auto content = content_digest(*reply->value);
  if (!events_.needs_result(key, content))
    return finish(key);
  auto parsed = parse_stored_profile(*reply->value);
  if (!parsed) {
    events_.refused(key, content);
    return refuse(key, parsed.error());
  }
  recommendation_request request{key.user_id, key.timestamp,
                                 std::make_shared<const profile>(std::move(parsed->items)),
                                 steady_clock::now() + limit, urgency::background};
  request.newest = false;
  request.left_out = parsed->left_out;
  request.reading = reading;
  request.source = profile_source{content, fingerprint_of(*reply->value)};
  watch_->ask<recommendation_reply>(
      neighbours->recommender, limit * 2,
      [this, key, content](const recommendation_reply& outcome) { computed(key, content, *outcome); },
      [this, key](const caf::error&) { retry(key); }, recommend_atom_v,
      std::make_shared<const recommendation_request>(std::move(request)));
}

void older_results::computed(const profile_key& key, std::uint64_t content,
                             const result<recommendation>& outcome) {
  if (outcome && !outcome->stored) // the profile changed or was removed meanwhile
    return requeue(key);
  if (outcome) {
    events_.stored(key, content);
    return finish(key, true);
  }
  if (events_.is_worth_a_retry(key, outcome.error()))
    return retry(key);
  give_up(key, outcome.error());
}

/// The content is no valid profile: it is ignored until it changes.
void older_results::refuse(const profile_key& key, const error& reason) {
  complaints_.note(to_string(reason.cause), to_redis_key(key), reason.message);
  finish(key);
}

/// This result cannot be computed now. Others are not affected.
void older_results::give_up(const profile_key& key, const error& reason) {
  events_.given_up(key);
  refuse(key, reason);
}

/// The failure is transient.
void older_results::retry(const profile_key& key) {
  events_.failed();
  requeue(key);
}

void older_results::requeue(const profile_key& key) {
  if (!queue_.add(key))
    return give_up(key, too_many());
  release(key);
}

void older_results::finish(const profile_key& key, bool stored) {
  events_.over(key, stored);
  release(key);
}

void older_results::release(const profile_key& key) {
  --in_flight_;
  large_.done(key);
  events_.done();
}

} // namespace winnow
