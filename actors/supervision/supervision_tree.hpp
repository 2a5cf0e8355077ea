#pragma once

#include "actors/runtime/restart_history.hpp"
#include "config/error.hpp"

#include <string>
#include <vector>

namespace winnow {

/// Which of a group's children are started anew when one of them dies.
enum class restart_strategy {
  one_for_one,  ///< That one.
  rest_for_one, ///< That one and those declared behind it, which build on it.
};

struct supervised_child {
  std::string name;
  restart_policy policy = {};
};

struct supervised_group {
  std::string name;
  restart_strategy strategy = restart_strategy::one_for_one;
  std::vector<supervised_child> children; ///< In the order of their start.
};

/// Who looks after whom, as data. The supervisor carries it out.
struct supervision_tree {
  restart_policy root; ///< How often groups may be started anew as a whole, all together, before it is fatal.
  std::vector<supervised_group> groups; ///< In the order of their start; they stop in the opposite one.
};

/// The daemon's tree.
supervision_tree daemon_supervision();

/// Checks that the tree names exactly the declared children, each once: a child that only one side knows
/// would silently never be started.
/// @return An error that names the first child that does not match.
result<void> check_children(const supervision_tree& tree, const std::vector<std::string>& declared);

} // namespace winnow
