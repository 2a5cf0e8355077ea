#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/load_record.hpp"
#include "tools/winnow-bench/progress.hpp"

#include <algorithm>
#include <array>
#include <fstream>

// Batches of users beside single requests, and filtered lists beside plain ones, over one connection.

namespace winnow::bench {

namespace {

namespace fs = std::filesystem;

// So many items pass a filter: 1 % of them, but enough for a list after any history.
std::size_t passing(std::size_t items) {
  return std::min(items, std::max<std::size_t>(items / 100, 100));
}

/// Passes `passing` items, from this number on.
std::string filter_body(std::size_t first, std::size_t items) {
  return R"({"filter":{"number":{"gte":)" + std::to_string(first) + R"(,"lt":)" +
         std::to_string(first + passing(items)) + "}}}";
}

/// A deployment with the same files, and attributes: each item has a `number`, which no other has and which
/// has nothing to do with its embedding.
result<deployment> with_attributes(const deployment& data, std::size_t items) {
  auto made = data;
  made.dir = data.dir / "attributes";
  const auto file = made.model_dir() / "items.csv";
  if (std::error_code ignored; fs::exists(file, ignored))
    return made;
  std::error_code failed;
  fs::remove_all(made.dir, failed);
  fs::create_directories(made.dir, failed);
  fs::copy(data.model_dir(), made.model_dir(),
           fs::copy_options::recursive | fs::copy_options::create_hard_links, failed);
  if (failed)
    return fail(fault::io_error, made.dir.string() + ": " + failed.message());
  constexpr std::size_t stride = 7919; // a prime, so that neighbours are far apart
  std::ifstream rows(data.model_dir() / "lightgcn" / "item_embeddings.csv");
  const auto unfinished = file.string() + ".new";
  std::ofstream out(unfinished);
  out << "item_id,number\n";
  std::string line;
  std::getline(rows, line);
  for (std::size_t item = 0; std::getline(rows, line); ++item)
    out << line.substr(0, line.find(',')) << ',' << item * stride % items << '\n';
  out.close();
  fs::rename(unfinished, file, failed);
  if (!out || failed)
    return fail(fault::io_error, file.string() + ": cannot be written");
  return made;
}

/// A load and what it was measured as.
struct contender {
  const char* name;
  load_plan plan;
  std::size_t lists; ///< Of each request.
  load_record record;
  samples rate, p50;
};

report_row row_of(const contender& one, const contender& other) {
  report_row row;
  row.text("requests", one.name).measured("lists/s", one.rate).measured("p50 ms", one.p50);
  if (&one == &other)
    return row;
  if (one.lists > 1)
    row.measured("rate over single", ratios(one.rate, other.rate));
  else
    row.measured("p50 over plain", ratios(one.p50, other.p50));
  return row;
}

result<void> measure_batches(const bench_options& options, std::size_t users, bench_report& report) {
  print_progress("preparing a deployment of " + std::to_string(options.items) + " items");
  const auto plain = prepare_deployment(options);
  if (!plain)
    return tl::unexpected(plain.error());
  const auto data = with_attributes(*plain, options.items);
  if (!data)
    return tl::unexpected(data.error());
  auto server = served_program::run(winnowd_recipe(*data), *data);
  if (!server)
    return tl::unexpected(server.error());
  std::array<contender, 4> all{{{"single", {}, 1, {}, {}, {}},
                                {"batches", {}, users, {}, {}, {}},
                                {"filtered, the same filter", {}, 1, {}, {}, {}},
                                {"filtered, another filter each time", {}, 1, {}, {}, {}}}};
  const auto room = options.items - passing(options.items);
  all[1].plan.batch = users;
  all[2].plan.body = [&](random_source&) { return filter_body(room / 2, options.items); };
  all[3].plan.body = [&](random_source& random) {
    return filter_body(random.below(room + 1), options.items);
  };
  for (std::size_t turn = 0; turn <= options.repetitions; ++turn) // the first one warms up
    for (auto& one : all) {
      one.plan.seconds = turn == 0 ? std::min(options.seconds, 1.0) : options.seconds;
      load_record warming;
      const auto done = (turn == 0 ? warming : one.record).repeat(*server, one.plan, data->users);
      if (!done)
        return tl::unexpected(done.error());
      if (turn == 0)
        continue;
      one.rate.add(done->served_rate() * static_cast<double>(one.lists));
      one.p50.add(milliseconds_of(done->served.percentile(50)));
      print_progress(std::string(one.name) + ": " + number_text(one.rate.values.back()) + " lists/s");
    }
  auto& section = report.section("batch", "POST /recommend over one connection, in turns; batches of " +
                                              std::to_string(users) + " users; filters that " +
                                              std::to_string(passing(options.items)) + " of " +
                                              std::to_string(options.items) + " items pass");
  for (const auto& one : all)
    section.rows.push_back(row_of(one, all[0]));
  section.note = "Single lists and those of batches are stored; filtered ones are not.";
  return {};
}

} // namespace

bench_action declare_batch(CLI::App& app) {
  const auto users = std::make_shared<std::size_t>(100);
  app.add_option("--batch", *users, "Users of a batch")->check(CLI::Range(2, 200))->capture_default_str();
  return [users](const bench_options& options, bench_report& report) {
    return measure_batches(options, *users, report);
  };
}

} // namespace winnow::bench
