#include "actors/rest/list_pages.hpp"

#include "actors/pipeline/profile_digest.hpp"
#include "actors/rest/rest_answers.hpp"
#include "config/settings/table/setting_value.hpp"
#include "config/text/json_text.hpp"
#include "config/text/percent_encoding.hpp"
#include "http/negotiation.hpp"
#include "redis/records/profile.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::ordered_json;

// A cursor is the list's digest in 16 hexadecimal digits, the offset, and the limit (0: none).

std::string cursor_text(std::uint64_t list, std::size_t offset, std::optional<std::size_t> limit) {
  char digest[17];
  std::snprintf(digest, sizeof digest, "%016llx", static_cast<unsigned long long>(list));
  return std::string(digest) + "-" + std::to_string(offset) + "-" + std::to_string(limit.value_or(0));
}

std::optional<std::uint64_t> digest_in(std::string_view text) {
  std::uint64_t digest = 0;
  if (text.size() != 16)
    return std::nullopt;
  for (const char c : text) {
    const auto digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos)
      return std::nullopt;
    digest = digest << 4U | digit;
  }
  return digest;
}

std::optional<list_page> parse_cursor(std::string_view text) {
  const auto first = text.find('-'), second = text.find('-', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos)
    return std::nullopt;
  const auto digest = digest_in(text.substr(0, first));
  list_page page;
  std::size_t limit = 0;
  if (!digest || !read_value(text.substr(first + 1, second - first - 1), page.offset) ||
      !read_value(text.substr(second + 1), limit) || page.offset > list_page::most || limit > list_page::most)
    return std::nullopt;
  page.list = digest;
  if (limit > 0)
    page.limit = limit;
  return page;
}

http::response changed_answer(std::string_view user_id, const list_page& page) {
  const auto begin = "/recommendations/" + percent_encode(user_id) +
                     (page.limit ? "?limit=" + std::to_string(*page.limit) : "?offset=0");
  http::response answer;
  answer.status = 410;
  answer.body = ordered_json{
      {"status", "error"},
      {"message", "the list has changed since this cursor was given: begin anew with "
                  "GET " +
                      begin},
      {"begin",
       begin}}.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  return answer;
}

} // namespace

result<std::optional<list_page>> read_list_page(const http::request& asked) {
  const auto cursor = asked.query_parameter("cursor");
  const bool has_limit = asked.query_parameter("limit").has_value();
  const bool has_offset = asked.query_parameter("offset").has_value();
  if (!cursor && !has_limit && !has_offset)
    return std::nullopt;
  list_page page;
  if (cursor) {
    const auto parsed = parse_cursor(*cursor);
    if (!parsed)
      return fail(fault::invalid_argument, "cursor: expected the next of an earlier page");
    if (has_offset)
      return fail(fault::invalid_argument, "offset: expected none beside a cursor, which has its own");
    page = *parsed;
  }
  const auto offset = http::number_parameter(asked, "offset", page.offset, 0, list_page::most);
  const auto limit = http::number_parameter(asked, "limit", page.limit.value_or(1), 1, list_page::most);
  for (const auto* number : {&offset, &limit})
    if (!*number)
      return tl::unexpected(number->error());
  page.offset = *offset;
  if (has_limit)
    page.limit = *limit;
  return page;
}

http::response list_page_answer(std::string_view user_id, const store_value& stored, const list_page& page,
                                const withheld_items* withheld) {
  const auto items = stored.value ? parse_profile(*stored.value) : fail(fault::not_found, "no list");
  if (!items)
    return stored_list_answer(user_id, stored, withheld);
  const auto list = content_digest(*stored.value);
  if (page.list && *page.list != list)
    return changed_answer(user_id, page);
  const auto& ids = items->items;
  const auto begin = std::min(page.offset, ids.size());
  const auto is_withheld = [withheld](const std::string& id) {
    return withheld != nullptr && withheld->find(id).has_value();
  };
  std::string shown;
  std::size_t count = 0;
  auto end = begin;
  for (; end < ids.size() && count < page.limit.value_or(ids.size()); ++end)
    if (!is_withheld(ids[end]))
      shown += (count++ == 0 ? "" : ",") + json_string(ids[end]);
  // The next page would be empty if nothing but withheld items followed.
  const bool has_next = !std::all_of(ids.begin() + static_cast<std::ptrdiff_t>(end), ids.end(), is_withheld);
  http::response answer;
  answer.body = R"({"status":"success","recommendations":[)" + shown + R"(],"offset":)" +
                std::to_string(begin) + R"(,"total":)" + std::to_string(ids.size());
  if (has_next)
    answer.body += R"(,"next":")" + cursor_text(list, end, page.limit) + '"';
  answer.body += '}';
  return answer;
}

} // namespace winnow
