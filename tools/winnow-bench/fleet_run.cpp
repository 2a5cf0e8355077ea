#include "tools/winnow-bench/fleet_run.hpp"

#include "tools/support/free_port.hpp"
#include "tools/support/http_client.hpp"
#include "tools/support/wait_until.hpp"
#include "tools/winnow-bench/process_usage.hpp"
#include "tools/winnow-bench/served_program.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace winnow::bench {

namespace {

constexpr std::chrono::seconds start_patience{300};
const std::vector<std::string> no_arguments;
const std::vector<std::string> kept_arguments{"--appendonly", "yes"};

/// All values of a metric without labels in a text of /metrics; 0 if there is none.
double value_in(const std::string& text, const std::string& name) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.compare(0, name.size() + 1, name + " ") == 0)
      return std::stod(line.substr(name.size()));
  return 0;
}

bool answers_ok(std::uint16_t port) {
  try {
    return http_client(port, std::chrono::seconds(5)).get("/readyz").status == 200;
  } catch (const std::exception&) {
    return false; // not ready yet
  }
}

} // namespace

result<fleet_run> fleet_run::prepare(const deployment& data, const fleet_store& how) {
  fleet_run made(data, how);
  std::error_code failed;
  made.data_.dir = made.directory_->path();
  std::filesystem::copy(data.model_dir(), made.data_.model_dir(), std::filesystem::copy_options::recursive,
                        failed);
  if (failed)
    return fail(fault::io_error, data.model_dir().string() + ": " + failed.message());
  try {
    made.store_ =
        std::make_unique<store_setup>(how.form, how.kept ? kept_arguments : no_arguments, how.replicas);
  } catch (const std::exception& wrong) {
    return fail(fault::unavailable, wrong.what());
  }
  return made;
}

result<std::size_t> fleet_run::add(std::size_t workers, bool fleet) {
  replica made;
  try {
    made.directory = std::make_unique<temp_dir>();
    made.port = free_port();
    std::vector<std::string> flags{"--stage-workers", std::to_string(workers),
                                   "--learn-state",   made.directory->path() + "/learned",
                                   "--item-updates",  made.directory->path() + "/items"};
    auto store = store_->flags();
    if (how_.proxied) {
      made.proxy = std::make_unique<tcp_proxy>(store_->single().port());
      store[1] = "redis://127.0.0.1:" + std::to_string(made.proxy->port()) + "/0";
    }
    flags.insert(flags.end(), store.begin(), store.end());
    if (fleet)
      flags.insert(flags.end(), {"--fleet", "bench"});
    auto words = winnowd_recipe(data_, std::move(flags)).command(made.port, 0);
    words.insert(words.begin(),
                 {"env", "-i", "-C", made.directory->path(), "PATH=/usr/local/bin:/usr/bin:/bin"});
    made.process = std::make_unique<child_process>(std::move(words), made.directory->path() + "/output");
    wait_until([&] { return made.process->exit_code() || answers_ok(made.port); }, start_patience);
  } catch (const std::exception& failed) {
    return fail(fault::unavailable, std::string("winnowd: ") + failed.what());
  }
  if (made.process->exit_code() || !answers_ok(made.port))
    return fail(fault::unavailable, "winnowd did not become ready");
  replicas_.push_back(std::move(made));
  if (fleet)
    list_ports();
  return replicas_.size() - 1;
}

result<void> fleet_run::assemble(bool fleet) {
  const auto complete = [&] {
    if (!fleet)
      return value(0, "winnow_poller_tracking") == 1;
    double live = 0;
    for (const auto& one : replicas_)
      live += one.process && !one.asleep ? 1 : 0;
    return leader() < size() && sum("winnow_fleet_replicas") == live * live;
  };
  if (!wait_until(complete, start_patience))
    return fail(fault::timeout, "the replicas did not form a fleet");
  return {};
}

void fleet_run::signal(std::size_t which, int number) {
  auto& one = replicas_.at(which);
  one.process->signal(number);
  one.asleep = number == SIGSTOP;
  if (number == SIGKILL) {
    one.process->wait();
    one.process.reset();
    list_ports();
  }
}

void fleet_run::drop(std::size_t which) {
  auto& one = replicas_.at(which);
  one.process->signal(SIGTERM);
  one.process->wait(std::chrono::seconds(30));
  one.process.reset();
  list_ports();
}

void fleet_run::list_ports() {
  const std::lock_guard lock(rest_->mutex);
  rest_->ports.clear();
  for (const auto& one : replicas_)
    if (one.process)
      rest_->ports.push_back(one.port);
}

std::vector<std::uint16_t> fleet_run::rest_ports() const {
  const std::lock_guard lock(rest_->mutex);
  return rest_->ports;
}

std::uint16_t fleet_run::master_port() const {
  try {
    return store_->masters().front()->port();
  } catch (const std::exception&) {
    return 0; // the sentinels do not answer
  }
}

result<void> fleet_run::change_models() {
  const auto file = data_.model_dir() / "lightgcn/user_embeddings.csv";
  std::ifstream in(file);
  std::string header, row;
  std::getline(in, header);
  std::getline(in, row);
  std::ofstream out(file, std::ios::app);
  out << "a new user " << ++changes_ << row.substr(std::min(row.find(','), row.size())) << "\n";
  if (!out.flush())
    return fail(fault::io_error, file.string() + ": cannot be written");
  return {};
}

double fleet_run::value(std::size_t which, const std::string& metric) const {
  const auto& one = replicas_.at(which);
  if (!one.process || one.asleep)
    return 0;
  try {
    return value_in(
        http_client(one.port, std::chrono::seconds(5)).get("/metrics", {{"Accept", "text/plain"}}).body,
        metric);
  } catch (const std::exception&) {
    return 0;
  }
}

std::size_t fleet_run::leader() const {
  for (std::size_t i = 0; i < size(); ++i)
    if (value(i, "winnow_fleet_leader") == 1 && value(i, "winnow_poller_tracking") == 1)
      return i;
  return size();
}

std::vector<double> fleet_run::values(const std::string& metric) const {
  std::vector<double> all;
  for (std::size_t i = 0; i < size(); ++i)
    all.push_back(value(i, metric));
  return all;
}

double fleet_run::sum(const std::string& metric) const {
  double all = 0;
  for (std::size_t i = 0; i < size(); ++i)
    all += value(i, metric);
  return all;
}

double fleet_run::processor_seconds() const {
  double all = 0;
  for (const auto& one : replicas_)
    if (one.process)
      all += bench::processor_seconds(one.process->pid());
  return all;
}

double fleet_run::redis_processor_seconds() const {
  double all = 0;
  for (const auto* const one : store_->masters())
    all += bench::processor_seconds(one->pid());
  return all;
}

} // namespace winnow::bench
