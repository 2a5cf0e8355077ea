#include "config/settings/sources/command_line.hpp"

#include "config/settings/suggestion.hpp"
#include "config/settings/table/setting_table.hpp"
#include "config/settings/table/setting_value.hpp"
#include "config/text/quoted_text.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

namespace winnow {

namespace {

constexpr int most_repetitions = 1000;

constexpr std::string_view footer =
    "Precedence, highest first: flag, environment, .env file (named by ENV_FILE, else ./.env), config file, "
    "default.\n"
    "In the config file a setting is `name = value`, named like its flag.\n"
    "A duration is a number with the unit ms, s, m, h or d.";

// The parser with all flags. `options` has one element per entry of the setting table, in the same order.
struct flag_parser {
  explicit flag_parser(const program_info& program) : app(program.description, program.name) {
    app.set_help_flag();
    app.allow_extras();
    app.get_formatter()->column_width(36);
    app.footer(std::string(footer));
    help = app.add_flag("-h,--help", "Print this help and exit")->group("About");
    version = app.add_flag("--version", "Print the versions of the program and its libraries and exit")
                  ->group("About");
    config = app.add_option("--config")->group("Configuration")->type_name("FILE");
    config->description("Path of the config file [WINNOW_CONFIG]");
    check_config =
        app.add_flag("--check-config", "Check the settings, report all errors and exit with 0 or 78");
    check_config->group("Configuration");
    print_config = app.add_flag("--print-config", "Print every setting with its value and source and exit");
    print_config->group("Configuration");
    check_store =
        app.add_flag("--check-store",
                     "Try every command that is needed on the profile store, and exit with 0, 1, 69 or 78");
    check_store->group("Configuration");
    for (const auto& entry : setting_table())
      options.push_back(add(entry));
    // Repeated options are refused after parsing, with a message that says more than that of CLI11.
    for (auto* option : app.get_options())
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    for (std::size_t i = 0; i < options.size(); ++i)
      if (setting_table()[i].is_list)
        options[i]
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
            ->expected(1, most_repetitions)
            ->allow_extra_args(false);
  }

  CLI::Option* add(const setting& entry) {
    const auto flag = "--" + entry.name;
    auto* option = entry.is_switch ? app.add_flag(flag) : app.add_option(flag);
    option->group(entry.group);
    option->description(entry.help + "\n[" + entry.environment + "]" + (entry.range.empty() ? "" : " ") +
                        entry.range);
    if (!entry.is_switch)
      option->type_name(entry.value_name)->default_str(entry.print({}));
    return option;
  }

  CLI::App app;
  CLI::Option* help = nullptr;
  CLI::Option* version = nullptr;
  CLI::Option* config = nullptr;
  CLI::Option* check_config = nullptr;
  CLI::Option* print_config = nullptr;
  CLI::Option* check_store = nullptr;
  std::vector<CLI::Option*> options;
};

bool is_switch(std::string_view argument) {
  const auto& settings = setting_table();
  return std::any_of(settings.begin(), settings.end(), [argument](const setting& entry) {
    return entry.is_switch && argument == "--" + entry.name;
  });
}

bool is_truth(std::string_view text) {
  bool ignored = false;
  return read_value(text, ignored);
}

// Returns the arguments in reverse, as CLI11 expects them. `--name=` becomes `--name ""`, because CLI11 would
// take the next argument as the value. `--switch true` becomes `--switch=true`, because CLI11 would take
// `true` as an argument of its own, and there is none that it could be.
std::vector<std::string> reversed_arguments(int argc, const char* const* argv) {
  std::vector<std::string> arguments;
  for (int i = argc - 1; i > 0; --i) {
    std::string argument = argv[i];
    if (i > 1 && is_truth(argument) && is_switch(argv[i - 1]))
      argument.insert(0, "=").insert(0, argv[--i]);
    if (argument.size() > 3 && argument.compare(0, 2, "--") == 0 && argument.back() == '=') {
      arguments.emplace_back();
      argument.pop_back();
    }
    arguments.push_back(std::move(argument));
  }
  return arguments;
}

std::string unknown_argument(const std::string& argument) {
  if (argument.compare(0, 1, "-") != 0)
    return "argument " + quoted_text(argument) + ": unexpected";
  const auto name = argument.substr(0, argument.find('='));
  std::vector<std::string> known{"--help",         "--version",      "--config",
                                 "--check-config", "--print-config", "--check-store"};
  for (const auto& entry : setting_table())
    known.push_back("--" + entry.name);
  return "flag " + name + ": unknown" + suggestion(name, known);
}

// Of two values for one setting, one is a mistake, and nobody knows which.
void refuse_repetitions(const std::vector<CLI::Option*>& options, std::vector<std::string>& problems) {
  for (const auto* option : options)
    if (option->count() > 1 && option->get_multi_option_policy() != CLI::MultiOptionPolicy::TakeAll)
      problems.push_back("flag " + option->get_name() + ": given " + std::to_string(option->count()) +
                         " times, expected once");
}

void take_problems(const std::vector<std::string>& extras, std::vector<std::string>& problems) {
  bool after_unknown_flag = false; // then it is that flag's value, and one error is enough
  for (const auto& extra : extras) {
    const bool is_flag = extra.compare(0, 1, "-") == 0;
    if (is_flag || !after_unknown_flag)
      problems.push_back(unknown_argument(extra));
    after_unknown_flag = is_flag && extra.find('=') == std::string::npos;
  }
}

// The value of an option that was given: the last text, or all texts of a list.
std::string joined(const std::vector<std::string>& texts, bool is_list) {
  if (!is_list)
    return texts.back();
  std::string all;
  for (const auto& text : texts)
    all.append(all.empty() ? 0 : 1, '\n').append(text);
  return all;
}

} // namespace

command_line parse_command_line(const program_info& program, int argc, const char* const* argv) {
  flag_parser parser(program);
  command_line line;
  try {
    parser.app.parse(reversed_arguments(argc, argv));
  } catch (const CLI::ParseError& wrong) {
    line.problems.push_back(std::string("flag ") + wrong.what());
  }
  take_problems(parser.app.remaining(), line.problems);
  refuse_repetitions(parser.options, line.problems);
  refuse_repetitions({parser.config}, line.problems);
  line.help = parser.help->count() > 0;
  line.version = parser.version->count() > 0;
  line.check_config = parser.check_config->count() > 0;
  line.print_config = parser.print_config->count() > 0;
  line.check_store = parser.check_store->count() > 0;
  if (parser.config->count() > 0)
    line.config_file = parser.config->results().back();
  for (std::size_t i = 0; i < parser.options.size(); ++i)
    if (parser.options[i]->count() > 0)
      line.values.emplace_back(i, joined(parser.options[i]->results(), setting_table()[i].is_list));
  return line;
}

std::string help_text(const program_info& program) {
  return flag_parser(program).app.help();
}

} // namespace winnow
