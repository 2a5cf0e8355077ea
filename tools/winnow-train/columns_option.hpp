#pragma once

#include "models/training/interactions/columns/chosen_columns.hpp"

#include <CLI/CLI.hpp>
#include <string>

namespace winnow {

/// Adds `--columns`, with which the user names the columns of interactions.
inline CLI::Option* add_columns_option(CLI::App& app, chosen_columns& columns,
                                       const std::string& description) {
  return app.add_option_function<std::string>(
      "--columns",
      [&columns](const std::string& text) {
        const auto chosen = parse_chosen_columns(text);
        if (!chosen)
          throw CLI::ValidationError("--columns", chosen.error().message);
        columns = *chosen;
      },
      description);
}

} // namespace winnow
