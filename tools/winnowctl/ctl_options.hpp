#pragma once

#include "tools/winnowctl/admin_client.hpp"
#include "tools/winnowctl/import/import_command.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace winnow {

enum class ctl_command {
  status,
  tree,
  top,
  events,
  slow,
  fleet,
  trace,
  scale,
  kill,
  drain,
  log_level,
  fault,
  clear_faults,
  console,
  import_data,
  models,
  experiments,
  rules
};

/// The parsed command line.
struct ctl_options {
  ctl_command command = ctl_command::status;
  admin_access daemon;
  std::string token_file; ///< Where to find the token if none is given; empty: the daemon's default places.
  bool json = false;
  bool all = false;      ///< Ask all replicas of the fleet.
  std::string subject;   ///< The user, stage, actor, level or version.
  std::string action;    ///< What to do with the versions of the models, or with the experiment.
  bool force = false;    ///< Promote a version, or use it in an experiment, whatever the gate says.
  std::string versions;  ///< Of an experiment, with their weights.
  std::string salt;      ///< Of an experiment; empty: its name.
  double share = 0;      ///< Of the lists that the shadow ranks; 0: the daemon's default.
  std::string placement; ///< For which the rules are tried; empty: none.
  std::size_t workers = 1;
  std::string fault_kind;
  std::uint64_t batches = 1; ///< Batches that fail; 0: all, until faults are cleared.
  std::uint64_t fault_ms = 0;
  import_options importing;
};

/// Reads the command line and, for what it leaves open, winnowd's settings `admin`, `admin-token` and
/// `admin-token-file`, see `read_settings_of`, and WINNOW_ADMIN_CA.
/// Returns nullopt and sets `exit_code` if the program should exit: after printing the requested help or
/// version, or an error.
std::optional<ctl_options> parse_ctl_options(int argc, char** argv, int& exit_code);

} // namespace winnow
