#include "tools/winnow-bench/command.hpp"

namespace winnow::bench {

const std::vector<bench_command>& bench_commands() {
  static const std::vector<bench_command> commands{
      {"data", "Build the synthetic deployment alone", declare_data},
  };
  return commands;
}

} // namespace winnow::bench
