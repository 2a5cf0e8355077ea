#include "redis/store/service_record.hpp"

#include "redis/connection/node_failure.hpp"
#include "redis/connection/refusal.hpp"
#include "redis/needed_commands.hpp"

#include <algorithm>
#include <cstddef>

namespace winnow {
namespace {

std::size_t index_of(store_use use) {
  return static_cast<std::size_t>(use);
}

std::size_t index_of(store_need need) {
  return static_cast<std::size_t>(need);
}

bool is_error(const redisReply& reply) {
  return reply.type == REDIS_REPLY_ERROR;
}

} // namespace

void service_record::note(store_use use, std::string_view command, const redisReply& reply) {
  auto& last = outcomes_[index_of(use)];
  doubted_[index_of(need_of(use))] = false;
  note_key(use, reply);
  if (!is_error(reply)) {
    last.confirmed = true;
    if (!last.partial)
      last.trouble.reset();
  } else if (refusal_of(text_of(reply)).scope != refusal_scope::key) {
    set(use, command, text_of(reply));
  }
}

void service_record::note_key(store_use use, const redisReply& reply) {
  if (!is_error(reply))
    rights_->served(use);
  else if (is_key_denied(reply))
    rights_->denied(use);
}

void service_record::note_probe(store_use use, std::string_view command, gsl::span<const reply_ptr> replies) {
  doubted_[index_of(need_of(use))] = false;
  const auto is_denied = [](const reply_ptr& reply) { return is_key_denied(*reply); };
  if (std::any_of(replies.begin(), replies.end(), is_denied))
    rights_->probe_denied(use);
  else
    rights_->probe_served(use);
  const auto first = [&](const auto& condition) {
    const auto found = std::find_if(replies.begin(), replies.end(), condition);
    return found == replies.end() ? nullptr : found->get();
  };
  // A node that names its reason says more than the others, which miss it.
  const redisReply* refused = first([](const reply_ptr& reply) {
    return is_error(*reply) && node_failure_of(text_of(*reply)).has_value();
  });
  if (refused == nullptr)
    refused = first([&](const reply_ptr& reply) { return counts(use, *reply); });
  if (refused != nullptr)
    return set(use, command, text_of(*refused));
  outcomes_[index_of(use)] = {true, false, std::nullopt};
}

bool service_record::is_key_denied(const redisReply& reply) {
  if (!is_error(reply))
    return false;
  const auto means = refusal_of(text_of(reply));
  return means.cause == fault::denied && means.scope == refusal_scope::key;
}

/// Whether the reply to a probe says that the use is refused.
bool service_record::counts(store_use use, const redisReply& reply) const {
  return is_error(reply) && !(is_key_denied(reply) && rights_->are_served(use));
}

void service_record::set(store_use use, std::string_view command, std::string_view refusal_text) {
  const bool partial = refusal_of(refusal_text).scope == refusal_scope::slot;
  outcomes_[index_of(use)] = {
      false, partial,
      store_trouble{words_for(use, command, refusal_text), error_from_reply(command, refusal_text).message}};
}

std::string service_record::words_for(store_use use, std::string_view command,
                                      std::string_view refusal_text) const {
  const auto means = refusal_of(refusal_text);
  const std::string name(command);
  if (means.cause == fault::denied && means.scope == refusal_scope::command)
    return "Redis denies " + name + " to user " + user_ + "; needed: " + indispensable_commands();
  if (means.cause == fault::denied && means.scope == refusal_scope::key) // only a probe's key counts
    return "Redis denies " + name + " of " + std::string(keys_of(use)) + " to user " + user_ +
           ": it denied the probe's key " + probe_keys_of(use) +
           ", and served no user's; needed: " + std::string(key_patterns);
  if (const auto node = node_failure_of(refusal_text))
    return "the node " + std::string(node->address) + " of the Redis cluster: " + std::string(node->words);
  if (means.scope == refusal_scope::command)
    return "Redis does not know " + name + "; needed: " + indispensable_commands();
  return std::string(means.meaning);
}

const std::optional<store_trouble>& service_record::trouble(store_use use) const {
  return outcomes_[index_of(use)].trouble;
}

service_record::troubles service_record::all_troubles() const {
  troubles all;
  for (std::size_t i = 0; i < store_uses; ++i) {
    auto& of_need = all[index_of(need_of(static_cast<store_use>(i)))];
    if (!of_need)
      of_need = outcomes_[i].trouble;
  }
  return all;
}

bool service_record::confirmed(store_use use) const {
  const auto& last = outcomes_[index_of(use)];
  return last.confirmed && !last.trouble;
}

void service_record::begin_round() {
  rights_->end_round();
  for (auto& one : outcomes_)
    one.confirmed = false;
}

bool service_record::is_in_doubt() const {
  return std::find(doubted_.begin(), doubted_.end(), true) != doubted_.end();
}

bool service_record::is_partial() const {
  return std::any_of(outcomes_.begin(), outcomes_.end(), [](const outcome& one) { return one.partial; });
}

} // namespace winnow
