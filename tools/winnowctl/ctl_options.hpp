#pragma once

#include "config/settings/admin_address.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace winnow {

enum class ctl_command {
  status,
  tree,
  top,
  events,
  trace,
  scale,
  kill,
  drain,
  log_level,
  fault,
  clear_faults
};

/// What the command line asks for.
struct ctl_options {
  ctl_command command = ctl_command::status;
  admin_address admin;
  std::string token; ///< Empty: none is sent.
  bool json = false;
  std::string subject; ///< The user, stage, actor or level.
  std::size_t workers = 1;
  std::string fault_kind;
  std::uint64_t batches = 1; ///< That a fault strikes; 0: all, until faults are cleared.
  std::uint64_t fault_ms = 0;
};

/// Reads the command line and WINNOW_ADMIN, WINNOW_ADMIN_TOKEN. Nothing: there is nothing to do (help was
/// asked for and printed) or something is wrong (printed, too), and `exit_code` says which.
std::optional<ctl_options> parse_ctl_options(int argc, char** argv, int& exit_code);

} // namespace winnow
