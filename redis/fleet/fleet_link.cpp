#include "redis/fleet/fleet_link.hpp"

#include "redis/cluster/slot_table.hpp"
#include "redis/connection/refusal.hpp"
#include "redis/sentinel/server_access.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

result<reply_ptr> checked(std::string_view context, reply_ptr reply) {
  if (reply->type == REDIS_REPLY_ERROR)
    return tl::unexpected<error>(error_from_reply(context, text_of(*reply)));
  return reply;
}

bool is_elsewhere(const redisReply& reply) {
  if (reply.type != REDIS_REPLY_ERROR)
    return false;
  const auto text = text_of(reply);
  return begins_with_word(text, "MOVED") || begins_with_word(text, "ASK") ||
         begins_with_word(text, "TRYAGAIN") || begins_with_word(text, "CLUSTERDOWN");
}

namespace {

bool has_moved(const std::vector<reply_ptr>& replies) {
  return !replies.empty() && std::all_of(replies.begin(), replies.end(),
                                         [](const reply_ptr& reply) { return is_elsewhere(*reply); });
}

} // namespace

fleet_link::fleet_link(const store_settings& settings, std::string key)
    : settings_(settings), key_(std::move(key)), places_(settings.address.nodes),
      pauses_(settings.reconnect_min, settings.reconnect_max) {}

result<redis_connection> fleet_link::connect() {
  const auto deadline = redis_connection::clock::now() + settings_.connect_timeout;
  if (settings_.address.transport != store_address::kind::cluster)
    return open_server(settings_, deadline);
  const auto slots = fetch_slots(settings_, places_, deadline);
  if (!slots)
    return tl::unexpected<error>(slots.error());
  const auto owner = slots->owners[slot_of(key_)];
  if (owner < 0)
    return fail(fault::unavailable, to_string(settings_.address) + ": no master has the slot of " + key_);
  return redis_connection::open(settings_for_node(settings_, slots->masters[static_cast<std::size_t>(owner)]),
                                deadline);
}

result<void> fleet_link::open() {
  if (connection_)
    return {};
  if (last_error_ && pauses_.remaining().count() > 0)
    return tl::unexpected<error>(*last_error_);
  auto opened = connect();
  if (!opened) {
    lose(opened.error());
    return tl::unexpected<error>(std::move(opened.error()));
  }
  connection_ = std::move(*opened);
  pauses_.succeeded();
  return {};
}

void fleet_link::lose(error reason) {
  connection_.reset();
  pauses_.failed();
  last_error_ = std::move(reason);
}

result<std::vector<reply_ptr>> fleet_link::exchange(const command_batch& commands) {
  auto replies = exchange_once(commands);
  if (!replies || !has_moved(*replies))
    return replies;
  // Nothing was carried out, as all the keys are in one slot: the new master is asked at once.
  connection_.reset();
  replies = exchange_once(commands);
  if (replies && has_moved(*replies))
    lose(error_from_reply(key_, text_of(*replies->front())));
  return replies;
}

result<std::vector<reply_ptr>> fleet_link::exchange_once(const command_batch& commands) {
  if (auto opened = open(); !opened)
    return tl::unexpected<error>(std::move(opened.error()));
  auto answers = connection_->exchange(commands, redis_connection::clock::now() + settings_.command_timeout);
  if (answers.lost) {
    lose(*answers.lost);
    return tl::unexpected<error>(std::move(*answers.lost));
  }
  return std::move(answers.replies);
}

result<reply_ptr> fleet_link::call(const std::vector<std::string>& words) {
  command_batch batch;
  batch.add(gsl::span<const std::string>(words));
  auto replies = exchange(batch);
  if (!replies)
    return tl::unexpected<error>(std::move(replies.error()));
  return checked(words.front(), std::move(replies->front()));
}

result<reply_ptr> fleet_link::run(std::string_view script, const std::vector<std::string>& keys,
                                  const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"EVAL", std::string(script), std::to_string(keys.size())};
  words.insert(words.end(), keys.begin(), keys.end());
  words.insert(words.end(), arguments.begin(), arguments.end());
  return call(words);
}

} // namespace winnow
