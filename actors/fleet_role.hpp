#pragma once

#include <cstdint>
#include <string_view>

namespace winnow {

/// What a replica does for its fleet.
enum class fleet_role : std::uint8_t {
  alone,    ///< There is no fleet: it listens, sweeps and computes what it finds.
  leader,   ///< Holds the lease: it listens and sweeps, and shares what it finds.
  follower, ///< Computes what the leader finds.
  outdated, ///< A live replica has newer models: it takes no work until it has them, too.
};

inline std::string_view to_string(fleet_role role) {
  switch (role) {
  case fleet_role::alone:
    return "alone";
  case fleet_role::leader:
    return "leader";
  case fleet_role::follower:
    return "follower";
  case fleet_role::outdated:
    return "outdated";
  }
  return "";
}

} // namespace winnow
