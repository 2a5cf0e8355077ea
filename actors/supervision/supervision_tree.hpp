#pragma once

#include "actors/runtime/restart_history.hpp"
#include "config/error.hpp"

#include <string>
#include <vector>

namespace winnow {

/// Which of a group's children are restarted when one of them dies.
enum class restart_strategy {
  one_for_one,  ///< Only that one.
  rest_for_one, ///< That one and those declared after it, which depend on it.
};

struct supervised_child {
  std::string name;
  restart_policy policy = {};
};

struct supervised_group {
  std::string name;
  restart_strategy strategy = restart_strategy::one_for_one;
  std::vector<supervised_child> children; ///< In start order.
};

/// Which actors are supervised in which groups, as data. The supervisor carries it out.
struct supervision_tree {
  /// Limits the restarts of whole groups, counted over all groups. More are fatal.
  restart_policy root;
  std::vector<supervised_group> groups; ///< In start order; they stop in reverse order.
};

/// Returns the daemon's tree.
supervision_tree daemon_supervision();

/// Checks that the tree names each declared child exactly once and no others. Otherwise a forgotten child
/// would silently never start.
/// @return An error that names the first child that does not match.
result<void> check_children(const supervision_tree& tree, const std::vector<std::string>& declared);

} // namespace winnow
