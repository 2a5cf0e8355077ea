#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow {

/// The order of the actors.
enum class status_order {
  plain, ///< In start order, each stage followed by its workers.
  tree,  ///< The same, drawn as a tree.
  name,  ///< By name. All orders below put the largest value first.
  rate,
  busy,
  latency,   ///< The 99th percentile.
  in_flight, ///< Including waiting work.
};

/// Describes the daemon in one line, or in two if it is not ready.
std::vector<std::string> daemon_lines(const nlohmann::json& status);

/// One line per actor, below a line of headings.
std::vector<std::string> actor_lines(const nlohmann::json& status, status_order order);

} // namespace winnow
