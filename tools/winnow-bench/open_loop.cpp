#include "tools/winnow-bench/open_loop.hpp"

#include "tools/winnow-bench/progress.hpp"

#include <thread>

namespace winnow::bench {

result<void> open_loop::repeat(served_program& server, double rate, load_record& record) const {
  load_plan plan;
  plan.connections = connections;
  plan.seconds = options_.seconds;
  plan.rate = rate;
  plan.seed = 1000;
  const auto done = record.repeat(server, plan, data_.users);
  if (!done)
    return tl::unexpected(done.error());
  tell(server.name() + ", " + number_text(rate) + " requests/s due: " + number_text(done->served_rate()) +
       " served");
  return {};
}

result<void> open_loop::run(served_program& server, double peak) {
  peak_ = peak;
  for (std::size_t repetition = 0; repetition < options_.repetitions; ++repetition) {
    for (const auto share : shares)
      if (auto done = repeat(server, share * peak, records_[share]); !done)
        return done;
    std::this_thread::sleep_for(std::chrono::seconds(1)); // after which it should be as before
    if (auto done = repeat(server, shares[0] * peak, recovery_); !done)
      return done;
  }
  return {};
}

void open_loop::report(bench_report& into) const {
  auto& section = into.section("open", "POST /recommend, open loop");
  const auto add = [&](const std::string& load, double rate, const load_record& record) {
    report_row row;
    row.number("items", static_cast<double>(options_.items)).text("load", load).number("due/s", rate);
    record.add_open(row);
    section.rows.push_back(std::move(row));
  };
  for (const auto share : shares)
    add(number_text(100 * share) + " % of peak", share * peak_, records_.at(share));
  add("1 s after 200 %", shares[0] * peak_, recovery_);
}

const load_record* open_loop::find(double share) const {
  const auto found = records_.find(share);
  return found == records_.end() ? nullptr : &found->second;
}

} // namespace winnow::bench
