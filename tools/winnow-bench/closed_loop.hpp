#pragma once

#include "tools/winnow-bench/load_record.hpp"

#include <map>
#include <string>
#include <utility>

namespace winnow::bench {

/// Measures servers in a closed loop: each client waits for its answer before it sends the next request.
class closed_loop {
public:
  closed_loop(const bench_options& options, const deployment& data) : options_(options), data_(data) {}

  /// Adds a server, to be measured with each of these numbers of connections. Starts it, waits until it is
  /// idle, and warms it up.
  result<void> add(program_recipe recipe, std::vector<std::size_t> connections);

  /// Runs all repetitions. The servers take turns, so a disturbance affects all of them alike.
  result<void> run();

  /// Adds a row for each server and number of connections, and one for each server's memory and start time.
  void report(bench_report& into) const;

  served_program& server(std::size_t at) { return servers_[at].program; }

private:
  struct contestant {
    served_program program;
    std::vector<std::size_t> connections;
    memory_use memory; ///< Taken after the load.
  };

  const bench_options& options_;
  const deployment& data_;
  std::vector<contestant> servers_;
  std::map<std::pair<std::string, std::size_t>, load_record> records_;
};

} // namespace winnow::bench
