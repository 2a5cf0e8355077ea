#include "tools/winnowctl/ctl_options.hpp"

#include "config/log/standard_streams.hpp"
#include "config/settings/settings_reader.hpp"
#include "config/settings/suggestion.hpp"
#include "config/settings/table/setting_value.hpp"
#include "config/text/quoted_text.hpp"
#include "config/text/trimmed.hpp"
#include "config/version.hpp"
#include "tools/support/printable_failure.hpp"
#include "tools/winnowctl/exit_codes.hpp"
#include "tools/winnowctl/refusal.hpp"

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdlib>

namespace winnow {

namespace {

std::string without_blanks(std::string_view text) {
  return std::string(trimmed(text, " \t\r\n\v\f"));
}

/// What the environment says, without the blanks and line ends around it that files of settings leave there.
std::string variable(const char* name) {
  const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): there is one thread
  return without_blanks(value ? value : "");
}

/// The parser. The callback of each command records that it was chosen.
struct ctl_parser {
  explicit ctl_parser(ctl_options& into) : asked(into) {
    app.failure_message(printable_failure);
    app.require_subcommand(1);
    app.set_version_flag("--version", version_text("winnowctl"));
    app.add_option("--admin", admin,
                   "Address of the daemon's admin endpoint: host:port, https://host:port or "
                   "unix:/path\n[WINNOW_ADMIN];\ndefault "
                   "127.0.0.1:8002");
    app.add_option("--token", asked.daemon.token,
                   "Token of the endpoint [WINNOW_ADMIN_TOKEN, which other users cannot see];\ndefault: from "
                   "the file that the daemon writes for its own user");
    app.add_option("--token-file", asked.token_file,
                   "File with the token [WINNOW_ADMIN_TOKEN_FILE], if the daemon has --admin-token-file");
    app.add_option("--ca", asked.daemon.ca,
                   "For https://: PEM file with the authorities of the daemon's certificate, or with the\n"
                   "certificate itself [WINNOW_ADMIN_CA]; default: the system's authorities");
    app.add_flag("--json", asked.json, "Print the answer as JSON; without an answer, {\"error\": …}");
    app.add_flag("--all", asked.all, "With status: ask all replicas of the daemon's fleet");
    app.fallthrough(); // options may also follow the command
    app.footer("Exit codes: 0 success, 1 refused by the daemon, 64 invalid command line, 69 no winnowd at "
               "the address,\n"
               "74 the output cannot be written, 78 invalid settings.");
    command("status", ctl_command::status, "Show the daemon and all its actors once");
    command("tree", ctl_command::tree, "Show the same as a tree: each actor below the one that started it");
    command("top", ctl_command::top, "Show the same live; once if the output is not a terminal");
    command("events", ctl_command::events, "Show the last few hundred events of the log");
    command("slow", ctl_command::slow,
            "Show the last slow requests, with the time of each step; needs --slow-log");
    command("fleet", ctl_command::fleet, "Show the replicas of the daemon's fleet");
    auto* rules =
        command("rules", ctl_command::rules,
                "Show the shop's rules in force, and what became of the last reading of their file");
    auto* tried =
        rules->add_option("--try", asked.subject,
                          "Show the list of this USER with and without the rules, and which of them "
                          "moved which item");
    rules->add_option("--placement", asked.placement, "Of the rules; with --try")->needs(tried);
    subject(command("trace", ctl_command::trace, "Send one user through the stages and store nothing"),
            "USER", "Id of the user");
    auto* scale = command("scale", ctl_command::scale, "Change the number of workers of a stage");
    subject(scale, "STAGE", "candidate_generator, din_ranker or ranknet_ranker");
    scale->add_option("WORKERS", asked.workers, "Number of workers")->required()->check(CLI::Range(1, 1024));
    subject(command("kill", ctl_command::kill, "Kill an actor, as a crash would; it is restarted"), "ACTOR",
            "Name of the actor, as shown by status");
    command("drain", ctl_command::drain, "Finish the work in flight and stop, with exit code 75");
    subject(command("loglevel", ctl_command::log_level, "Change the log level"), "LEVEL",
            "trace, debug, info, warning or error")
        ->check([](const std::string& text) {
          log_level level{};
          return read_value(std::string_view(text), level)
                     ? std::string()
                     : "expected trace, debug, info, warning or error, got " + text;
        });
    auto* fault = command("fault", ctl_command::fault,
                          "Make a stage fail, to test that the rest keeps working; needs --enable-faults");
    subject(fault, "STAGE", "candidate_generator, din_ranker or ranknet_ranker");
    fault->add_option("KIND", asked.fault_kind, "crash, hang, slow or error")->required();
    fault->add_option("--batches", asked.batches,
                      "Number of batches that fail; 0: all, until faults are cleared");
    fault->add_option("--ms", asked.fault_ms,
                      "Duration of slow and hang; a hang of 0 lasts until faults are cleared");
    command("console", ctl_command::console,
            "Print the address of the console with the token that lets the browser steer");
    add_import(command("import", ctl_command::import_data,
                       "Turn an export of Gorse into files for winnow-train, and into profiles"));
    add_models(command("models", ctl_command::models, "Show and change the versions of the models"));
    add_experiments(command("experiments", ctl_command::experiments,
                            "Show what users took after the lists of each version of the models, and let\n"
                            "versions share the users"));
    command("clear-faults", ctl_command::clear_faults, "Clear all faults");
  }

