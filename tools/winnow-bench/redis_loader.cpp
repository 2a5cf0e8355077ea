#include "tools/winnow-bench/redis_loader.hpp"

#include <algorithm>
#include <cstdlib>
#include <hiredis.h>

namespace winnow::bench {

void redis_loader::closer::operator()(redisContext* context) const noexcept {
  redisFree(context);
}

result<redis_loader> redis_loader::connect(std::uint16_t port) {
  redis_loader made(redisConnect("127.0.0.1", port));
  if (!made.context_ || made.context_->err != 0)
    return fail(fault::unavailable, "cannot connect to redis-server at 127.0.0.1:" + std::to_string(port));
  return made;
}

result<std::int64_t> redis_loader::reply() {
  void* raw = nullptr;
  if (redisGetReply(context_.get(), &raw) != REDIS_OK)
    return fail(fault::io_error, std::string("redis-server: ") + context_->errstr);
  auto* const answer = static_cast<redisReply*>(raw);
  const bool refused = answer->type == REDIS_REPLY_ERROR;
  const auto text = refused ? std::string(answer->str, answer->len) : std::string();
  const std::int64_t number = answer->integer;
  freeReplyObject(answer);
  if (refused)
    return fail(fault::io_error, "redis-server: " + text);
  return number;
}

result<std::int64_t> redis_loader::ask(const char* command) {
  redisAppendCommand(context_.get(), command);
  return reply();
}

result<void> redis_loader::replies(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if (auto received = reply(); !received)
      return tl::unexpected(received.error());
  return {};
}

void redis_loader::append(std::initializer_list<std::string_view> words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const auto word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  redisAppendCommandArgv(context_.get(), static_cast<int>(texts.size()), texts.data(), sizes.data());
}

result<void> redis_loader::store_profiles(const std::vector<std::string>& users,
                                          const std::vector<std::string>& profiles) {
  constexpr std::size_t at_once = 500;
  for (std::size_t begin = 0; begin < users.size(); begin += at_once) {
    const auto end = std::min(begin + at_once, users.size());
    for (auto i = begin; i < end; ++i)
      append({"SET", "user_profile:" + users[i], profiles[i]});
    if (auto stored = replies(end - begin); !stored)
      return stored;
  }
  return {};
}

result<void> redis_loader::exchange_lists(const std::vector<std::string>& users) {
  constexpr std::size_t at_once = 16;
  const std::string list(20 * 14, 'x'); // the length of a list of 20 items
  for (std::size_t begin = 0; begin < users.size(); begin += at_once) {
    const auto end = std::min(begin + at_once, users.size());
    for (auto i = begin; i < end; ++i) {
      append({"GET", "user_profile:" + users[i]});
      append({"SET", "recommendations:" + users[i], list});
    }
    if (auto done = replies(2 * (end - begin)); !done)
      return done;
  }
  return {};
}

result<std::uint64_t> redis_loader::key_count() {
  return ask("DBSIZE").map([](std::int64_t count) { return static_cast<std::uint64_t>(count); });
}

result<bool> redis_loader::exists(const std::string& key) {
  append({"EXISTS", key});
  return reply().map([](std::int64_t count) { return count > 0; });
}

result<double> redis_loader::info(const std::string& field) {
  void* raw = nullptr;
  redisAppendCommand(context_.get(), "INFO");
  if (redisGetReply(context_.get(), &raw) != REDIS_OK)
    return fail(fault::io_error, std::string("redis-server: ") + context_->errstr);
  auto* const answer = static_cast<redisReply*>(raw);
  const std::string text = answer->str != nullptr ? std::string(answer->str, answer->len) : std::string();
  freeReplyObject(answer);
  const auto at = text.find("\n" + field + ":");
  if (at == std::string::npos)
    return fail(fault::malformed, "redis-server: INFO has no " + field);
  return std::strtod(text.c_str() + at + field.size() + 2, nullptr);
}

result<void> redis_loader::clear() {
  return ask("FLUSHALL").map([](std::int64_t) {});
}

} // namespace winnow::bench
