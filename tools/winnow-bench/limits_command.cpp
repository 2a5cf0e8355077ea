#include "tools/winnow-bench/bench_models.hpp"
#include "tools/winnow-bench/ceilings.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/limits.hpp"

#include <cmath>

namespace winnow::bench {

namespace {

constexpr double giga = 1e9, micro = 1e6;

/// The peak rates of the machine, measured several times.
struct measured_limits {
  samples floats, bytes, matrix, read_by_one, read_by_all;

  measured_limits(std::size_t repetitions, std::size_t cores) {
    for (std::size_t i = 0; i < repetitions; ++i) {
      const auto core = measure_core();
      floats.add(core.float_rate / giga);
      bytes.add(core.byte_rate / giga);
      matrix.add(matrix_rate() / giga);
      read_by_one.add(read_rate(1) / giga);
      read_by_all.add(read_rate(cores) / giga);
    }
  }
};

/// The least microseconds for an amount at a rate.
double least_us(double amount, double giga_rate) {
  return amount / giga_rate / giga * micro;
}

void report_machine(const measured_limits& measured, std::size_t cores, bench_report& report) {
  auto& section = report.section("limits", "Peak rates of this machine");
  const auto add = [&](const std::string& what, const std::string& unit, const samples& values) {
    report_row row;
    row.text("limit", what).text("unit", unit).measured("rate", values);
    section.rows.push_back(std::move(row));
  };
  add("float multiply-adds, one core, in registers", "G/s", measured.floats);
  add("byte multiply-adds, one core, in registers", "G/s", measured.bytes);
  add("the rankers' matrix product, one core", "G/s", measured.matrix);
  add("reading memory, one core", "GB/s", measured.read_by_one);
  add("reading memory, " + std::to_string(cores) + " cores", "GB/s", measured.read_by_all);
}

void report_cascade(const bench_models& loaded, const measured_limits& measured, bench_report& report) {
  const auto history = static_cast<std::size_t>(std::lround(loaded.mean_history()));
  const auto cost = cost_of(*loaded.models, history);
  auto& section = report.section("floor", "The least time of a request on one core");
  const double floats = measured.floats.greatest(), reading = measured.read_by_one.greatest();
  const auto add = [&](const std::string& what, const stage_cost& of, double rate) {
    report_row row;
    row.text("stage", what).number("operations", of.operations).number("bytes", of.bytes);
    row.number("least us", least_us(of.operations, rate)).number("reading us", least_us(of.bytes, reading));
    section.rows.push_back(std::move(row));
  };
  add("recall, every item in floats", cost.exact_recall, floats);
  add("recall, the screen in bytes", cost.screen, measured.bytes.greatest());
  add("DIN", cost.din, floats);
  add("RankNet", cost.ranknet, floats);
  section.note =
      "Least: all multiply-adds at the peak rate in registers, with " + std::to_string(history) +
      " history items. Each addition or maximum of attention counts as one. Reading: tables, features and "
      "weights, each read once from memory at the peak rate of one core. The requests of a batch share "
      "recall's table and all weights.";
}

} // namespace

bench_action declare_limits(CLI::App&) {
  return [](const bench_options& options, bench_report& report) -> result<void> {
    const auto data = prepare_deployment(options);
    if (!data)
      return tl::unexpected(data.error());
    const auto loaded = load_bench_models(*data, 1000);
    if (!loaded)
      return tl::unexpected(loaded.error());
    const auto cores = this_machine().cores;
    const measured_limits measured(options.repetitions, cores);
    report_machine(measured, cores, report);
    report_cascade(*loaded, measured, report);
    return measure_ceilings(options, *data, report);
  };
}

} // namespace winnow::bench
