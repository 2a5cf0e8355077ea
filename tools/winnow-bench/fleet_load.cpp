#include "tools/winnow-bench/fleet_load.hpp"

#include "redis/records/keys.hpp"
#include "tools/support/http_client.hpp"
#include "tools/support/wait_until.hpp"
#include "tools/winnow-bench/redis_loader.hpp"

#include <algorithm>
#include <exception>
#include <string>

namespace winnow::bench {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr std::size_t rest_clients = 4;
constexpr std::chrono::milliseconds rest_patience{5000}; ///< Longer than a replica takes to refuse.

} // namespace

// ---- changes ----

void storm::end() {
  over_ = true;
  if (thread_.joinable())
    thread_.join();
}

void storm::change(fleet_run& run, const deployment& data) const {
  constexpr std::size_t burst = 250;
  auto redis = redis_loader::connect(run.master_port());
  for (std::size_t at = 0, shift = 1; !over_; at += burst) {
    if (at >= data.users.size()) {
      at = 0;
      ++shift;
    }
    std::vector<std::string> users, profiles;
    for (std::size_t i = at; i < std::min(at + burst, data.users.size()); ++i) {
      users.push_back(data.users[i]);
      profiles.push_back(data.profiles[(i + shift) % data.profiles.size()]);
    }
    if (!redis || !redis->store_profiles(users, profiles))
      redis = redis_loader::connect(run.master_port()); // it is away
    std::this_thread::sleep_for(100ms);
  }
}

// ---- the time of a change ----

void probe::end() {
  over_ = true;
  if (thread_.joinable())
    thread_.join();
}

double probe::normal_after(clock::time_point from) const {
  return std::max(0.0, std::chrono::duration<double>(last_late_ - from).count());
}

void probe::measure(fleet_run& run, const deployment& data) {
  auto port = run.master_port();
  const auto ask = [&](const std::vector<std::string>& words) -> std::string {
    try {
      auto reply = redis_server::call(port, words);
      if (reply.compare(0, 8, "READONLY") != 0)
        return reply;
    } catch (const std::exception&) {
      std::this_thread::sleep_for(10ms); // it is away
    }
    port = run.master_port();
    return {};
  };
  const std::vector<std::string> record{"HGET", list_records_key("probe"), "probe"};
  const auto end_of_patience = clock::now() + 300s;
  for (std::size_t i = 0; !over_; ++i) {
    const auto begin = clock::now();
    std::string before;
    // Until the store has taken the change: one that it has not is none.
    do
      before = ask(record);
    while (ask({"SET", "user_profile:probe", data.profiles[i % data.profiles.size()]}) != "OK" &&
           clock::now() < end_of_patience);
    wait_until(
        [&] {
          std::this_thread::sleep_for(3ms);
          const auto now = ask(record);
          return !now.empty() && now != before;
        },
        60s);
    const auto ended = clock::now();
    longest_ = std::max(longest_, std::chrono::duration<double>(ended - begin).count());
    if (ended - begin > late)
      last_late_ = ended;
    std::this_thread::sleep_for(20ms);
  }
}

// ---- requests ----

rest_load::rest_load(const fleet_run& run, const deployment& data) {
  for (std::size_t i = 0; i < rest_clients; ++i)
    threads_.emplace_back([this, &run, &data, i] { ask(run, data, i); });
}

void rest_load::end() {
  over_ = true;
  for (auto& one : threads_)
    if (one.joinable())
      one.join();
}

void rest_load::ask(const fleet_run& run, const deployment& data, std::size_t turn) {
  for (; !over_; turn += rest_clients) {
    const auto ports = run.rest_ports();
    const auto& user = data.users[turn * 7 % data.users.size()];
    ++requests_;
    bool answered = false;
    for (std::size_t i = 0; i < ports.size() && !answered; ++i) {
      try {
        const http_client client(ports[(turn + i) % ports.size()], rest_patience);
        const auto answer =
            turn % 3 == 0 ? client.post("/recommend/" + user) : client.get("/recommendations/" + user);
        refused_ += answer.status >= 500 ? 1 : 0;
        again_ += i > 0 ? 1 : 0;
        answered = true;
      } catch (const std::exception&) {
        continue; // the next one is asked
      }
    }
    unanswered_ += answered ? 0 : 1;
    std::this_thread::sleep_for(25ms);
  }
}

} // namespace winnow::bench
