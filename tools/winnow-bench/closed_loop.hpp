#pragma once

#include "tools/winnow-bench/load_record.hpp"

#include <map>
#include <string>
#include <utility>

namespace winnow::bench {

/// The requests that a server answers when each client waits for its answer before it asks again.
class closed_loop {
public:
  closed_loop(const bench_options& options, const deployment& data) : options_(options), data_(data) {}

  /// A server that takes part, with these numbers of connections. It is started, and has come to rest.
  result<void> add(program_recipe recipe, std::vector<std::size_t> connections);

  /// All repetitions; the servers take turns, so that what disturbs one disturbs them all.
  result<void> run();

  /// Writes a row for each server and number of connections, beginning with `labels`, and one a server of its
  /// memory and its start.
  void report(bench_report& into) const;

  served_program& server(std::size_t at) { return servers_[at].program; }

private:
  struct contestant {
    served_program program;
    std::vector<std::size_t> connections;
    memory_use memory; ///< After the load.
  };

  const bench_options& options_;
  const deployment& data_;
  std::vector<contestant> servers_;
  std::map<std::pair<std::string, std::size_t>, load_record> records_;
};

} // namespace winnow::bench