  CLI::App* command(const char* name, ctl_command what, const char* help) {
    auto* made = app.add_subcommand(name, help);
    made->callback([this, what] { asked.command = what; });
    return made;
  }

  void add_import(CLI::App* import) const {
    import
        ->add_option("FILES", asked.importing.files,
                     "What Gorse exports: JSON lines of users, items and feedback, answers of its REST API,\n"
                     "a dump of gorse-cli, or CSV; may be gzipped")
        ->required();
    import->add_option("--out", asked.importing.out, "Folder for interactions.csv and items.csv")->required();
    import->add_option(
        "--store", asked.importing.store,
        "Where to write the profiles: redis://host:port/db, unix:///path, or file:DIRECTORY of a\n"
        "winnowd that does not run; default: nowhere");
    import
        ->add_option("--types", asked.importing.types,
                     "Types of feedback that count, separated by commas; default: all but read")
        ->delimiter(',')
        ->allow_extra_args(false);
  }

  void add_models(CLI::App* models) const {
    models
        ->add_option("ACTION", asked.action,
                     "list: the versions on disk and in memory\n"
                     "load VERSION: load it aside, and compare it with the one in force\n"
                     "report [VERSION]: show how it compared\n"
                     "promote VERSION: bring it into force if it passes, also for the next start\n"
                     "rollback: bring the version into force that was before\n"
                     "pin VERSION, unpin VERSION: keep it from being deleted, or no longer\n"
                     "delete VERSION: delete it from disk\n"
                     "shadow VERSION: let it rank a share of the lists, too, and compare it\n"
                     "unshadow: no longer")
        ->required()
        ->check(CLI::IsMember({"list", "load", "report", "promote", "rollback", "pin", "unpin", "delete",
                               "shadow", "unshadow"})
                    .description(""));
    models->add_option("VERSION", asked.subject, "Name of the version, as list shows it");
    models->add_flag("--force", asked.force, "Promote it whatever the comparison says");
    models->add_option("--share", asked.share, "With shadow: the share of the lists, 0.1 by default")
        ->check(CLI::Range(0.0001, 1.0).description(""));
  }

  void add_experiments(CLI::App* experiments) const {
    experiments
        ->add_option("ACTION", asked.action,
                     "show: the default\n"
                     "start NAME --versions a=50,b=50: give each version its share of the users, or change\n"
                     "the shares; versions that are not in memory are loaded and compared first\n"
                     "stop: give all users the version in force")
        ->check(CLI::IsMember({"show", "start", "stop"}).description(""));
    experiments->add_option("NAME", asked.subject, "Name of the experiment");
    experiments->add_option("--versions", asked.versions,
                            "Versions with their weights, the one in force among them");
    experiments->add_option("--salt", asked.salt,
                            "Another salt divides the users independently; default: the name");
    experiments->add_flag("--force", asked.force, "Use versions whatever the comparison says");
  }

  CLI::Option* subject(CLI::App* of, const char* name, const char* help) {
    return of->add_option(name, asked.subject, help)->required();
  }

