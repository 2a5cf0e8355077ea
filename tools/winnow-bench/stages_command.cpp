#include "tools/winnow-bench/bench_models.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/limits.hpp"
#include "tools/winnow-bench/stages.hpp"

#include <chrono>
#include <cmath>
#include <ctime>

namespace winnow::bench {

namespace {

constexpr std::size_t stage_count = 3;
constexpr const char* stage_names[stage_count] = {"recall", "DIN", "RankNet"};

/// The processor and wall time of the calling thread.
struct moment {
  double processor = 0, wall = 0;

  static moment now() {
    std::timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    const auto wall = std::chrono::steady_clock::now().time_since_epoch();
    return {static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec),
            std::chrono::duration<double>(wall).count()};
  }
};

/// The total time in each stage, and the core's rates measured in between.
struct stage_times {
  moment of[stage_count];
  average_limits core;

  /// Runs `work` and adds its time.
  template<class Work>
  auto time(std::size_t stage, const Work& work) {
    const auto begin = moment::now();
    auto made = work();
    const auto end = moment::now();
    of[stage].processor += end.processor - begin.processor;
    of[stage].wall += end.wall - begin.wall;
    return made;
  }
};

std::vector<ranking_task> tasks_of(gsl::span<const user_context* const> users,
                                   const std::vector<ranked_list>& lists) {
  std::vector<ranking_task> tasks;
  for (std::size_t i = 0; i < users.size(); ++i)
    tasks.push_back({users[i], &lists[i]});
  return tasks;
}

/// Returns the lists of a ranking stage, or its first error.
result<std::vector<ranked_list>> taken(std::vector<result<ranked_list>> lists) {
  std::vector<ranked_list> all;
  for (auto& list : lists) {
    if (!list)
      return tl::unexpected(list.error());
    all.push_back(std::move(*list));
  }
  return all;
}

/// Runs one batch through the three stages.
result<void> run_batch(const model_set& models, gsl::span<const user_context* const> users,
                       cascade_scratch& work, stage_times& times) {
  const auto& widths = models.widths;
  const auto candidates =
      times.time(0, [&] { return generate_candidates(models, users, widths.candidates, work); });
  const auto for_din = tasks_of(users, candidates);
  const auto by_din =
      taken(times.time(1, [&] { return rank_by_din(models, for_din, widths.din_keep, work); }));
  if (!by_din)
    return tl::unexpected(by_din.error());
  const auto for_ranknet = tasks_of(users, *by_din);
  const auto by_ranknet =
      taken(times.time(2, [&] { return rank_by_ranknet(models, for_ranknet, widths.ranknet_keep, work); }));
  if (!by_ranknet)
    return tl::unexpected(by_ranknet.error());
  return {};
}

/// Runs all users through the stages once, in batches of `size`.
result<stage_times> run_users(const bench_models& loaded, std::size_t size, cascade_scratch& work) {
  stage_times times;
  std::vector<const user_context*> batch;
  for (std::size_t first = 0; first + size <= loaded.users.size(); first += size) {
    batch.clear();
    for (std::size_t i = first; i < first + size; ++i)
      batch.push_back(&loaded.users[i]);
    if (auto done = run_batch(*loaded.models, batch, work, times); !done)
      return tl::unexpected(done.error());
    constexpr std::size_t users_between = 16; // a millisecond or two
    if ((first + size) % users_between < size)
      times.core.measure();
  }
  return times;
}

/// Adds a row for each stage: the time per request in batches of `size`.
result<void> measure_size(const bench_models& loaded, std::size_t size, std::size_t repetitions,
                          report_section& section) {
  constexpr double micro = 1e6;
  const auto history = static_cast<std::size_t>(std::lround(loaded.mean_history()));
  const auto cost = cost_of(*loaded.models, history);
  const auto requests = static_cast<double>(loaded.users.size() - loaded.users.size() % size);
  samples processor[stage_count], wall[stage_count], ratio[stage_count];
  cascade_scratch work;
  for (std::size_t repetition = 0; repetition < repetitions; ++repetition) {
    const auto times = run_users(loaded, size, work);
    if (!times)
      return tl::unexpected(times.error());
    const auto limits = times->core.so_far();
    const double least[stage_count] = {cost.screen.operations / limits.byte_rate,
                                       cost.din.operations / limits.float_rate,
                                       cost.ranknet.operations / limits.float_rate};
    for (std::size_t stage = 0; stage < stage_count; ++stage) {
      const double took = times->of[stage].processor / requests;
      processor[stage].add(took * micro);
      wall[stage].add(times->of[stage].wall / requests * micro);
      ratio[stage].add(took / least[stage]);
    }
  }
  for (std::size_t stage = 0; stage < stage_count; ++stage) {
    report_row row;
    row.text("stage", stage_names[stage]).number("batch", static_cast<double>(size));
    row.measured("CPU us", processor[stage]).measured("wall us", wall[stage]);
    row.measured("times the floor", ratio[stage]);
    section.rows.push_back(std::move(row));
  }
  return {};
}

} // namespace

result<void> measure_stages(const bench_options& options, const std::vector<std::size_t>& sizes,
                            bench_report& report) {
  const auto data = prepare_deployment(options);
  if (!data)
    return tl::unexpected(data.error());
  constexpr std::size_t most = 64;
  const std::size_t users = options.quick ? 2 * most : 8 * most;
  const auto loaded = load_bench_models(*data, users);
  if (!loaded)
    return tl::unexpected(loaded.error());
  auto& section = report.section("stages", "Time of a request in each stage, on one core");
  section.note =
      "The floor: all multiply-adds at the rate in registers; recall multiplies bytes (see limits). The "
      "rates are measured in turns with the stages; both are averages.";
  for (const auto size : sizes)
    if (auto done = measure_size(*loaded, size, options.repetitions, section); !done)
      return done;
  return {};
}

bench_action declare_stages(CLI::App&) {
  return [](const bench_options& options, bench_report& report) {
    return measure_stages(options, {1, 2, 4, 8, 16, 32, 64}, report);
  };
}

} // namespace winnow::bench
