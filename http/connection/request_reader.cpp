#include "http/connection/request_reader.hpp"

#include "http/text.hpp"

namespace winnow::http {

request_reader::request_reader(std::size_t header_limit, std::size_t body_limit)
    : header_limit_(header_limit), body_limit_(body_limit) {
  reset();
}

void request_reader::reset() {
  parser_.emplace(header_limit_, body_limit_);
  scanned_ = line_start_ = head_size_ = 0;
  head_done_ = false;
}

request_reader::progress request_reader::refuse(refusal why) {
  why_ = why;
  return progress::refused;
}

request_reader::progress request_reader::advance(std::string_view bytes, std::size_t& used) {
  used = 0;
  return head_done_ ? advance_body(bytes, used) : advance_head(bytes, used);
}

request_reader::progress request_reader::advance_head(std::string_view bytes, std::size_t& used) {
  // RFC 9112, 2.2: empty lines before a request are skipped; some clients send one after a body.
  while (scanned_ == 0 && bytes.substr(0, 2) == "\r\n") {
    bytes.remove_prefix(2);
    used += 2;
  }
  if (bytes.empty() || bytes == "\r")
    return progress::idle;
  // Refuses input that is not HTTP (e.g. a TLS handshake) at once, as its first line may never end.
  if (!is_alphanumeric(bytes.front()))
    return refuse({400, "the request line is malformed"});
  if (const auto wrong = scan(bytes))
    return refuse(*wrong);
  if (head_size_ == 0)
    return progress::head;
  if (!parser_->read_head(bytes.substr(0, head_size_)))
    return refuse(parser_->why());
  used += head_size_;
  head_done_ = true;
  return progress::routable;
}

/// Searches for the end of the header block, and validates the end of each line on the way.
std::optional<refusal> request_reader::scan(std::string_view bytes) {
  while (head_size_ == 0) {
    const std::size_t feed = bytes.find('\n', scanned_);
    if (feed == std::string_view::npos)
      break;
    if (feed == line_start_ || bytes[feed - 1] != '\r')
      return refusal{400, "a line ends without a carriage return"};
    if (line_start_ > 0 && (bytes[line_start_] == ' ' || bytes[line_start_] == '\t'))
      return refusal{400, "a header line is folded"};
    if (feed == line_start_ + 1)
      head_size_ = feed + 1;
    scanned_ = line_start_ = feed + 1;
  }
  if ((head_size_ == 0 ? bytes.size() : head_size_) > header_limit_)
    return line_start_ == 0 ? refusal{414, "the request line exceeds the limit"}
                            : refusal{431, "the headers exceed the limit"};
  if (head_size_ == 0)
    scanned_ = bytes.size();
  return std::nullopt;
}

request_reader::progress request_reader::advance_body(std::string_view bytes, std::size_t& used) {
  if (parser_->is_complete())
    return progress::complete;
  if (bytes.empty())
    return progress::body;
  if (!parser_->read_body(bytes, used))
    return refuse(parser_->why());
  if (parser_->is_complete())
    return progress::complete;
  // Only an incomplete chunk header or trailer leaves bytes unconsumed; a legitimate one is short.
  if (bytes.size() - used > header_limit_)
    return refuse({400, "a chunk header exceeds the limit"});
  return progress::body;
}

} // namespace winnow::http
