#pragma once

#include "config/settings/table/settings_checks.hpp"

#include <string>
#include <vector>

namespace winnow {

/// Where a setting's value came from.
struct setting_origin {
  std::string key;
  std::string value; ///< In printable form, secrets masked.
  /// `default`, `flag --port`, `environment WINNOW_PORT`, `.env:3 WINNOW_PORT`, `winnow.conf:7`.
  std::string source;
};

/// The origin of each setting, in the order of the help.
std::vector<setting_origin> origins_of(const sourced_settings& all);

} // namespace winnow
