#include "redis/store/store_use.hpp"

#include <string>

namespace winnow {
namespace {

bool is_error(const redisReply& reply) {
  return reply.type == REDIS_REPLY_ERROR;
}

std::vector<use_reply> told_by(const write_list& write, const list_dialect& lists,
                               gsl::span<const reply_ptr> replies) {
  constexpr long long stored = 1; // what the script returns
  const bool scripted = is_scripted(write, lists);
  if (scripted && !is_error(*replies[0]) && replies[0]->integer != stored)
    return {};
  std::vector<use_reply> told;
  std::size_t next = 0;
  const auto add = [&](store_use use) {
    told.push_back({use, *replies[next]});
    next += scripted ? 0 : 1;
  };
  if (write.newest)
    add(store_use::list_writes);
  if (!write.timestamp.empty())
    add(store_use::result_writes);
  return told;
}

} // namespace

store_need need_of(store_use use) {
  switch (use) {
  case store_use::profile_reads:
  case store_use::list_reads:
    return store_need::reading;
  case store_use::list_writes:
  case store_use::result_writes:
    return store_need::storing;
  case store_use::scans:
    return store_need::listing;
  }
  return store_need::reading;
}

std::string_view command_name(store_use use, const store_dialect& dialect) {
  switch (need_of(use)) {
  case store_need::reading:
    return dialect.getrange ? "GETRANGE" : "GET";
  case store_need::storing:
    return "SET";
  case store_need::listing:
    return "SCAN";
  }
  return "";
}

std::string_view keys_of(store_use use) {
  switch (use) {
  case store_use::profile_reads:
    return "user_profile:*";
  case store_use::list_reads:
  case store_use::list_writes:
    return "recommendations:*";
  case store_use::result_writes:
    return "recommendation_result:*";
  case store_use::scans:
    return "";
  }
  return "";
}

std::string probe_keys_of(store_use use) {
  auto keys = std::string(keys_of(use));
  if (const auto star = keys.find('*'); star != std::string::npos)
    keys.insert(star, probe_user_prefix);
  return keys;
}

std::vector<use_reply> told_uses(const store_command& command, const store_dialect& dialect,
                                 gsl::span<const reply_ptr> replies) {
  if (const auto* const read = std::get_if<read_profile>(&command)) {
    std::vector<use_reply> told{{store_use::profile_reads, *replies[0]}};
    if (read->with_list_presence) // perhaps by EXISTS
      told.push_back({store_use::list_reads, *replies[1], true});
    return told;
  }
  if (const auto* const read = std::get_if<read_list>(&command))
    return read->timestamp.empty() ? std::vector<use_reply>{{store_use::list_reads, *replies[0]}}
                                   : std::vector<use_reply>{}; // results are no lists of users
  if (const auto* const write = std::get_if<write_list>(&command))
    return told_by(*write, dialect.lists, replies);
  if (std::holds_alternative<write_profile>(command) && is_error(*replies[0]))
    return {{store_use::list_writes, *replies[0]}}; // what refuses all writes refuses lists, too
  return {};
}

bool has_timestamp(const store_command& command) {
  if (const auto* const read = std::get_if<read_profile>(&command))
    return !read->key.timestamp.empty();
  const auto* const write = std::get_if<write_list>(&command);
  return write != nullptr && !write->timestamp.empty();
}

} // namespace winnow
