#include "tools/winnowd/named_files.hpp"

#include "actors/kafka/kafka_check.hpp"
#include "config/log/log.hpp"
#include "config/settings/table/setting_value.hpp"
#include "models/ranking/engine_module.hpp"
#include "models/rules/rules_file.hpp"
#include "tools/winnowd/rules_keeper.hpp"

#include <memory>
#include <string>
#include <utility>

namespace winnow {

namespace {

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

} // namespace

result<void> check_fit(const rules_board_ptr& rules, const model_set& models) {
  if (!rules)
    return {};
  if (auto fits = fits_items(*rules->state().rules, models); !fits)
    return fail("--rules", fits.error());
  return {};
}

result<named_files> named_files::read(const settings& options) {
  if (auto kafka = check_kafka(options.kafka); !kafka)
    return tl::unexpected(kafka.error());
  if (auto engine = load_engine(options.models.engine); !engine)
    return tl::unexpected(engine.error());
  auto rules = first_rules(options.models);
  if (!rules)
    return tl::unexpected(rules.error());
  auto known = credentials::read(options);
  if (!known)
    return tl::unexpected(known.error());
  auto desk = item_desk::open(options.models);
  if (!desk)
    return tl::unexpected(desk.error());
  return named_files{std::move(*rules), std::move(*known), std::move(*desk)};
}

} // namespace winnow
