#pragma once

#include "actors/status/rules_board.hpp"
#include "config/error.hpp"
#include "config/settings/settings.hpp"
#include "models/model_set.hpp"

namespace winnow {

/// What the settings name besides the models and the store. A start that cannot use it ends with exit code
/// 78; the errors name the setting and the file.

/// Loads the configured engine, before the models: if it is not installed, that is an error of the settings,
/// whatever the models are.
result<void> load_engine(ranker_engine kind);

/// The rules of the configured file; null if the settings name none.
result<rules_board_ptr> first_rules(const model_settings& options);

/// Whether these rules, if there are any, fit the items of the models.
result<void> check_fit(const rules_board_ptr& rules, const model_set& models);

/// Whether all of it can be used: Kafka's options, the engine, the rules, tokens, certificates and deny list.
result<void> check_named_files(const settings& options);

} // namespace winnow
