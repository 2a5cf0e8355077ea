#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow {

/// The order of the actors.
enum class status_order {
  plain, ///< As they were started, each stage's workers behind it.
  tree,  ///< The same, drawn as a tree.
  name,  ///< The rest: most interesting first.
  rate,
  busy,
  latency,   ///< The 99th percentile.
  in_flight, ///< With what waits.
};

/// The daemon in one line, or two where it is not ready.
std::vector<std::string> daemon_lines(const nlohmann::json& status);

/// One line an actor, under a line of headings.
std::vector<std::string> actor_lines(const nlohmann::json& status, status_order order);

} // namespace winnow
