#include "models/recall/index_effort.hpp"
#include "tools/winnow-bench/ann_plot.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/progress.hpp"
#include "tools/winnow-bench/synthetic_catalogue.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>

namespace winnow::bench {

namespace {

constexpr std::size_t asked_users = 512, wanted_items = 100;
constexpr double micro = 1e6;

struct ann_options {
  std::size_t items = 1'000'000;
  std::size_t width = embedding_width;
  std::size_t batch = 16; ///< Users of one search.
  std::filesystem::path svg;
};

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// A synthetic catalogue like that of the other commands, queries of its users, and the exact answers.
struct ann_problem {
  embedding_table items;
  std::vector<float> users;
  std::size_t batch; ///< Users of one search.
  std::vector<retrieval_query> queries;
  std::vector<std::vector<std::uint32_t>> answers; // each sorted by item

  explicit ann_problem(const ann_options& asked, std::uint64_t seed) : batch(asked.batch) {
    random_source random(seed);
    const std::size_t width = asked.width;
    auto catalogue = invent_catalogue(asked.items, width, random);
    users = invent_users(asked_users, catalogue, random).embeddings;
    items = embedding_table(
        std::make_shared<const feature_table>(feature_table{width, std::move(catalogue.embeddings)}));
    for (std::size_t user = 0; user < asked_users; ++user)
      queries.push_back({{users.data() + user * width, width}, {}, wanted_items});
  }
};

/// Searches for all users once, in batches. @return Seconds per user.
template<class Search, class Use>
double pass(const ann_problem& problem, const Search& search, const Use& use) {
  double took = 0;
  const gsl::span<const retrieval_query> all(problem.queries);
  for (std::size_t first = 0; first < all.size(); first += problem.batch) {
    const auto begin = std::chrono::steady_clock::now();
    const auto found = search(all.subspan(first, std::min(problem.batch, all.size() - first)));
    took += seconds_since(begin);
    for (std::size_t i = 0; i < found.size(); ++i)
      use(first + i, found[i].found());
  }
  return took / static_cast<double>(all.size());
}

samples measure_exact(ann_problem& problem, std::size_t repetitions) {
  samples times;
  retrieval_scratch work;
  problem.answers.resize(problem.queries.size());
  for (std::size_t repetition = 0; repetition < repetitions; ++repetition)
    times.add(micro * pass(
                          problem,
                          [&](gsl::span<const retrieval_query> batch) {
                            return retrieve(problem.items, batch, work);
                          },
                          [&](std::size_t user, const std::vector<scored_item>& list) {
                            auto& answer = problem.answers[user];
                            answer.clear();
                            for (const auto& entry : list)
                              answer.push_back(entry.item);
                            std::sort(answer.begin(), answer.end());
                          }));
  return times;
}

/// One row of the table: the recall and the time of an effort.
struct ann_measurement {
  double recall = 0, rows_share = 0;
  samples times;
};

ann_measurement measure_effort(const ann_problem& problem, const approximate_index& index, float effort,
                               std::size_t repetitions) {
  ann_measurement made;
  std::size_t found = 0, wanted = 0;
  index_scratch work;
  for (std::size_t repetition = 0; repetition < repetitions; ++repetition)
    made.times.add(micro * pass(
                               problem,
                               [&](gsl::span<const retrieval_query> batch) {
                                 return index.search(problem.items, batch, effort, work);
                               },
                               [&](std::size_t user, const std::vector<scored_item>& list) {
                                 const auto& answer = problem.answers[user];
                                 wanted += answer.size();
                                 for (const auto& entry : list)
                                   found += std::binary_search(answer.begin(), answer.end(), entry.item);
                               }));
  made.recall = static_cast<double>(found) / static_cast<double>(wanted);
  made.rows_share = static_cast<double>(work.rows_read) /
                    static_cast<double>(repetitions * problem.queries.size() * problem.items.rows());
  return made;
}

void add_row(report_section& section, const std::string& search, double recall, double share,
             const samples& times) {
  report_row row;
  row.text("search", search).number("recall@100", recall).number("rows %", 100 * share);
  row.measured("us a user", times);
  section.rows.push_back(std::move(row));
}

result<void> write_plot(const std::filesystem::path& path, const std::string& svg) {
  std::ofstream file(path, std::ios::binary);
  file << svg;
  file.close();
  if (!file.good())
    return fail(fault::io_error, path.string() + ": cannot be written");
  return {};
}

result<void> run_ann(const bench_options& options, const ann_options& asked, bench_report& report) {
  print_progress("inventing " + std::to_string(asked.items) + " items");
  ann_problem problem(asked, options.seed);
  print_progress("exact search");
  const auto exact = measure_exact(problem, options.repetitions);
  auto& section = report.section("ann", "Recall against time, " + std::to_string(asked.items) + " items of " +
                                            std::to_string(asked.width) + ", " +
                                            (asked.batch == 1 ? std::string("one at a time")
                                                              : "batches of " + std::to_string(asked.batch)) +
                                            ", one core");
  add_row(section, "exact", 1, 1, exact);

  const std::atomic<bool> never_stop{false};
  const auto begin = std::chrono::steady_clock::now();
  const auto clusters = cluster_rows(*problem.items.table(), cluster_count_for(asked.items), never_stop);
  const double clustered = seconds_since(begin);
  const auto index = approximate_index::build(problem.items, *clusters, never_stop);
  const double built = seconds_since(begin);
  const auto chosen = choose_effort(*index, problem.items, problem.users, wanted_items, never_stop);
  section.note = std::to_string(clusters->count) + " clusters found in " + number_text(clustered) +
                 " s, index ready in " + number_text(built) + " s; " +
                 (chosen ? "effort " + number_text(static_cast<double>(chosen->deviations)) + " chosen in " +
                               number_text(seconds_since(begin) - built) + " s."
                         : chosen.error().message + ".");
  std::vector<ann_point> points;
  for (const float effort : {0.0f, 0.5f, 1.0f, 1.5f, 2.0f, 2.5f, 3.0f, 4.0f, 5.0f, 6.0f}) {
    const auto text = number_text(static_cast<double>(effort));
    print_progress("effort " + text);
    const auto seen = measure_effort(problem, *index, effort, options.repetitions);
    add_row(section, "effort " + text, seen.recall, seen.rows_share, seen.times);
    points.push_back({seen.recall, seen.times.median(), text});
  }
  if (asked.svg.empty())
    return {};
  std::sort(points.begin(), points.end(),
            [](const ann_point& a, const ann_point& b) { return a.microseconds < b.microseconds; });
  return write_plot(asked.svg, draw_ann_plot("recall@100 of " + std::to_string(asked.items) + " items",
                                             points, {1, exact.median(), "exact"}));
}

} // namespace

bench_action declare_ann(CLI::App& app) {
  const auto asked = std::make_shared<ann_options>();
  app.add_option("--items", asked->items, "Number of items in the catalogue")
      ->check(CLI::Range(1'000, 20'000'000))
      ->capture_default_str();
  app.add_option("--width", asked->width, "Numbers in an embedding")
      ->check(CLI::Range(8, 1024))
      ->capture_default_str();
  app.add_option("--batch", asked->batch, "Users of one search; 1: as at one connection")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_option("--svg", asked->svg, "Plot recall against time to this file")->type_name("FILE");
  return [asked](const bench_options& options, bench_report& report) {
    return run_ann(options, *asked, report);
  };
}

} // namespace winnow::bench
