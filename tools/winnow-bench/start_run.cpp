#include "tools/winnow-bench/start_run.hpp"

#include "models/catalogue/table_cache.hpp"
#include "tools/winnow-bench/progress.hpp"
#include "tools/winnow-bench/served_program.hpp"

#include <filesystem>
#include <utility>

namespace winnow::bench {

namespace {

/// Returns the directory of winnowd's cache of parsed tables.
std::filesystem::path kept_tables(const deployment& data) {
  return data.model_dir() / model_cache_directory;
}

struct start_record {
  samples seconds, resident;

  result<void> repeat(served_program& server) {
    if (auto started = server.start(); !started)
      return started;
    seconds.add(server.start_seconds());
    resident.add(server.memory().resident_mb);
    const auto settled = server.settle();
    server.stop();
    return settled;
  }
};

} // namespace

result<void> measure_starts(const bench_options& options, const deployment& data, bench_report& report) {
  auto server = served_program::prepare(winnowd_recipe(data), data, false);
  if (!server)
    return tl::unexpected(server.error());
  auto without = served_program::prepare(winnowd_recipe(data, {"--model-cache", "off"}), data, false);
  if (!without)
    return tl::unexpected(without.error());
  start_record parsed, filling, kept;
  std::error_code failed;
  for (std::size_t repetition = 0; repetition < options.repetitions; ++repetition) {
    std::filesystem::remove_all(kept_tables(data), failed);
    if (auto done = parsed.repeat(*without); !done)
      return done;
    if (auto done = filling.repeat(*server); !done)
      return done;
    if (auto done = kept.repeat(*server); !done)
      return done;
  }
  std::filesystem::remove_all(kept_tables(data), failed);
  if (failed)
    return fail(fault::io_error, kept_tables(data).string() + ": " + failed.message());
  for (const auto& [source, record] : {std::pair("CSV", parsed), std::pair("cache", kept)}) {
    print_progress(std::string("start to ready from ") + source + ": " + samples_text(record.seconds) + " s");
    report_row row;
    row.number("items", static_cast<double>(options.items)).text("models from", source);
    row.measured("start to ready s", record.seconds).measured("resident MB", record.resident);
    report.section("start", "Start of the daemon").rows.push_back(std::move(row));
  }
  return {};
}

} // namespace winnow::bench
