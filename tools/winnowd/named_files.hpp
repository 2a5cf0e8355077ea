#pragma once

#include "actors/status/rules_board.hpp"
#include "config/error.hpp"
#include "config/settings/settings.hpp"
#include "models/availability/item_desk.hpp"
#include "models/model_set.hpp"
#include "tools/winnowd/credentials.hpp"

#include <memory>

namespace winnow {

/// What the settings name besides the models and the store. A start that cannot use it ends with exit code
/// 78, as does `--check-config`; both read it here, so that they cannot differ.
struct named_files {
  /// Reads the rules, tokens, certificates and the deny list. First checks Kafka's options, and loads the
  /// engine: if that is not installed, it is an error of the settings, whatever the models are.
  /// @return An error that names the setting and the file: the first one.
  static result<named_files> read(const settings& options);

  rules_board_ptr rules; ///< Null if the settings name none.
  credentials known;
  std::shared_ptr<item_desk> desk; ///< Knows the deny list.
};

/// Whether these rules, if there are any, fit the items of the models.
result<void> check_fit(const rules_board_ptr& rules, const model_set& models);

} // namespace winnow
