#include "tools/winnowctl/ctl_options.hpp"

#include "config/settings/setting_value.hpp"
#include "config/version.hpp"
#include "tools/winnowctl/exit_codes.hpp"
#include "tools/winnowctl/refusal.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

namespace winnow {

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): there is one thread
  return value ? value : "";
}

/// The commands' parser; each command writes down that it was the one.
struct ctl_parser {
  explicit ctl_parser(ctl_options& into) : asked(into) {
    app.require_subcommand(1);
    app.set_version_flag("--version", version_text("winnowctl"));
    app.add_option(
        "--admin", admin,
        "The daemon's admin endpoint, host:port or unix:/path [WINNOW_ADMIN];\nelse 127.0.0.1:8002");
    app.add_option("--token", asked.token, "Its token [WINNOW_ADMIN_TOKEN, which no other user can see]");
    app.add_flag("--json", asked.json,
                 "Print the answer as it came: JSON; where there is none, {\"error\": …}");
    app.fallthrough(); // the options may stand behind the command as well
    app.footer(
        "Exit codes: 0 done, 1 refused by the daemon, 64 wrong command line, 69 daemon not reachable,\n"
        "78 wrong settings in the environment.");
    command("status", ctl_command::status, "The daemon and all its actors, once");
    command("tree", ctl_command::tree, "The same as a tree: who started whom");
    command("top", ctl_command::top, "The same, live; once where the output is no terminal");
    command("events", ctl_command::events, "What happened: the last few hundred events of the log");
    subject(command("trace", ctl_command::trace, "One user through the stages, stored nowhere"), "USER",
            "The user's id");
    auto* scale = command("scale", ctl_command::scale, "Change the number of a stage's workers");
    subject(scale, "STAGE", "candidate_generator, din_ranker or ranknet_ranker");
    scale->add_option("WORKERS", asked.workers, "How many")->required()->check(CLI::Range(1, 1024));
    subject(command("kill", ctl_command::kill, "End an actor, as a crash would; it is started anew"), "ACTOR",
            "Its name, as status shows it");
    command("drain", ctl_command::drain, "Finish what is in flight and stop, as SIGTERM does");
    subject(command("loglevel", ctl_command::log_level, "Change what is logged"), "LEVEL",
            "trace, debug, info, warning or error")
        ->check([](const std::string& text) {
          log_level level{};
          return read_value(std::string_view(text), level)
                     ? std::string()
                     : "expected trace, debug, info, warning or error, got " + text;
        });
    auto* fault = command("fault", ctl_command::fault,
                          "Make a stage fail, to see that the rest holds; needs --enable-faults");
    subject(fault, "STAGE", "candidate_generator, din_ranker or ranknet_ranker");
    fault->add_option("KIND", asked.fault_kind, "crash, hang, slow or error")->required();
    fault->add_option("--batches", asked.batches, "How many batches it strikes; 0: all, until cleared");
    fault->add_option("--ms", asked.fault_ms, "How long slow and hang take; a hang of 0 until cleared");
    command("clear-faults", ctl_command::clear_faults, "Nothing fails on purpose any more");
  }

  CLI::App* command(const char* name, ctl_command what, const char* help) {
    auto* made = app.add_subcommand(name, help);
    made->callback([this, what] { asked.command = what; });
    return made;
  }

  CLI::Option* subject(CLI::App* of, const char* name, const char* help) {
    return of->add_option(name, asked.subject, help)->required();
  }

  ctl_options& asked;
  std::string admin;
  CLI::App app{"Watch and steer a running winnowd.", "winnowctl"};
};

} // namespace

std::optional<ctl_options> parse_ctl_options(int argc, char** argv, int& exit_code) {
  ctl_options asked;
  ctl_parser parser(asked);
  try {
    parser.app.parse(argc, argv);
  } catch (const CLI::ParseError& end) {
    exit_code = parser.app.exit(end) == 0 ? ctl_exit::done : ctl_exit::usage;
    return std::nullopt;
  }
  const bool from_flag = !parser.admin.empty();
  const auto text = from_flag ? parser.admin : variable("WINNOW_ADMIN");
  const auto wrong = [&](const std::string& problem) -> std::optional<ctl_options> {
    exit_code = from_flag ? refuse(ctl_exit::usage, "--admin: " + problem)
                          : refuse(ctl_exit::config, "environment WINNOW_ADMIN: " + problem, asked.json);
    return std::nullopt;
  };
  if (!text.empty()) {
    const auto address = parse_admin_address(text);
    if (!address)
      return wrong(address.error().message);
    if (address->off || (address->unix_path.empty() && address->port == 0))
      return wrong("expected the address of a running daemon, got " + text);
    asked.admin = *address;
  }
  if (asked.token.empty())
    asked.token = variable("WINNOW_ADMIN_TOKEN");
  return asked;
}

} // namespace winnow
