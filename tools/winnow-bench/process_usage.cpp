#include "tools/winnow-bench/process_usage.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace winnow::bench {

namespace {

double ticks_to_seconds(double ticks) {
  static const auto rate = static_cast<double>(sysconf(_SC_CLK_TCK));
  return ticks / rate;
}

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct process_state {
  pid_t parent = 0;
  double ticks = 0;
};

/// Reads /proc/PID/stat. Returns nullopt if the process has ended.
std::optional<process_state> state_of(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/stat");
  std::string text;
  std::getline(file, text);
  const auto name_end = text.rfind(')'); // the name may contain blanks and parentheses
  if (name_end == std::string::npos)
    return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  process_state state;
  std::string skipped;
  fields >> skipped >> state.parent;
  for (int field = 5; field < 14; ++field)
    fields >> skipped;
  double user = 0, system = 0, children_user = 0, children_system = 0;
  fields >> user >> system >> children_user >> children_system;
  state.ticks = user + system + children_user + children_system;
  return state;
}

} // namespace

std::vector<pid_t> process_tree(pid_t root) {
  std::multimap<pid_t, pid_t> children;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", failed)) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos)
      continue;
    if (const auto state = state_of(name))
      children.emplace(state->parent, static_cast<pid_t>(std::stol(name)));
  }
  std::vector<pid_t> tree{root};
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const auto [first, last] = children.equal_range(tree[i]);
    std::for_each(first, last, [&](const auto& pair) { tree.push_back(pair.second); });
  }
  return tree;
}

double processor_seconds(pid_t root) {
  double ticks = 0;
  for (const auto pid : process_tree(root))
    if (const auto state = state_of(std::to_string(pid)))
      ticks += state->ticks;
  return ticks_to_seconds(ticks);
}

double own_processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double machine_busy_seconds() {
  std::ifstream file("/proc/stat");
  std::string cpu;
  double user = 0, nice = 0, system = 0, idle = 0, waiting = 0, interrupts = 0, soft_interrupts = 0;
  file >> cpu >> user >> nice >> system >> idle >> waiting >> interrupts >> soft_interrupts;
  return ticks_to_seconds(user + nice + system + interrupts + soft_interrupts);
}

memory_use memory_of(pid_t root) {
  memory_use used;
  for (const auto pid : process_tree(root)) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
    for (std::string line; std::getline(file, line);) {
      if (line.rfind("Rss:", 0) == 0)
        used.resident_mb += std::strtod(line.c_str() + 4, nullptr) / 1024;
      if (line.rfind("Anonymous:", 0) == 0)
        used.anonymous_mb += std::strtod(line.c_str() + 10, nullptr) / 1024;
      if (line.rfind("Pss:", 0) == 0)
        used.proportional_mb += std::strtod(line.c_str() + 4, nullptr) / 1024;
    }
  }
  return used;
}

foreign_use::foreign_use()
    : begin_(now_seconds()), busy_(machine_busy_seconds()), own_(processor_seconds(getpid())) {}

double foreign_use::cores() const {
  const double passed = now_seconds() - begin_;
  const double others = machine_busy_seconds() - busy_ - (processor_seconds(getpid()) - own_);
  return passed > 0 ? std::max(others / passed, 0.0) : 0;
}

} // namespace winnow::bench
