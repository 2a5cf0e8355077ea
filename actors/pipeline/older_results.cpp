#include "actors/pipeline/older_results.hpp"

#include "actors/pipeline/profile_digest.hpp"
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
  if (!queue_.add(key))
    give_up(key, {fault::overloaded, "too many older profiles are waiting"});
}

void older_results::start(std::size_t room, const neighbours_ptr& neighbours,
                          std::chrono::milliseconds limit) {
  if (pausing_ || queue_.waiting() == 0 || room == 0)
    return;
  const auto keys = std::make_shared<const std::vector<profile_key>>(queue_.take(room));
  auto commands = std::make_shared<std::vector<store_command>>();
  for (const auto& key : *keys)
    commands->emplace_back(read_profile{key, false});
  in_flight_ += keys->size();
  watch_->ask<store_replies>(
      neighbours->background_gateway, limit,
      [this, keys, neighbours, limit](const store_replies& replies) {
        for (std::size_t i = 0; i < keys->size(); ++i)
          read((*keys)[i], (*replies)[i], neighbours, limit);
      },
      [this, keys](const caf::error&) {
        for (const auto& key : *keys)
          later(key);
      },
      execute_atom_v, store_commands(std::move(commands)));
}

void older_results::read(const profile_key& key, const store_reply& reply, const neighbours_ptr& neighbours,
                         std::chrono::milliseconds limit) {
  if (!reply && will_pass(reply.error().cause))
    return later(key);
  if (!reply) {
    give_up(key, reply.error());
    return finish();
  }
  if (!reply->value) {
    gone_(key);
    return finish();
  }
  auto parsed = parse_profile(*reply->value);
  if (!parsed) {
    give_up(key, parsed.error());
    return finish();
  }
  recommendation_request request{key.user_id, key.timestamp,
                                 std::make_shared<const profile>(std::move(parsed->items)),
                                 steady_clock::now() + limit, urgency::background};
  request.newest = false;
  request.left_out = parsed->left_out;
  request.source = profile_source{content_digest(*reply->value), fingerprint_of(*reply->value)};
  watch_->ask<recommendation_reply>(
      neighbours->recommender, limit * 2,
      [this, key](const recommendation_reply& outcome) {
        if (*outcome)
          return finish();
        if (will_pass(outcome->error().cause))
          return later(key);
        give_up(key, outcome->error());
        finish();
      },
      [this, key](const caf::error&) { later(key); }, recommend_atom_v,
      std::make_shared<const recommendation_request>(std::move(request)));
}

void older_results::later(const profile_key& key) {
  pausing_ = true;
  queue_.add(key);
  finish();
}

void older_results::finish() {
  --in_flight_;
  done_();
}

} // namespace winnow