  ctl_options& asked;
  std::string admin;
  CLI::App app{"Watch and steer a running winnowd.", "winnowctl"};
};

/// What is wrong with a command line without a known command: its first word that is unknown, or that it has
/// none.
std::string missing_command(const CLI::App& app) {
  const auto words = app.remaining();
  if (!words.empty() && words.front().compare(0, 1, "-") == 0)
    return "unknown option " + words.front();
  std::vector<std::string> commands;
  std::string list;
  for (const auto* one : app.get_subcommands([](const CLI::App*) { return true; })) {
    commands.push_back(one->get_name());
    list += (list.empty() ? "" : ", ") + commands.back();
  }
  if (words.empty())
    return "expected a command: " + list;
  return "unknown command " + quoted_text(words.front()) + "; expected " + list +
         suggestion(words.front(), commands);
}

/// What is wrong with the version of an action; empty if nothing is.
std::string wrong_version(const ctl_options& asked) {
  if (asked.force && asked.action != "promote")
    return "--force: expected models promote";
  if (std::isnan(asked.share))
    return "--share: expected a number from 0.0001 to 1, got nan";
  if (asked.share > 0 && asked.action != "shadow")
    return "--share: expected models shadow";
  if (asked.action == "report")
    return {};
  const bool needs_one = asked.action != "list" && asked.action != "rollback" && asked.action != "unshadow";
  if (needs_one == !asked.subject.empty())
    return {};
  return "models " + asked.action + ": expected " + (needs_one ? "a version" : "no version") +
         (needs_one ? "" : ", got " + asked.subject);
}

/// What is wrong with the arguments of an action on experiments; empty if nothing is.
std::string wrong_experiment(const ctl_options& asked) {
  const bool starts = asked.action == "start";
  if (starts && (asked.subject.empty() || asked.versions.empty()))
    return "experiments start: expected a name and --versions a=50,b=50";
  if (!starts && (!asked.subject.empty() || !asked.versions.empty() || !asked.salt.empty() || asked.force))
    return "experiments" + (asked.action.empty() ? "" : " " + asked.action) +
           ": expected no name, --versions, --salt or --force";
  return {};
}

/// The same of any command.
std::string wrong_arguments(const ctl_options& asked) {
  if (asked.command == ctl_command::models)
    return wrong_version(asked);
  return asked.command == ctl_command::experiments ? wrong_experiment(asked) : std::string();
}

/// Sets the address if it is that of a daemon that may run. @return What is wrong with it; empty if nothing
/// is.
std::string take_address(const admin_address& address, ctl_options& asked) {
  if (address.off || (address.unix_path.empty() && address.port == 0))
    return "expected the address of a running daemon, got " + to_string(address);
  asked.daemon.where = address;
  return {};
}

std::string take_flag(const std::string& text, ctl_options& asked) {
  const auto address = parse_admin_address(text);
  return address ? take_address(*address, asked) : address.error().message;
}

/// Completes what the flags left open as the daemon's own settings say. @return The first problem.
std::string take_settings(bool needs_address, ctl_options& asked) {
  std::vector<std::string_view> names;
  if (needs_address)
    names.emplace_back("admin");
  if (asked.daemon.token.empty() && asked.token_file.empty())
    names.emplace_back("admin-token");
  if (asked.token_file.empty())
    names.emplace_back("admin-token-file");
  if (names.empty())
    return {};
  const auto read = read_settings_of(names, process_environment());
  for (const auto& warning : read.loaded.warnings)
    write_error_line("winnowctl: warning: " + printable_text(warning));
  if (!read.errors.empty())
    return read.errors.front();
  const auto& admin = read.loaded.values.admin;
  if (asked.daemon.token.empty())
    asked.daemon.token = admin.token;
  if (asked.token_file.empty())
    asked.token_file = without_blanks(admin.token_file);
  if (!admin.asked_for)
    return {};
  auto problem = take_address(admin.address, asked);
  for (const auto& origin : read.loaded.origins)
    if (!problem.empty() && origin.key == "admin")
      problem = origin.source + ": " + problem;
  return problem;
}

/// Sets the address, the token, its file and the authorities: what the flags do not say, the settings do.
/// Returns false and sets `exit_code` after it has printed what is wrong.
bool find_daemon(const std::string& address, ctl_options& asked, int& exit_code) {
  if (!address.empty())
    if (const auto problem = take_flag(address, asked); !problem.empty()) {
      exit_code = refuse(ctl_exit::usage, "--admin: " + problem);
      return false;
    }
  if (asked.command == ctl_command::import_data) // asks no daemon
    return true;
  if (const auto problem = take_settings(address.empty(), asked); !problem.empty()) {
    exit_code = refuse(ctl_exit::config, problem, asked.json);
    return false;
  }
  if (asked.daemon.ca.empty())
    asked.daemon.ca = variable("WINNOW_ADMIN_CA");
  return true;
}

} // namespace

std::optional<ctl_options> parse_ctl_options(int argc, char** argv, int& exit_code) {
  ctl_options asked;
  ctl_parser parser(asked);
  try {
    parser.app.parse(argc, argv);
  } catch (const CLI::RequiredError& missing) {
    if (parser.app.get_subcommands().empty())
      exit_code = refuse(ctl_exit::usage, missing_command(parser.app));
    else
      exit_code = parser.app.exit(missing) == 0 ? ctl_exit::done : ctl_exit::usage;
    return std::nullopt;
  } catch (const CLI::ParseError& end) {
    exit_code = parser.app.exit(end) == 0 ? ctl_exit::done : ctl_exit::usage;
    return std::nullopt;
  }
  if (asked.all && asked.command != ctl_command::status) {
    exit_code = refuse(ctl_exit::usage, "--all: expected the command status");
    return std::nullopt;
  }
  if (const auto unfit = wrong_arguments(asked); !unfit.empty()) {
    exit_code = refuse(ctl_exit::usage, unfit);
    return std::nullopt;
  }
  if (!find_daemon(parser.admin, asked, exit_code))
    return std::nullopt;
  return asked;
}

} // namespace winnow
