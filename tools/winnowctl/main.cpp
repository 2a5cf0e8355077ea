#include "config/system/admin_token_file.hpp"
#include "config/text/percent_encoding.hpp"
#include "tools/support/finished_output.hpp"
#include "tools/winnowctl/admin_client.hpp"
#include "tools/winnowctl/admin_reply.hpp"
#include "tools/winnowctl/all_replicas.hpp"
#include "tools/winnowctl/ctl_options.hpp"
#include "tools/winnowctl/events_view.hpp"
#include "tools/winnowctl/exit_codes.hpp"
#include "tools/winnowctl/experiments_view.hpp"
#include "tools/winnowctl/fleet_view.hpp"
#include "tools/winnowctl/models_view.hpp"
#include "tools/winnowctl/refusal.hpp"
#include "tools/winnowctl/reply_shapes.hpp"
#include "tools/winnowctl/rules_view.hpp"
#include "tools/winnowctl/slow_view.hpp"
#include "tools/winnowctl/status_view.hpp"
#include "tools/winnowctl/top_screen.hpp"
#include "tools/winnowctl/trace_view.hpp"

#include <cstdio>

namespace {

using namespace winnow;
using nlohmann::json;

constexpr unsigned unauthorized = 401;
constexpr unsigned bad_request = 400;

/// Of commands that wait until models are loaded.
constexpr std::chrono::minutes loading_patience{10};

struct question {
  const char* method;
  std::string target;
  std::chrono::seconds patience{10};
};

question question_about_models(const ctl_options& asked) {
  const auto version = "/models/" + percent_encode(asked.subject);
  if (asked.action == "list")
    return {"GET", "/models"};
  if (asked.action == "report")
    return {"GET", asked.subject.empty() ? "/models/report" : version + "/report"};
  if (asked.action == "rollback")
    return {"POST", "/models/rollback", loading_patience};
  if (asked.action == "unpin")
    return {"DELETE", version + "/pin"};
  if (asked.action == "delete")
    return {"DELETE", version};
  if (asked.action == "unshadow")
    return {"DELETE", "/shadow"};
  if (asked.action == "shadow")
    return {"POST", version + "/shadow" + (asked.share > 0 ? "?share=" + std::to_string(asked.share) : ""),
            loading_patience};
  return {"POST", version + "/" + asked.action + (asked.force ? "?force=true" : ""), loading_patience};
}

question question_about_experiments(const ctl_options& asked) {
  if (asked.action == "stop")
    return {"DELETE", "/experiments"};
  if (asked.action != "start")
    return {"GET", "/experiments"};
  return {"POST",
          "/experiments/" + percent_encode(asked.subject) + "?versions=" + percent_encode(asked.versions) +
              (asked.salt.empty() ? "" : "&salt=" + percent_encode(asked.salt)) +
              (asked.force ? "&force=true" : ""),
          loading_patience};
}

question question_for(const ctl_options& asked) {
  const auto subject = percent_encode(asked.subject);
  switch (asked.command) {
  case ctl_command::status:
  case ctl_command::tree:
  case ctl_command::top:
  case ctl_command::fleet:
    return {"GET", "/status"};
  case ctl_command::events:
    return {"GET", "/events"};
  case ctl_command::slow:
    return {"GET", "/slow"};
  case ctl_command::experiments:
    return question_about_experiments(asked);
  case ctl_command::trace:
    return {"GET", "/trace/" + subject};
  case ctl_command::rules:
    return {"GET", asked.subject.empty()
                       ? "/rules"
                       : "/rules/" + subject + "?placement=" + percent_encode(asked.placement)};
  case ctl_command::scale:
    return {"POST", "/stages/" + subject + "/workers?count=" + std::to_string(asked.workers)};
  case ctl_command::kill:
    return {"POST", "/actors/" + subject + "/kill"};
  case ctl_command::drain:
    return {"POST", "/drain"};
  case ctl_command::log_level:
    return {"POST", "/loglevel?level=" + subject};
  case ctl_command::fault:
    return {"POST", "/faults/" + subject + "?kind=" + percent_encode(asked.fault_kind) + "&batches=" +
                        std::to_string(asked.batches) + "&ms=" + std::to_string(asked.fault_ms)};
  case ctl_command::clear_faults:
    return {"DELETE", "/faults"};
  case ctl_command::models:
    return question_about_models(asked);
  case ctl_command::import_data:
    break; // asks no daemon
  case ctl_command::console:
    return {"POST", "/loglevel"}; // without a level it changes nothing, but it needs the token
  }
  return {"GET", "/status"};
}

void print(const std::vector<std::string>& lines) {
  for (const auto& line : lines)
    std::printf("%s\n", line.c_str());
}

void print_status(const json& status, status_order order) {
  print(daemon_lines(status));
  std::printf("\n");
  print(actor_lines(status, order));
}

void show(const ctl_options& asked, const json& answer) {
  switch (asked.command) {
  case ctl_command::status:
    return print_status(answer, status_order::plain);
  case ctl_command::tree:
  case ctl_command::top:
    return print_status(answer, status_order::tree);
  case ctl_command::fleet:
    return print(fleet_lines(answer));
  case ctl_command::events:
    return print(event_lines(answer));
  case ctl_command::slow:
    return print(slow_lines(answer));
  case ctl_command::experiments:
    return print(asked.action == "start" || asked.action == "stop" ? experiment_lines(answer)
                                                                   : experiments_lines(answer));
  case ctl_command::trace:
    return print(trace_lines(answer));
  case ctl_command::rules:
    return print(asked.subject.empty() ? rules_lines(answer) : trial_lines(answer));
  case ctl_command::scale:
    return print({asked.subject + ": now " + std::to_string(asked.workers) + " workers"});
  case ctl_command::kill:
    return print({asked.subject + ": killed"});
  case ctl_command::drain:
    return print({"winnowd finishes the work in flight and stops"});
  case ctl_command::log_level:
    return print({"log level is now " + asked.subject});
  case ctl_command::fault:
    return print({asked.subject + ": fault " + asked.fault_kind + " set"});
  case ctl_command::clear_faults:
    return print({"all faults are cleared"});
  case ctl_command::models:
    return print(asked.action == "list"     ? models_lines(answer)
                 : asked.action == "report" ? report_lines(answer)
                                            : steered_lines(answer));
  case ctl_command::console:
  case ctl_command::import_data:
    break; // see `print_console`, `run_import`
  }
}

/// The tokens to try one after the other: the one that was given, or else those that the daemon has written
/// for its user. Of several such files, all but one are left over from other daemons. Reading needs no token,
/// unless the daemon has `--admin-token`: so the first try is without one, and only a file that was named is
/// read.
result<std::vector<std::string>> tokens_to_try(const ctl_options& asked, bool is_steering) {
  const std::vector<std::string> given{asked.daemon.token};
  const bool needs_none = !is_steering && asked.token_file.empty();
  if (!asked.daemon.token.empty() || needs_none || !is_local(asked.daemon.where))
    return given;
  auto found = read_admin_tokens(asked.daemon.where, asked.token_file);
  if (!found && is_steering)
    return tl::unexpected<error>(found.error());
  if (!found || found->empty())
    return given;
  if (!is_steering)
    found->insert(found->begin(), std::string());
  return *std::move(found);
}

/// Sends the request. `asked` has the token that the daemon took then.
result<admin_answer> ask(ctl_options& asked, const question& what) {
  auto found = tokens_to_try(asked, std::string_view(what.method) != "GET");
  if (!found)
    return tl::unexpected<error>(found.error());
  std::vector<std::string> tokens = std::move(*found);
  for (auto& token : tokens) {
    asked.daemon.token = std::move(token);
    auto answer = ask_daemon(asked.daemon, what.method, what.target, what.patience);
    if (!answer || answer->status != unauthorized || &token == &tokens.back())
      return answer;
  }
  return fail(fault::internal, "there is no token to try");
}

/// Shows the status of each replica. @return The exit code: whether all have answered.
int show_all(const ctl_options& asked, const json& first) {
  if (!first.contains("fleet"))
    return refuse(ctl_exit::refused, "--all: the daemon is in no fleet", asked.json);
  const auto all = ask_all_replicas(
      first, asked.daemon, [](const admin_access& daemon) { return ask_daemon(daemon, "GET", "/status"); });
  auto listed = json::array();
  int code = ctl_exit::done;
  for (const auto& one : all) {
    if (!one.problem.empty())
      code = ctl_exit::unreachable;
    listed.push_back({{"id", one.id}, {"admin", one.address}, {"status", one.status}});
    if (!one.problem.empty())
      listed.back()["error"] = one.problem;
    if (asked.json)
      continue;
    print({"replica " + one.id + (one.problem.empty() ? "" : ": " + one.problem)});
    if (one.problem.empty())
      print_status(one.status, status_order::plain);
    std::printf("\n");
  }
  if (asked.json)
    std::printf("%s\n", listed.dump().c_str());
  return code;
}

/// The part of the address after the # stays in the browser: it is not sent, and no log has it.
int print_console(const ctl_options& asked) {
  if (!asked.daemon.where.unix_path.empty())
    return refuse(ctl_exit::usage,
                  "a browser cannot open a Unix socket: forward a port to it, for example with\n"
                  "ssh -L 8002:" +
                      asked.daemon.where.unix_path + " HOST",
                  asked.json);
  const auto address = url_of(asked.daemon.where) + "/console" +
                       (asked.daemon.token.empty() ? "" : "#token=" + percent_encode(asked.daemon.token));
  std::printf("%s\n", asked.json ? json{{"console", address}}.dump().c_str() : address.c_str());
  return ctl_exit::done;
}

/// Prints what a winnowd answered. @return The exit code.
int print_reply(const ctl_options& asked, const admin_answer& answer, const admin_reply& reply) {
  if (asked.all && !reply.refusal)
    return show_all(asked, reply.body);
  if (asked.json && asked.command == ctl_command::fleet && !reply.refusal)
    std::printf("%s\n", reply.body.value("fleet", json()).dump().c_str());
  else if (asked.json)
    std::printf("%s\n", answer.body.c_str());
  if (reply.refusal)
    return asked.json ? ctl_exit::refused : refuse(ctl_exit::refused, *reply.refusal);
  if (!asked.json)
    show(asked, reply.body);
  return ctl_exit::done;
}

int run(int argc, char** argv) {
  int exit_code = ctl_exit::done;
  auto asked = parse_ctl_options(argc, argv, exit_code);
  if (!asked)
    return exit_code;
  if (asked->command == ctl_command::import_data)
    return run_import(asked->importing, asked->json);
  const auto what = question_for(*asked);
  const auto answer = ask(*asked, what);
  if (asked->command == ctl_command::top && !asked->json && can_draw_screen())
    return run_top(*asked); // it asks again, with the token that was taken, until the daemon answers
  if (!answer)
    return refuse(answer.error().cause == fault::not_found ? ctl_exit::refused : ctl_exit::unreachable,
                  answer.error().message, asked->json);
  const auto reply = read_reply(*answer, asked->daemon, shape_for(*asked));
  if (!reply)
    return refuse(ctl_exit::unreachable, reply.error().message, asked->json);
  if (asked->command == ctl_command::console && answer->status == bad_request)
    return print_console(*asked);
  try {
    return print_reply(*asked, *answer, *reply);
  } catch (const json::exception& wrong) { // a winnowd of another version
    return refuse(ctl_exit::refused,
                  to_string(asked->daemon.where) + ": cannot read the answer: " + wrong.what(), asked->json);
  }
}

} // namespace

int main(int argc, char** argv) {
  return winnow::finished_output("winnowctl", run(argc, argv));
}
