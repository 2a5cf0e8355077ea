#include "actors/pipeline/older_results.hpp"

#include "actors/pipeline/profile_digest.hpp"
#include "actors/runtime/costly_work.hpp"
#include "config/log/log.hpp"
#include "redis/profile.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace winnow {

namespace {

bool will_pass(fault cause) {
  return cause == fault::unavailable || cause == fault::timeout || cause == fault::overloaded;
}

} // namespace

void older_results::complain(const flood_limit::report& some) {
  log_event(log_level::warning, "profile_poller", "no result for an older profile",
            {{"profiles", some.count}, {"key", some.subject}, {"reason", some.reason}});
}

void older_results::give_up(const profile_key& key, const error& reason) {
  complaints_.note(to_string(reason.cause), to_redis_key(key), reason.message);
}

void older_results::add(const profile_key& key) {
  if (queue_.add(key))
    return;
  give_up(key, {fault::overloaded, "too many older profiles are waiting"});
  read_(key);
  over_(key, false);
}

void older_results::start(std::size_t room, const neighbours_ptr& neighbours,
                          std::chrono::milliseconds limit) {
  if (pausing_ || room == 0)
    return;
  if (auto large = large_.next()) {
    read({std::move(*large)}, 0, neighbours, limit);
    --room;
  }
  if (room > 0 && queue_.waiting() > 0)
    read(queue_.take(room), costly_work::costly_bytes, neighbours, limit);
}

/// @param most_bytes Profiles of more bytes are queued as large ones; 0: no limit.
void older_results::read(std::vector<profile_key> keys, std::size_t most_bytes,
                         const neighbours_ptr& neighbours, std::chrono::milliseconds limit) {
  auto commands = std::make_shared<std::vector<store_command>>();
  for (const auto& key : keys) {
    read_(key);
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
          later(key);
      },
      execute_atom_v, store_commands(std::move(commands)));
}

void older_results::consider(const profile_key& key, const store_reply& reply, const profile_reading& reading,
                             const neighbours_ptr& neighbours, std::chrono::milliseconds limit) {
  if (!reply && will_pass(reply.error().cause))
    return later(key);
  if (!reply) {
    give_up(key, reply.error());
    return finish(key);
  }
  if (reply->is_longer) {
    large_.add(key);
    --in_flight_;
    return done_();
  }
  if (!reply->value) {
    gone_(key);
    return finish(key);
  }
  auto parsed = parse_profile(*reply->value);
  if (!parsed) {
    give_up(key, parsed.error());
    return finish(key);
  }
  recommendation_request request{key.user_id, key.timestamp,
                                 std::make_shared<const profile>(std::move(parsed->items)),
                                 steady_clock::now() + limit, urgency::background};
  request.newest = false;
  request.left_out = parsed->left_out;
  request.reading = reading;
  request.source = profile_source{content_digest(*reply->value), fingerprint_of(*reply->value)};
  watch_->ask<recommendation_reply>(
      neighbours->recommender, limit * 2,
      [this, key](const recommendation_reply& outcome) {
        if (*outcome)
          return finish(key, true);
        if (will_pass(outcome->error().cause))
          return later(key);
        give_up(key, outcome->error());
        finish(key);
      },
      [this, key](const caf::error&) { later(key); }, recommend_atom_v,
      std::make_shared<const recommendation_request>(std::move(request)));
}

void older_results::later(const profile_key& key) {
  pausing_ = true;
  queue_.add(key);
  release(key);
}

void older_results::finish(const profile_key& key, bool stored) {
  over_(key, stored);
  release(key);
}

void older_results::release(const profile_key& key) {
  --in_flight_;
  large_.done(key);
  done_();
}

} // namespace winnow
