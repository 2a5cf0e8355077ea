#include "actors/admin/admin_routes.hpp"

#include "actors/admin/console/console_page.hpp"
#include "actors/admin/events_json.hpp"
#include "actors/admin/experiments_json.hpp"
#include "actors/admin/fault_api.hpp"
#include "actors/admin/model_routes.hpp"
#include "actors/admin/rules_json.hpp"
#include "actors/admin/status_json.hpp"
#include "config/log/log.hpp"
#include "config/settings/table/setting_value.hpp"
#include "http/access/access_policy.hpp"
#include "http/page_answer.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <optional>
#include <random>
#include <sstream>

namespace winnow {

namespace {

constexpr const char* component = "admin_server";
constexpr const char* steering_advice =
    "this changes the daemon, so it needs the steering token as Authorization: Bearer …; winnowctl reads it "
    "from the file that the daemon's log names, and winnowctl console opens a page that has it";

http::response json_answer(std::string body) {
  http::response answer;
  answer.body = std::move(body);
  return answer;
}

std::string random_token() {
  static thread_local std::random_device entropy;
  std::ostringstream text;
  for (int i = 0; i < 4; ++i)
    text << std::hex << entropy();
  return text.str();
}

http::handler pass(const admin_routes_parts& parts, admin_call::kind what) {
  return [sink = parts.pass_on, what](http::request request, http::responder answer) {
    sink(std::make_shared<const admin_call>(admin_call{what, std::move(request), std::move(answer)}));
  };
}

http::response kill(const actor_tree& tree, const http::request& request) {
  const std::string name(request.path_parameter("name"));
  const auto places = tree.places();
  const auto known =
      std::find_if(places.begin(), places.end(), [&](const auto& one) { return one.record->name() == name; });
  if (known == places.end())
    return http::json_error(404, "there is no actor " + name);
  if (known->record->parent() == 0)
    return http::json_error(403, name + " cannot be killed, because it restarts the other actors");
  if (known->record->is_group())
    return http::json_error(403, name + " is a group, not an actor: kill one of its actors");
  if (!known->actor)
    return http::json_error(409, name + " is not running; its state is " +
                                     std::string(to_string(known->record->state())));
  log_event(log_level::warning, component, "killing an actor", {{"actor", name}});
  caf::anon_send_exit(known->actor, caf::exit_reason::kill);
  return http::status_answer("success");
}

http::response change_log_level(const http::request& request) {
  const auto text = request.query_parameter("level");
  log_level level{};
  if (!text || !read_value(*text, level))
    return http::json_error(400, "level: expected trace, debug, info, warning or error");
  log_threshold(level);
  log_event(level, component, "log level changed", {{"level", to_string(level)}});
  return http::status_answer("success");
}

http::response kept_since(const http::request& request) {
  const event_ring& ring = kept_events();
  std::uint64_t since = 0;
  const auto text = request.query_parameter("since");
  if (text && !read_value(*text, since))
    return http::json_error(400, "since: expected an event id");
  return json_answer(R"({"epoch":")" + ring.epoch() + R"(","events":)" + events_json(ring.since(since)) +
                     "}");
}

http::response slow_requests_of(const tracer* traces) {
  if (traces == nullptr || traces->slow() == nullptr)
    return http::json_error(409, "slow requests are not recorded: start winnowd with --slow-log, for example "
                                 "--slow-log 50ms");
  return json_answer(traces->slow()->json());
}

http::response experiments_of(const taken_watch* taken, const model_registry* registry) {
  if (taken == nullptr)
    return http::json_error(409, "what users take is not watched: start winnowd with --watch-taken above 0");
  return json_answer(
      experiments_json(*taken, registry ? registry->state_of_trials() : model_registry::trials_state()));
}

http::response rules_in_force(const rules_board* rules) {
  return rules == nullptr ? http::json_error(409, "there are no rules: start winnowd with --rules FILE")
                          : json_answer(rules_json(rules->state()));
}

http::response console() {
  const auto nonce = random_token();
  return http::page_answer(console_page(nonce), nonce);
}

http::response to_console() {
  http::response answer;
  answer.status = 302;
  answer.headers.emplace_back("Location", "/console");
  return answer;
}

http::handler guarded(std::shared_ptr<const http::access_policy> access,
                      std::optional<http::response> (http::access_policy::*refuse)(const http::request&)
                          const,
                      http::handler handle) {
  return [access = std::move(access), refuse, handle = std::move(handle)](http::request request,
                                                                          http::responder answer) {
    if (auto refusal = ((*access).*refuse)(request))
      answer(std::move(*refusal));
    else
      handle(std::move(request), std::move(answer));
  };
}

} // namespace

std::shared_ptr<const http::router> make_admin_routes(const admin_routes_parts& parts) {
  auto routes = std::make_shared<http::router>();
  const auto& address = parts.admin.address;
  const bool by_name = address.unix_path.empty() && is_loopback(address.host);
  http::access_policy by_token(parts.admin.token, by_name);
  if (!parts.admin.token_file.empty()) // it holds the made token, also if another one is configured
    by_token.also_accept(parts.steering_token);
  const auto access = std::make_shared<const http::access_policy>(std::move(by_token));
  const auto steering =
      parts.admin.token.empty()
          ? std::make_shared<const http::access_policy>(parts.steering_token, by_name, steering_advice)
          : access;
  const auto add_as = [&](const auto& policy, auto refuse, const char* method, const char* pattern,
                          http::handler handle) {
    http::route added;
    added.method = method;
    added.pattern = pattern;
    added.handle = guarded(policy, refuse, std::move(handle));
    routes->add(std::move(added));
  };
  // What is not a GET changes something.
  const auto add = [&](const char* method, const char* pattern, http::handler handle) {
    add_as(std::string_view(method) == "GET" ? access : steering, &http::access_policy::refuse, method,
           pattern, std::move(handle));
  };
  const auto add_page = [&](const char* pattern, http::response (*page)()) {
    add_as(access, &http::access_policy::refuse_page, "GET", pattern,
           [page](const http::request&, const http::responder& answer) { answer(page()); });
  };
  add_page("/", to_console);
  add_page("/console", console);
  add("GET", "/stream", pass(parts, admin_call::kind::watch));
  add("GET", "/events",
      [](const http::request& request, const http::responder& answer) { answer(kept_since(request)); });
  add("GET", "/slow", [traces = parts.traces](const http::request&, const http::responder& answer) {
    answer(slow_requests_of(traces.get()));
  });
  add("GET", "/experiments",
      [taken = parts.taken, registry = parts.registry](const http::request&, const http::responder& answer) {
        answer(experiments_of(taken.get(), registry.get()));
      });
  add("GET", "/rules", [rules = parts.rules](const http::request&, const http::responder& answer) {
    answer(rules_in_force(rules.get()));
  });
  add("GET", "/rules/{user}", pass(parts, admin_call::kind::try_rules));
  add("GET", "/status", pass(parts, admin_call::kind::status));
  add("GET", "/trace/{user}", pass(parts, admin_call::kind::trace));
  add("POST", "/stages/{stage}/workers", pass(parts, admin_call::kind::scale));
  add("GET", "/history", [history = parts.history](const http::request&, const http::responder& answer) {
    answer(json_answer(history_json(history->all())));
  });
  add("POST", "/actors/{name}/kill",
      [tree = parts.tree](const http::request& request, const http::responder& answer) {
        answer(kill(*tree, request));
      });
  add("POST", "/faults/{stage}",
      [faults = parts.faults](const http::request& request, const http::responder& answer) {
        answer(order_fault(faults.get(), request));
      });
  add("DELETE", "/faults", [faults = parts.faults](const http::request&, const http::responder& answer) {
    answer(clear_faults(faults.get()));
  });
  add("POST", "/loglevel",
      [](const http::request& request, const http::responder& answer) { answer(change_log_level(request)); });
  add_model_routes(add, parts.registry);
  add("POST", "/drain", [drain = parts.on_drain](const http::request&, const http::responder& answer) {
    log_event(log_level::info, component, "an operator asks to drain and stop");
    auto accepted = http::status_answer("success");
    accepted.status = 202;
    answer(std::move(accepted));
    drain();
  });
  return routes;
}

} // namespace winnow
