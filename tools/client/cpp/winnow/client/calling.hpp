#pragma once

#include "transport.hpp"

#include <algorithm>
#include <cctype>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

/// What the client does around each request: headers, time-outs, retries. Not for its users.
namespace winnow::client::detail {

/// One request.
struct call {
  call(const char* how, std::string where) : method(how), target(std::move(where)) {}

  const char* method;
  std::string target;
  std::string body = {};
  const char* accept = "application/json";
  bool accepts_503 = false;
  bool lacks_id = false; ///< The caller's mistake: an empty id.
};

struct answered {
  std::string body, request_id;
};

inline std::string percent_encoded(const std::string& text) {
  static const char* const digits = "0123456789ABCDEF";
  std::string encoded;
  for (const unsigned char one : text)
    if ((one < 0x80 && std::isalnum(one)) || one == '-' || one == '.' || one == '_' || one == '~')
      encoded += static_cast<char>(one);
    else
      (encoded += '%') += {digits[one >> 4U], digits[one & 15U]};
  return encoded;
}

/// Parses a URL; nullopt if it is none that can be used.
inline std::optional<address> parse_url(const std::string& url) {
  address where;
  where.tls = url.rfind("https://", 0) == 0;
  if (!where.tls && url.rfind("http://", 0) != 0)
    return std::nullopt;
  const auto rest = url.substr(where.tls ? 8 : 7);
  const auto slash = std::min(rest.find('/'), rest.size());
  const auto authority = rest.substr(0, slash);
  where.prefix = rest.substr(slash);
  while (!where.prefix.empty() && where.prefix.back() == '/')
    where.prefix.pop_back();
  const bool bracketed = !authority.empty() && authority.front() == '[';
  const auto end = bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (end == std::string::npos)
    return std::nullopt;
  where.host = authority.substr(bracketed, end - bracketed);
  const auto port = authority.substr(end + bracketed);
  where.port = port.empty() ? (where.tls ? "443" : "80") : port.substr(1);
  const bool is_number = !where.port.empty() && where.port.size() <= 5 &&
                         where.port.find_first_not_of("0123456789") == std::string::npos;
  if (where.host.empty() || (!port.empty() && port.front() != ':') || !is_number ||
      rest.find_first_of("?#@ ") != std::string::npos)
    return std::nullopt;
  return where;
}

/// Whether a header can carry the token: it has the form that RFC 6750, 2.1, gives it. A line end in it would
/// begin another header.
inline bool is_token(const std::string& text) {
  const auto end = text.find_last_not_of('=');
  return end != std::string::npos &&
         std::all_of(
             text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end) + 1, [](unsigned char one) {
               return one < 0x80 && (std::isalnum(one) ||
                                     std::string("-._~+/").find(static_cast<char>(one)) != std::string::npos);
             });
}

/// What is wrong with a token, without the token.
inline std::string token_fault(const std::string& token) {
  static const char* const space = " \t\r\n\v\f";
  const bool has_space_around =
      token.find_first_not_of(space) != 0 || token.find_last_not_of(space) + 1 != token.size();
  return has_space_around
             ? "token: expected no white space around it, such as the line end of a file that it "
               "was read from"
             : "token: expected letters, digits and -._~+/, with = at the end";
}

/// Makes requests until one succeeds, or it is not worth another.
class caller {
public:
  static result<std::unique_ptr<caller>> make(const std::string& url, const options& how) {
    auto where = parse_url(url);
    if (!where)
      return tl::unexpected<failure>(
          failure{cause::invalid_argument, "expected http://HOST:PORT or https://HOST:PORT, got " + url, {}});
    if (!how.token.empty() && !is_token(how.token))
      return tl::unexpected<failure>(failure{cause::invalid_argument, token_fault(how.token), {}});
    auto made = std::unique_ptr<caller>(new caller(std::move(*where), how));
    if (auto read = made->transport_.use_certificates(how); !read)
      return tl::unexpected<failure>(std::move(read.error()));
    return made;
  }

