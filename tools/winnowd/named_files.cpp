#include "tools/winnowd/named_files.hpp"

#include "actors/kafka/kafka_check.hpp"
#include "config/log/log.hpp"
#include "config/settings/table/setting_value.hpp"
#include "models/availability/deny_list.hpp"
#include "models/ranking/engine_module.hpp"
#include "models/rules/rules_file.hpp"
#include "tools/winnowd/credentials.hpp"
#include "tools/winnowd/rules_keeper.hpp"

#include <memory>
#include <string>
#include <utility>

namespace winnow {

result<void> load_engine(ranker_engine kind) {
  const auto engine = engine_of(kind);
  if (!engine)
    return fail("--engine " + std::string(to_string(kind)), engine.error());
  if (*engine != nullptr)
    log_event(log_level::info, "models", "engine", {{"computes_with", (*engine)->computes_with()}});
  return {};
}

result<rules_board_ptr> first_rules(const model_settings& options) {
  if (options.rules.empty())
    return rules_board_ptr();
  auto rules = read_rules(options.rules);
  if (!rules)
    return fail("--rules", rules.error());
  auto board = std::make_shared<rules_board>();
  board->taken(std::move(*rules));
  return board;
}

result<void> check_fit(const rules_board_ptr& rules, const model_set& models) {
  if (!rules)
    return {};
  if (auto fits = fits_items(*rules->state().rules, models); !fits)
    return fail("--rules", fits.error());
  return {};
}

result<void> check_named_files(const settings& options) {
  if (auto kafka = check_kafka(options.kafka); !kafka)
    return kafka;
  if (auto engine = load_engine(options.models.engine); !engine)
    return engine;
  if (const auto rules = first_rules(options.models); !rules)
    return tl::unexpected(rules.error());
  if (const auto known = credentials::read(options); !known)
    return tl::unexpected(known.error());
  if (options.models.deny_items.empty())
    return {};
  if (const auto denied = read_deny_list(options.models.deny_items); !denied)
    return fail("--deny-items", denied.error());
  return {};
}

} // namespace winnow
