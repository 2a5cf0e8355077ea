#include "models/catalogue/table_cache.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/invented_tables.hpp"
#include "tools/winnow-bench/progress.hpp"
#include "tools/winnow-bench/served_program.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace winnow::bench {

namespace {

namespace fs = std::filesystem;

struct tables_options {
  table_sizes sizes;
};

/// Drops the files of the cache from the system's page cache, so that they are read from the disk again. Does
/// nothing to pages that a process has mapped.
void forget_pages(const fs::path& directory) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(directory, none)) {
    const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
      continue;
    static_cast<void>(::fdatasync(file)); // pages that are not on the disk yet would stay
    static_cast<void>(::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)); // only advice
    ::close(file);
  }
}

struct table_case {
  const char* name;
  std::vector<std::string> flags;
  bool from_disk; ///< Whether the pages of the cache are dropped first.
};

/// Starts the daemon once, and adds what the start took.
result<void> measure_start(const deployment& data, const table_case& which, report_row& row) {
  auto server = served_program::prepare(winnowd_recipe(data, which.flags), data, false);
  if (!server)
    return tl::unexpected(server.error());
  if (which.from_disk)
    forget_pages(data.model_dir() / model_cache_directory);
  if (auto started = server->start(); !started)
    return started;
  const auto memory = server->memory();
  row.measured("start to ready s", {{server->start_seconds()}})
      .measured("processor s", {{server->processor_seconds()}})
      .measured("own MB", {{memory.anonymous_mb}})
      .measured("mapped MB", {{memory.resident_mb - memory.anonymous_mb}});
  print_progress(std::string(which.name) + ": " + number_text(server->start_seconds()) + " s, " +
                 number_text(memory.anonymous_mb) + " MB of its own");
  server->stop();
  return {};
}

result<void> run_tables(const bench_options& options, const tables_options& asked, bench_report& report) {
  auto sizes = asked.sizes;
  sizes.seed = options.seed;
  print_progress("inventing " + std::to_string(sizes.users) + " users");
  const auto data = prepare_tables(options.dir, sizes);
  if (!data)
    return tl::unexpected(data.error());
  auto& section = report.section("tables", "Starts with " + std::to_string(sizes.users) + " users and " +
                                               std::to_string(sizes.items) + " items, " +
                                               std::to_string(sizes.width) + " wide");
  const std::vector<std::string> half{"--model-precision", "half"};
  const std::vector<table_case> cases{
      {"first start, or cache", {}, false},    {"cache, in memory", {}, false},
      {"cache, from disk", {}, true},          {"half: first start, or cache", half, false},
      {"half: cache, in memory", half, false}, {"half: cache, from disk", half, true},
  };
  for (const auto& which : cases) {
    report_row row;
    row.text("case", which.name);
    if (auto done = measure_start(*data, which, row); !done)
      return done;
    section.rows.push_back(std::move(row));
  }
  section.note = "Own memory is that of the process alone; mapped pages are the system's, which drops them "
                 "if memory is short, and shares them among processes.";
  return {};
}

} // namespace

bench_action declare_tables(CLI::App& app) {
  const auto asked = std::make_shared<tables_options>();
  asked->sizes.items = 10'000;
  asked->sizes.users = 20'000'000;
  app.add_option("--items", asked->sizes.items, "Number of items in the catalogue")
      ->check(CLI::Range(200, 100'000'000))
      ->capture_default_str();
  app.add_option("--users", asked->sizes.users, "Number of users")
      ->check(CLI::Range(10, 1'000'000'000))
      ->capture_default_str();
  app.add_option("--width", asked->sizes.width, "Numbers in an embedding")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  return [asked](const bench_options& options, bench_report& report) {
    return run_tables(options, *asked, report);
  };
}

} // namespace winnow::bench
