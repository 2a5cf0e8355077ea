#include "config/text/percent_encoding.hpp"
#include "tools/winnowctl/admin_client.hpp"
#include "tools/winnowctl/ctl_options.hpp"
#include "tools/winnowctl/events_view.hpp"
#include "tools/winnowctl/exit_codes.hpp"
#include "tools/winnowctl/refusal.hpp"
#include "tools/winnowctl/status_view.hpp"
#include "tools/winnowctl/top_screen.hpp"
#include "tools/winnowctl/trace_view.hpp"

#include <cstdio>

namespace {

using namespace winnow;
using nlohmann::json;

struct question {
  const char* method;
  std::string target;
};

question question_for(const ctl_options& asked) {
  const auto subject = percent_encode(asked.subject);
  switch (asked.command) {
  case ctl_command::status:
  case ctl_command::tree:
  case ctl_command::top:
    return {"GET", "/status"};
  case ctl_command::events:
    return {"GET", "/events"};
  case ctl_command::trace:
    return {"GET", "/trace/" + subject};
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
  case ctl_command::events:
    return print(event_lines(answer));
  case ctl_command::trace:
    return print(trace_lines(answer));
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
  }
}

} // namespace

int main(int argc, char** argv) {
  int exit_code = ctl_exit::done;
  const auto asked = parse_ctl_options(argc, argv, exit_code);
  if (!asked)
    return exit_code;
  if (asked->command == ctl_command::top && !asked->json && can_draw_screen())
    return run_top(*asked);
  const auto what = question_for(*asked);
  const auto answer = ask_daemon(asked->admin, asked->token, what.method, what.target);
  if (!answer)
    return refuse(ctl_exit::unreachable, answer.error().message, asked->json);
  const auto body = json::parse(answer->body, nullptr, false);
  if (asked->json)
    std::printf("%s\n", answer->body.c_str());
  if (answer->status >= 300)
    return asked->json ? ctl_exit::refused
                       : refuse(ctl_exit::refused, body.is_object() && body.contains("message")
                                                       ? body.at("message").get<std::string>()
                                                       : "HTTP status " + std::to_string(answer->status));
  if (asked->json)
    return ctl_exit::done;
  try {
    show(*asked, body);
  } catch (const json::exception& wrong) { // not a winnowd, or another version of it
    return refuse(ctl_exit::refused, std::string("cannot read the answer: ") + wrong.what());
  }
  return ctl_exit::done;
}
