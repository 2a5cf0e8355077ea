#include "redis/service_record.hpp"

#include "redis/needed_commands.hpp"
#include "redis/refusal.hpp"

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
  if (!is_error(reply)) {
    last.confirmed = true;
    if (!last.partial)
      last.trouble.reset();
  } else if (refusal_of(text_of(reply)).scope != refusal_scope::key) {
    set(use, command, text_of(reply));
  }
}

void service_record::note_probe(store_use use, std::string_view command, gsl::span<const reply_ptr> replies) {
  doubted_[index_of(need_of(use))] = false;
  const auto refused =
      std::find_if(replies.begin(), replies.end(), [](const reply_ptr& reply) { return is_error(*reply); });
  if (refused != replies.end())
    return set(use, command, text_of(**refused));
  outcomes_[index_of(use)] = {true, false, std::nullopt};
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
  if (means.cause == fault::denied && means.scope == refusal_scope::key)
    return "Redis denies " + name + " of " + std::string(keys_of(use)) + " to user " + user_ +
           "; needed: " + std::string(key_patterns);
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