  result<answered> ask(const call& what) {
    if (what.lacks_id)
      return tl::unexpected<failure>(
          failure{cause::invalid_argument, "expected an id, got an empty one", {}});
    const auto request = request_for(what);
    const auto deadline = clock::now() + options_.timeout;
    for (unsigned failed = 0;; ++failed) {
      auto got = attempt(what, request, deadline);
      if (got || !got.error().repeatable || failed == options_.retries)
        return got;
      const auto pause = pause_after(got.error(), failed);
      if (clock::now() + pause >= deadline)
        return got;
      std::this_thread::sleep_for(pause);
    }
  }

private:
  caller(address where, const options& how) : options_(how), transport_(std::move(where)) {}

  transport::request request_for(const call& what) {
    transport::request made;
    made.method_string(what.method);
    made.target(transport_.where().prefix + what.target);
    made.version(11);
    made.set(http::field::host, transport_.where().authority());
    made.set(http::field::user_agent, "winnow-client-cpp/0.1.0");
    made.set(http::field::accept, what.accept);
    made.set("X-Request-ID", new_request_id());
    if (!options_.token.empty())
      made.set(http::field::authorization, "Bearer " + options_.token);
    if (!what.body.empty())
      made.set(http::field::content_type, "application/json");
    made.body() = what.body;
    made.prepare_payload();
    return made;
  }

  std::string new_request_id() {
    const auto number = random_();
    std::string text;
    for (unsigned shift = 0; shift < 64; shift += 4)
      text += "0123456789abcdef"[(number >> shift) & 15U];
    return text;
  }

  result<answered> attempt(const call& what, const transport::request& request, clock::time_point deadline) {
    transport::response answer;
    auto how = transport_.exchange(request, answer, deadline);
    // The daemon had closed a connection that was kept for long: it has not seen the request.
    if (how.code && how.kept && !how.begun && how.code != beast::error::timeout)
      how = transport_.exchange(request, answer = {}, deadline);
    const std::string sent_id(request["X-Request-ID"]);
    if (how.code)
      return broken(what, how, sent_id);
    auto id = answer.count("X-Request-ID") != 0 ? std::string(answer["X-Request-ID"]) : sent_id;
    const auto status = answer.result_int();
    if (status / 100 == 2 || (status == 503 && what.accepts_503))
      return answered{std::move(answer.body()), std::move(id)};
    const auto document = nlohmann::json::parse(answer.body(), nullptr, false);
    const bool speaks =
        document.is_object() && document.contains("message") && document["message"].is_string();
    failure refused{cause::refused,
                    speaks ? document["message"].get<std::string>() : answer.body().substr(0, 200),
                    std::move(id),
                    status,
                    seconds_of(std::string(answer[http::field::retry_after])),
                    status == 429 || status == 503};
    return tl::unexpected<failure>(std::move(refused));
  }

  result<answered> broken(const call& what, const outcome& how, const std::string& id) const {
    failure lost{cause::connection, transport_.where().authority() + ": " + how.code.message(), id};
    lost.repeatable = (!how.sent || what.method != std::string("POST")) && !how.certificate_refused;
    if (how.code == beast::error::timeout) {
      lost.why = cause::timeout;
      lost.repeatable = false; // no time is left
    } else if (how.code.category() == http::make_error_code(http::error::bad_version).category() &&
               how.code != http::error::end_of_stream && how.code != http::error::partial_message) {
      lost.why = cause::invalid_answer;
      lost.repeatable = false;
    }
    return tl::unexpected<failure>(std::move(lost));
  }

  /// Of a Retry-After header with a number, which is what the daemon sends.
  static std::optional<std::chrono::seconds> seconds_of(const std::string& text) {
    if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos)
      return std::nullopt;
    return std::chrono::seconds(std::stol(text));
  }

  /// Grows, and differs between clients, so that they do not all come back at the same moment.
  std::chrono::milliseconds pause_after(const failure& last, unsigned failed) {
    const long longest = std::min(100L << std::min(failed, 5U), 2000L);
    const std::chrono::milliseconds own(std::uniform_int_distribution<long>(longest / 2, longest)(random_));
    return std::max<std::chrono::milliseconds>(own, last.retry_after.value_or(std::chrono::seconds(0)));
  }

  options options_;
  transport transport_;
  std::mt19937_64 random_{(std::uint64_t{std::random_device()()} << 32U) | std::random_device()()};
};

} // namespace winnow::client::detail
