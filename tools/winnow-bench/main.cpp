#include "config/text/quoted_text.hpp"
#include "config/version.hpp"
#include "tools/support/printable_failure.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnowd/exit_codes.hpp"

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

namespace {

using namespace winnow;
using namespace winnow::bench;

int refuse(int code, const std::string& message) {
  std::fprintf(stderr, "winnow-bench: %s\n", printable_text(message).c_str());
  return code;
}

std::string command_line(int argc, char** argv) {
  std::string text = "winnow-bench";
  for (int i = 1; i < argc; ++i)
    text += std::string(" ") + argv[i];
  return text;
}

bool write_json(const std::filesystem::path& path, const bench_report& report) {
  std::ofstream file(path, std::ios::binary);
  file << report.json().dump(1) << "\n";
  file.close();
  return file.good();
}

int run(const bench_action& action, const bench_options& options, bench_report& report) {
  const auto done = action(options, report);
  std::printf("%s", report.markdown_head().c_str());
  for (const auto& section : report.sections())
    std::printf("\n%s", report.markdown(*section).c_str());
  if (!options.json.empty() && !write_json(options.json, report))
    return refuse(exit_codes::no_input, options.json.string() + ": cannot be written");
  return done ? exit_codes::success : refuse(exit_codes::software, done.error().message);
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures Winnow on a synthetic deployment with several repetitions. Prints Markdown tables.",
               "winnow-bench");
  app.failure_message(printable_failure);
  app.set_version_flag("--version", version_text("winnow-bench"));
  app.require_subcommand(1);
  app.fallthrough();
  bench_options options;
  declare_options(app, options);
  bench_action chosen;
  for (const auto& command : bench_commands()) {
    auto* added = app.add_subcommand(command.name, command.help);
    added->callback([&chosen, action = command.declare(*added)] { chosen = action; });
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& refused) {
    return app.exit(refused) == 0 ? exit_codes::success : exit_codes::config;
  }
  settle_options(options);
  bench_report report(command_line(argc, argv));
  return run(chosen, options, report);
}
