#include "tools/winnow-bench/open_loop.hpp"

#include "tools/winnow-bench/progress.hpp"

#include <thread>

namespace winnow::bench {

result<double> open_loop::find_peak(served_program& server, std::size_t closed_connections) {
  load_plan plan;
  plan.connections = closed_connections;
  plan.seconds = options_.seconds;
  plan.seed = 2000;
  return peak_.repeat(server, plan, data_.users).map([](const load_outcome& done) {
    return done.served_rate();
  });
}

result<void> open_loop::repeat(served_program& server, double rate, load_at_rate& load) const {
  load_plan plan;
  plan.connections = connections;
  plan.seconds = options_.seconds;
  plan.rate = rate;
  plan.seed = 1000;
  const auto done = load.record.repeat(server, plan, data_.users);
  if (!done)
    return tl::unexpected(done.error());
  load.due.add(rate);
  print_progress(server.name() + ", " + number_text(rate) + " requests/s due, " +
                 number_text(done->served_rate()) + " served");
  return {};
}

result<void> open_loop::run(served_program& server, std::size_t closed_connections) {
  for (std::size_t repetition = 0; repetition < options_.repetitions; ++repetition) {
    const auto peak = find_peak(server, closed_connections);
    if (!peak)
      return tl::unexpected(peak.error());
    for (const auto share : shares)
      if (auto done = repeat(server, share * *peak, loads_[share]); !done)
        return done;
    std::this_thread::sleep_for(std::chrono::seconds(1)); // time to recover
    if (auto done = repeat(server, shares[0] * *peak, recovery_); !done)
      return done;
  }
  return {};
}

void open_loop::report(bench_report& into) const {
  auto& section = into.section("open", "POST /recommend, open loop");
  const auto add = [&](const std::string& load, const samples& due, const load_record& record) {
    report_row row;
    row.number("items", static_cast<double>(options_.items)).text("load", load).measured("due/s", due);
    record.add_open(row);
    section.rows.push_back(std::move(row));
  };
  add("peak, closed loop", {}, peak_);
  for (const auto share : shares)
    add(number_text(100 * share) + " % of peak", loads_.at(share).due, loads_.at(share).record);
  add("1 s after 200 %", recovery_.due, recovery_.record);
}

} // namespace winnow::bench
