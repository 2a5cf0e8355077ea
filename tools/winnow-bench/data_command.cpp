#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

#include <chrono>

namespace winnow::bench {

bench_action declare_data(CLI::App&) {
  return [](const bench_options& options, bench_report& report) -> result<void> {
    const auto begin = std::chrono::steady_clock::now();
    const auto made = prepare_deployment(options);
    if (!made)
      return tl::unexpected(made.error());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    report_row row;
    row.text("directory", made->dir.string());
    row.number("items", static_cast<double>(options.items))
        .number("users", static_cast<double>(made->users.size()));
    row.measured("seconds", {{took.count()}});
    report.section("data", "The synthetic deployment").rows.push_back(std::move(row));
    return {};
  };
}

} // namespace winnow::bench
