#include "http/connection/response_head.hpp"

#include <boost/beast/http/status.hpp>
#include <charconv>

namespace winnow::http {

namespace {

void append_number(std::string& text, std::size_t number) {
  char digits[20];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
  text.append(digits, end);
}

/// Appends `value` with control characters replaced: they would let it end its line and begin another header.
void append_clean(std::string& text, std::string_view value) {
  const std::size_t start = text.size();
  text += value;
  for (std::size_t i = start; i < text.size(); ++i)
    if (static_cast<unsigned char>(text[i]) < 0x20 || text[i] == 0x7F)
      text[i] = ' ';
}

void append_line(std::string& text, std::string_view name, std::string_view value) {
  append_clean(text, name);
  text += ": ";
  append_clean(text, value);
  text += "\r\n";
}

} // namespace

std::string keep_alive_line_for(std::chrono::milliseconds idle_timeout) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(idle_timeout).count();
  return seconds == 0 ? std::string() : "Keep-Alive: timeout=" + std::to_string(seconds) + "\r\n";
}

bool may_have_body(unsigned status) noexcept {
  return status >= 200 && status != 204 && status != 304;
}

void write_head(const response& answer, const head_context& context, std::string& head) {
  const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(answer.status));
  head.assign("HTTP/1.1 ");
  append_number(head, answer.status);
  head += ' ';
  head.append(reason.data(), reason.size());
  head += "\r\nServer: winnow\r\nDate: ";
  head += context.date;
  head += "\r\n";
  if (!answer.body.empty() || answer.events)
    append_line(head, "Content-Type", answer.content_type);
  if (may_have_body(answer.status) && !answer.events) { // Events end with the connection.
    head += "Content-Length: ";
    append_number(head, answer.body.size());
    head += "\r\n";
  }
  append_line(head, "X-Request-ID", context.request_id);
  context.cors.append(context.origin, context.method, head);
  for (const auto& [name, value] : answer.headers)
    append_line(head, name, value);
  if (!context.keep_alive)
    head += "Connection: close\r\n";
  else
    head += context.keep_alive_line;
  if (context.keep_alive && context.http_1_0)
    head += "Connection: keep-alive\r\n";
  head += "\r\n";
}

} // namespace winnow::http
