#include "http/connection/request_parser.hpp"

#include "http/connection/request_target.hpp"
#include "http/percent_decoding.hpp"
#include "http/text.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>

namespace winnow::http {

namespace {

namespace parse_error = boost::beast::http;

constexpr std::size_t target_limit = 4096;
// Memory that is reserved for a body before it arrives: a client that only announces a large one gets no
// more.
constexpr std::size_t first_reserve = std::size_t{16} * 1024;

std::string_view view(boost::beast::string_view text) noexcept {
  return {text.data(), text.size()};
}

void append_list(std::string& list, std::string_view value) {
  if (!list.empty())
    list += ',';
  list += value;
}

/// 1 to 128 characters that are safe in a header, a log line and a shell.
bool is_sane_id(std::string_view id) noexcept {
  return !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), [](char c) {
    return is_alphanumeric(c) || std::string_view("._:/+=@-").find(c) != std::string_view::npos;
  });
}

bool is_number(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// Whether the body is in chunks, and what they carry is encoded, as in `gzip, chunked`.
bool is_encoded_in_chunks(std::string_view codings) noexcept {
  const auto comma = codings.rfind(',');
  if (comma == std::string_view::npos || !equal_ignoring_case(trimmed(codings.substr(comma + 1)), "chunked"))
    return false;
  std::string_view rest = codings.substr(0, comma);
  do {
    std::string_view coding = next_part(rest, ',');
    const std::string_view name = next_part(coding, ';');
    if (name.empty() || equal_ignoring_case(name, "chunked"))
      return false;
  } while (!rest.empty());
  return true;
}

/// Whether the request line ends in a well-formed version. Distinguishes unsupported versions from malformed
/// ones.
bool names_a_version(std::string_view head) noexcept {
  const std::string_view line = head.substr(0, head.find('\r'));
  const auto at = line.rfind(" HTTP/");
  if (at == std::string_view::npos)
    return false;
  const std::string_view version = line.substr(at + 6);
  return !version.empty() && is_digit(version.front()) && is_digit(version.back()) &&
         std::all_of(version.begin(), version.end(), [](char c) { return is_digit(c) || c == '.'; });
}

} // namespace

request_parser::request_parser(std::size_t header_limit, std::size_t body_limit) {
  // The reader has checked the size already: with one more byte, Beast's own limit never applies.
  base::header_limit(static_cast<std::uint32_t>(header_limit + 1));
  base::body_limit(body_limit);
  base::eager(true);
}

bool request_parser::refuse(unsigned status, std::string_view message) {
  why_ = {status, message};
  return false;
}

bool request_parser::refuse(error_code cause) {
  using parse_error::error;
  if (cause == error::body_limit)
    return refuse(413, "the body exceeds the limit");
  if (cause == error::header_limit)
    return refuse(431, "the headers exceed the limit");
  if (cause == error::bad_method || cause == error::bad_target || cause == error::bad_version)
    return refuse(400, "the request line is malformed");
  if (cause == error::bad_content_length)
    return refuse(400, "Content-Length is malformed, repeated or combined with Transfer-Encoding");
  if (cause == error::bad_transfer_encoding)
    return refuse(400, "Transfer-Encoding is repeated or combined with Content-Length");
  if (cause == error::bad_chunk || cause == error::bad_chunk_extension)
    return refuse(400, "the chunked body is malformed");
  return refuse(400, "the header fields are malformed");
}

bool request_parser::read_head(std::string_view head) {
  error_code ec;
  put(boost::asio::buffer(head.data(), head.size()), ec);
  if (ec == parse_error::error::bad_version && names_a_version(head))
    return refuse(505, "only HTTP/1.1 and HTTP/1.0 are supported");
  if (ec)
    return refuse(ec);
  incoming_.has_body = !is_done();
  return check_target() && check_framing();
}

bool request_parser::check_framing() {
  if (hosts_ > 1 || (hosts_ == 0 && !incoming_.http_1_0))
    return refuse(400, "exactly one Host header is required");
  if (!incoming_.seen.host.empty() && !normal_authority(incoming_.seen.host, "http"))
    return refuse(400, "the Host header is malformed");
  if (authorizations_ > 1) // a proxy may have checked another one
    return refuse(400, "Authorization is repeated");
  if (lengths_ > 1)
    return refuse(400, "Content-Length is repeated");
  if (codings_ == 0)
    return true;
  if (incoming_.http_1_0)
    return refuse(400, "HTTP/1.0 has no Transfer-Encoding");
  if (codings_ > 1 || lengths_ > 0)
    return refuse(400, "Transfer-Encoding is repeated or combined with Content-Length");
  if (is_encoded_in_chunks(coding_)) // RFC 9112, 6.1
    return refuse(501, "the only supported Transfer-Encoding is chunked");
  if (!equal_ignoring_case(coding_, "chunked"))
    return refuse(400, "the only supported Transfer-Encoding is chunked");
  return true;
}

bool request_parser::check_target() {
  std::string& target = incoming_.target;
  if (target.size() > target_limit)
    return refuse(414, "the target exceeds 4096 bytes");
  if (target.front() != '/' && !take_absolute_form())
    return false;
  if (target.front() != '/' && !(target == "*" && incoming_.seen.method == "OPTIONS"))
    return refuse(400, "the target must be a path that starts with '/'");
  if (std::any_of(target.begin(), target.end(),
                  [](char c) { return static_cast<unsigned char>(c) > 0x7F || c == '#'; }))
    return refuse(400, "the target contains characters that must be percent-encoded");
  const std::size_t mark = std::min(target.find('?'), target.size());
  incoming_.seen.path.assign(target, 0, mark);
  if (mark < target.size() && !split_query(std::string_view(target).substr(mark + 1), incoming_.seen.query))
    return refuse(400, "the query contains a malformed percent-encoding or a NUL");
  return true;
}

