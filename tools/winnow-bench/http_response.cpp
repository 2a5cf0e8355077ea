#include "tools/winnow-bench/http_response.hpp"

#include <algorithm>
#include <charconv>
#include <strings.h>

namespace winnow::bench {

namespace {

/// Returns the value of a header, nullopt if it is missing.
std::optional<std::string_view> header_of(std::string_view head, std::string_view name) {
  for (auto line = head.find("\r\n"); line != std::string_view::npos; line = head.find("\r\n", line + 2)) {
    auto rest = head.substr(line + 2);
    if (rest.size() <= name.size() || rest[name.size()] != ':' ||
        strncasecmp(rest.data(), name.data(), name.size()) != 0)
      continue;
    rest = rest.substr(name.size() + 1, rest.find("\r\n") - name.size() - 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    return rest;
  }
  return std::nullopt;
}

} // namespace

result<std::optional<http_response>> parse_response(std::string_view bytes) {
  const auto head_size = bytes.find("\r\n\r\n");
  if (head_size == std::string_view::npos)
    return std::nullopt;
  const auto head = bytes.substr(0, head_size);
  http_response response;
  if (head.substr(0, 9) != "HTTP/1.1 " ||
      std::from_chars(head.data() + 9, head.data() + head.size(), response.status).ec != std::errc())
    return fail(fault::malformed, "expected an HTTP/1.1 response");
  const auto length = header_of(head, "content-length");
  std::size_t body_size = 0;
  if (!length ||
      std::from_chars(length->data(), length->data() + length->size(), body_size).ec != std::errc())
    return fail(fault::unsupported, "expected a response with a Content-Length");
  response.size = head_size + 4 + body_size;
  if (bytes.size() < response.size)
    return std::nullopt;
  response.body = bytes.substr(head_size + 4, body_size);
  const auto connection = header_of(head, "connection");
  response.closes = connection && connection->size() == 5 && strncasecmp(connection->data(), "close", 5) == 0;
  return response;
}

std::size_t count_recommendations(std::string_view body) {
  const auto key = body.find("\"recommendations\"");
  const auto begin = body.find('[', std::min(key, body.size()));
  const auto end = body.find(']', std::min(begin, body.size()));
  if (key == std::string_view::npos || end == std::string_view::npos)
    return 0;
  const auto list = body.substr(begin, end - begin);
  return static_cast<std::size_t>(std::count(list.begin(), list.end(), '"')) / 2;
}

std::size_t count_lists(std::string_view body) {
  constexpr std::string_view head = R"({"status":200,)";
  std::size_t count = 0;
  for (auto at = body.find(head); at != std::string_view::npos; at = body.find(head, at + head.size()))
    ++count;
  return count;
}

} // namespace winnow::bench
