#pragma once

#include "config/error.hpp"
#include "redis/connection/reply.hpp"
#include "redis/fleet/fleet_types.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Private to this folder: the fleet's replies as values. Errors: the server's, or `malformed`.

std::string to_json(const fleet_report& report);

/// @param reply Of the script `beat`.
result<fleet_state> as_fleet_state(const redisReply& reply);

/// @param reply An array of stream entries with one field each. Entries that were removed are left out.
result<std::vector<fleet_entry>> as_entries(std::string_view context, const redisReply& reply);

/// @param stored `TIME TEXT`, as the script `tell` stores it.
fleet_value as_value(std::string name, std::string_view stored);

/// @param reply An array of the entries of news. @param after What was told up to here is left out.
result<fleet_news> as_news(const redisReply& reply, std::uint64_t after);

result<std::vector<std::string>> as_texts(std::string_view context, const redisReply& reply);
result<std::vector<std::int64_t>> as_numbers(std::string_view context, const redisReply& reply,
                                             std::size_t count);

} // namespace winnow
