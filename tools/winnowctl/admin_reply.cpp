#include "tools/winnowctl/admin_reply.hpp"

#include "config/text/json_text.hpp"
#include "tools/winnowctl/text_columns.hpp"

#include <algorithm>

namespace winnow {

namespace {

using nlohmann::json;

constexpr unsigned first_success = 200, first_redirection = 300, first_refusal = 400;
constexpr unsigned unauthorized = 401;

/// Every winnowd's REST port has it, and no admin endpoint.
constexpr const char* only_of_rest_ports = "/health";

constexpr const char* advice = "the admin address is printed at start, default 127.0.0.1:8002";

const json* member_of(const json& body, const std::string& name) {
  const auto found = body.find(name);
  return found == body.end() ? nullptr : &*found;
}

bool is_text(const json* member, const char* text) {
  return member != nullptr && member->is_string() && *member == text;
}

bool fits(const json& body, const reply_shape& expected) {
  if (!body.is_object() || expected.is_always_refused)
    return false;
  const auto is_object = [&](const std::string& name) {
    const auto* const member = member_of(body, name);
    return member != nullptr && member->is_object();
  };
  const auto is_list = [&](const std::string& name) {
    const auto* const member = member_of(body, name);
    return member != nullptr && member->is_array();
  };
  return std::all_of(expected.objects.begin(), expected.objects.end(), is_object) &&
         std::all_of(expected.lists.begin(), expected.lists.end(), is_list) &&
         (!expected.is_success || is_text(member_of(body, "status"), "success"));
}

/// Why winnowd refused; nullopt if this is no refusal of a winnowd.
std::optional<std::string> refusal_in(const json& body) {
  if (!body.is_object() || !is_text(member_of(body, "status"), "error"))
    return std::nullopt;
  const auto* const message = member_of(body, "message");
  return message != nullptr && message->is_string() ? std::optional(message->get<std::string>())
                                                    : std::nullopt;
}

/// E.g. `JSON with "daemon" and "actors"`.
std::string words_of(const reply_shape& expected) {
  std::string words;
  const auto add = [&](const std::string& member) { words += (words.empty() ? "" : " and ") + member; };
  for (const auto* const names : {&expected.objects, &expected.lists})
    for (const auto& name : *names)
      add('"' + name + '"');
  if (expected.is_success)
    add(R"("status":"success")");
  if (expected.is_always_refused)
    add(R"("status":"error")");
  return "JSON with " + words;
}

/// E.g. `HTTP status 200 with "<html>"`.
std::string words_of(const admin_answer& answer) {
  constexpr std::size_t shown = 60;
  return "HTTP status " + std::to_string(answer.status) +
         (answer.body.empty() ? " with nothing" : " with \"" + clipped(harmless(answer.body), shown) + '"');
}

tl::unexpected<error> no_admin_endpoint(const admin_answer& answer, const admin_address& where,
                                        const std::string& expected) {
  return fail(fault::unavailable, to_string(where) +
                                      " answered, but it is no winnowd's admin endpoint (expected " +
                                      expected + ", got " + words_of(answer) + "); " + advice);
}

/// Whether a winnowd's REST port is at the address. If it wants a token, it refuses this question as well.
bool is_rest_port(const admin_access& daemon) {
  const auto answer = ask_daemon(daemon, "GET", only_of_rest_ports);
  if (!answer)
    return false;
  const auto body = parse_json(answer->body);
  if (answer->status == unauthorized)
    return refusal_in(body).has_value();
  const auto* const status = body.is_object() ? member_of(body, "status") : nullptr;
  return is_text(status, "healthy") || is_text(status, "unhealthy");
}

} // namespace

result<admin_reply> read_reply(const admin_answer& answer, const admin_access& daemon,
                               const reply_shape& expected) {
  auto body = parse_json(answer.body);
  if (answer.status >= first_success && answer.status < first_redirection && fits(body, expected))
    return admin_reply{std::move(body), std::nullopt};
  if (answer.status < first_refusal)
    return no_admin_endpoint(answer, daemon.where, words_of(expected));
  auto refusal = refusal_in(body);
  if (!refusal)
    return no_admin_endpoint(answer, daemon.where,
                             R"(a refusal as JSON with "status":"error" and "message")");
  if (is_rest_port(daemon))
    return fail(fault::unavailable,
                to_string(daemon.where) + " is winnowd's REST port, not its admin endpoint; " + advice);
  return admin_reply{std::move(body), std::move(refusal)};
}

} // namespace winnow