/// Reduces a target in absolute form to its path and query.
bool request_parser::take_absolute_form() {
  std::string& target = incoming_.target;
  const auto parts = split_absolute(target);
  if (!parts)
    return true; // `*`, or a target that is refused next.
  const auto wanted = normal_authority(parts->authority, parts->scheme);
  if (!wanted)
    return refuse(400, "the target's authority is malformed or contains user information");
  // RFC 9112 lets the authority replace a Host that differs. Refusing it is safer: a proxy may have decided
  // by either.
  if (hosts_ > 0 && normal_authority(incoming_.seen.host, parts->scheme) != wanted)
    return refuse(400, "the target's authority is not that of the Host header");
  if (hosts_ == 0)
    incoming_.seen.host = *wanted;
  std::string rest(parts->rest);
  if (rest.empty() && incoming_.seen.method == "OPTIONS")
    rest = "*"; // RFC 9112, 3.2.4
  else if (rest.empty() || rest.front() == '?')
    rest.insert(0, 1, '/');
  target = std::move(rest);
  return true;
}

bool request_parser::read_body(std::string_view bytes, std::size_t& used) {
  used = 0;
  // No chunked body is shorter than `0 CRLF CRLF`, and Beast fails an assertion if given only four bytes of
  // one.
  if (chunked() && incoming_.seen.body.empty() && bytes.size() < 5)
    return true;
  error_code ec;
  used = put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
  return !ec || ec == parse_error::error::need_more || refuse(ec);
}

void request_parser::on_request_impl(verb /*known*/, string_view method, string_view target, int version,
                                     error_code& /*ec*/) {
  incoming_.seen.method = view(method);
  incoming_.target = view(target);
  incoming_.http_1_0 = version == 10;
}

void request_parser::on_field_impl(field name, string_view text, string_view value, error_code& ec) {
  if (head_done_)
    return; // Fields of a trailer are ignored.
  switch (name) {
  case field::host:
    ++hosts_;
    incoming_.seen.host = view(value);
    break;
  case field::content_length:
    ++lengths_;
    if (!is_number(view(value))) // Beast accepts the list `3, 3`.
      ec = parse_error::error::bad_content_length;
    break;
  case field::transfer_encoding:
    ++codings_;
    coding_ = view(value);
    break;
  case field::content_type:
    incoming_.seen.content_type = view(value);
    break;
  case field::content_encoding:
    append_list(incoming_.content_encoding, view(value));
    break;
  case field::accept:
    append_list(incoming_.seen.accept, view(value));
    break;
  case field::prefer:
    append_list(incoming_.seen.prefer, view(value));
    break;
  case field::authorization:
    ++authorizations_;
    incoming_.seen.authorization = view(value);
    break;
  case field::origin:
    incoming_.origin = view(value);
    incoming_.seen.origin = incoming_.origin;
    break;
  case field::expect:
    incoming_.expect = view(value);
    break;
  case field::access_control_request_method:
    incoming_.preflight_method = view(value);
    break;
  case field::access_control_request_headers:
    append_list(incoming_.preflight_headers, view(value));
    break;
  default:
    on_further_field(view(text), view(value));
  }
}

/// Handles the fields for which Beast has no enumerator.
void request_parser::on_further_field(std::string_view name, std::string_view value) {
  if (equal_ignoring_case(name, "x-request-id") && is_sane_id(value))
    incoming_.seen.request_id = value;
  else if (equal_ignoring_case(name, "last-event-id") && is_sane_id(value))
    incoming_.seen.last_event_id = value;
  else if (equal_ignoring_case(name, "x-forwarded-for"))
    append_list(incoming_.x_forwarded_for, value);
  else if (equal_ignoring_case(name, "forwarded"))
    append_list(incoming_.forwarded, value);
  else if (equal_ignoring_case(name, "traceparent"))
    append_list(incoming_.seen.traceparent, value);
  else if (equal_ignoring_case(name, "tracestate"))
    append_list(incoming_.seen.tracestate, value);
  else if (equal_ignoring_case(name, "sec-fetch-site"))
    incoming_.seen.fetch_site = value;
}

void request_parser::on_header_impl(error_code& /*ec*/) {
  head_done_ = true;
  incoming_.declares_body = lengths_ + codings_ > 0;
}

void request_parser::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& /*ec*/) {
  if (length)
    incoming_.seen.body.reserve(std::min<std::size_t>(*length, first_reserve));
}

std::size_t request_parser::on_body_impl(string_view bytes, error_code& /*ec*/) {
  incoming_.seen.body.append(bytes.data(), bytes.size());
  return bytes.size();
}

void request_parser::on_chunk_header_impl(std::uint64_t /*size*/, string_view /*extension*/,
                                          error_code& /*ec*/) {}

std::size_t request_parser::on_chunk_body_impl(std::uint64_t /*rest*/, string_view bytes, error_code& ec) {
  return on_body_impl(bytes, ec);
}

void request_parser::on_finish_impl(error_code& /*ec*/) {}

} // namespace winnow::http
