#include "tools/winnow-bench/chaos_run.hpp"

#include "config/system/admin_token_file.hpp"
#include "tools/support/free_port.hpp"
#include "tools/support/http_client.hpp"
#include "tools/winnow-bench/progress.hpp"

#include <future>
#include <nlohmann/json.hpp>
#include <thread>

namespace winnow::bench {

namespace {

constexpr std::size_t stage_workers = 2;
constexpr double quiet_before = 2; // seconds under load before the failure

// More than are in flight within the deadline at these rates, so that no request waits for a connection.
constexpr std::size_t open_connections = 900;

void sleep_for(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

double latency_ms(const latency_histogram& latencies, double percent) {
  return milliseconds_of(latencies.percentile(percent));
}

} // namespace

result<chaos_run> chaos_run::begin(const bench_options& options, const deployment& data) {
  const auto admin_port = free_port();
  auto program = served_program::run(
      winnowd_recipe(data, {"--admin", "127.0.0.1:" + std::to_string(admin_port), "--enable-faults",
                            "--stage-workers", std::to_string(stage_workers)}),
      data);
  if (!program)
    return tl::unexpected(program.error());
  chaos_run made(std::move(*program), data, admin_port);
  load_plan plan;
  plan.port = made.program_.port();
  plan.connections = 64;
  plan.seconds = options.seconds;
  const auto outcome = run_load(plan, data.users);
  if (!outcome)
    return tl::unexpected(outcome.error());
  made.peak_ = outcome->served_rate();
  print_progress("peak " + number_text(made.peak_) + " requests/s");
  return made;
}

result<void> chaos_run::endure(const mishap& what, report_section& into) {
  load_plan plan;
  plan.port = program_.port();
  plan.connections = open_connections;
  plan.rate = what.share * peak_;
  plan.seconds = quiet_before + what.lasts + what.watched;
  plan.seed = ++seed_;
  auto load = std::async(std::launch::async, [&] { return run_load(plan, data_->users); });
  sleep_for(quiet_before);
  auto over = std::chrono::steady_clock::now(); // when recovery begins
  result<void> struck = what.strike ? what.strike() : result<void>();
  sleep_for(what.lasts);
  if (what.relieve) {
    over = std::chrono::steady_clock::now();
    if (auto relieved = what.relieve(); struck && !relieved)
      struck = relieved;
  }
  const auto outcome = load.get();
  if (!outcome)
    return tl::unexpected(outcome.error());
  if (!struck)
    return struck;
  const double recovering_from = std::chrono::duration<double>(over - outcome->begin).count();
  report_row row;
  row.text("what", what.name)
      .number("requests", static_cast<double>(outcome->requests))
      .number("answered", static_cast<double>(outcome->served.count() - outcome->unanswered))
      .number("degraded", static_cast<double>(outcome->degraded))
      .number("refused", static_cast<double>(outcome->refused.count()))
      .number("late", static_cast<double>(outcome->late.count()))
      .number("wrong", static_cast<double>(outcome->wrong))
      .number("lost", static_cast<double>(outcome->broken + outcome->unanswered))
      .number("p99 ms", latency_ms(outcome->served, 99))
      .number("refused p99 ms", latency_ms(outcome->refused, 99))
      .number("late p99 ms", latency_ms(outcome->late, 99))
      .number("normal after s", std::max(0.0, outcome->last_trouble - recovering_from))
      .number("MB", program_.memory().resident_mb);
  into.rows.push_back(std::move(row));
  print_progress(what.name + (outcome->complaint.empty() ? "" : ": " + outcome->complaint));
  sleep_for(1); // the next failure starts with an idle daemon
  return {};
}

result<std::string> chaos_run::ask(const std::string& method, const std::string& target) const {
  try {
    http_headers headers;
    admin_address admin;
    admin.port = admin_port_;
    if (const auto tokens = read_admin_tokens(admin, {}); tokens && !tokens->empty())
      headers.emplace_back("Authorization", "Bearer " + tokens->front());
    const auto answer = http_client(admin_port_).send(method, target, {}, headers);
    if (answer.status >= 300)
      return fail(fault::internal, target + ": " + answer.body);
    return answer.body;
  } catch (const std::exception& failed) {
    return fail(fault::unavailable, target + ": " + failed.what());
  }
}

result<void> chaos_run::kill(const std::string& actor) const {
  return ask("POST", "/actors/" + actor + "/kill").map([](const std::string&) {});
}

result<void> chaos_run::hang(const std::string& stage) const {
  return ask("POST", "/faults/" + stage + "?kind=hang&batches=" + std::to_string(stage_workers))
      .map([](const std::string&) {});
}

result<void> chaos_run::clear_faults() const {
  return ask("DELETE", "/faults").map([](const std::string&) {});
}

result<std::vector<std::string>> chaos_run::actors() const {
  const auto status = ask("GET", "/status");
  if (!status)
    return tl::unexpected(status.error());
  std::vector<std::string> names;
  try {
    const auto body = nlohmann::json::parse(*status);
    for (const auto& actor : body.at("actors")) {
      const auto name = actor.at("name").get<std::string>();
      const auto worker = name.find('.');
      if (actor.at("parent") != 0 && !actor.at("group").get<bool>() &&
          (worker == std::string::npos || name.substr(worker) == ".1"))
        names.push_back(name);
    }
  } catch (const nlohmann::json::exception& wrong) {
    return fail(fault::malformed, std::string("/status: ") + wrong.what());
  }
  return names;
}

} // namespace winnow::bench
