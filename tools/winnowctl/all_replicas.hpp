#pragma once

#include "tools/winnowctl/admin_client.hpp"

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow {

/// One replica's status, or why there is none.
struct replica_status {
  std::string id, address;
  nlohmann::json status; ///< Null if there is none.
  std::string problem;
};

using replica_question = std::function<result<admin_answer>(const admin_access&)>;

/// Asks each replica of the fleet for its status. An address that only the replica's own machine reaches may
/// belong to another daemon here, so that the answer must come from the replica itself.
/// @param first The status of one replica, which lists all. @param ask Sends GET /status.
std::vector<replica_status> ask_all_replicas(const nlohmann::json& first, const admin_access& daemon,
                                             const replica_question& ask);

} // namespace winnow
