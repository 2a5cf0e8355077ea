#pragma once

#include "models/training/interactions/row_report.hpp"

#include <CLI/CLI.hpp>
#include <map>
#include <optional>

namespace winnow {

/// Adds `--ties`. @param ties Stays empty if the option is not given.
inline CLI::Option* add_ties_option(CLI::App& app, std::optional<tie_order>& ties, const char* usual) {
  static const std::map<std::string, tie_order> names{{"file", tie_order::file}, {"item", tie_order::item}};
  return app
      .add_option_function<std::string>(
          "--ties", [&ties](const std::string& name) { ties = names.at(name); },
          std::string("The order of interactions with the same time: file (that of the rows) or item (by the "
                      "items' ids, whatever order the rows have); default: ") +
              usual)
      ->check(CLI::IsMember(names).description(""))
      ->type_name("ORDER");
}

} // namespace winnow
