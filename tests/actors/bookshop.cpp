#include "bookshop.hpp"

#include "config/settings/settings.hpp"
#include "models/attributes/catalogue_attributes.hpp"
#include "support/environment.hpp"
#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace winnow::test {

namespace {

model_set_ptr load() {
  model_settings settings;
  settings.dir = bookshop_dir();
  auto models = load_model_set(settings);
  BOOST_REQUIRE_MESSAGE(models, (models ? std::string() : models.error().message));
  return *models;
}

} // namespace

std::string bookshop_dir() {
  return required_variable("WINNOW_SOURCE_DIR") + "/tests/fixtures/bookshop";
}

model_set_ptr bookshop() {
  static const model_set_ptr models = load();
  return models;
}

model_set_ptr bookshop_of_version(const std::string& version) {
  auto copy = std::make_shared<model_set>(*bookshop());
  copy->version = version;
  return copy;
}

std::shared_ptr<model_set> shop_of_many_items() {
  auto models = std::make_shared<model_set>(*bookshop());
  const temporary_directory dir;
  const auto file = dir.path() / "items.csv";
  std::ofstream rows(file);
  rows << "item_id,price\n";
  for (int item = 0; item < 100'000; ++item)
    rows << "item " << item << "," << item << "\n";
  rows.close();
  // Where the daemon looks for a newer items file: the bookshop has another.
  models->home = models->directory = dir.path();
  models->attributes = load_attributes(file, models->items.trained()).value();
  return models;
}

profile history(std::size_t length, std::size_t first) {
  const auto models = bookshop();
  profile items;
  for (std::size_t i = 0; i < length; ++i)
    items.emplace_back(models->items[static_cast<std::uint32_t>((first + i) % models->items.size())]);
  return items;
}

std::string history_json(std::size_t length, std::size_t first) {
  const auto items = history(length, first);
  return to_json(std::vector<std::string_view>(items.begin(), items.end()));
}

cascade_lists run_cascade(const std::string& user_id, const profile& items) {
  const auto models = bookshop();
  const cascade_widths widths;
  cascade_scratch work;
  const user_context user = resolve_user(*models, user_id, items);
  const user_context* const users[] = {&user};
  cascade_lists lists;
  lists.candidates = generate_candidates(*models, users, widths.candidates, work)[0];
  const ranking_task din_task{&user, &lists.candidates};
  lists.din = *rank_by_din(*models, {&din_task, 1}, widths.din_keep, work)[0];
  const ranking_task ranknet_task{&user, &lists.din};
  lists.ranknet = *rank_by_ranknet(*models, {&ranknet_task, 1}, widths.ranknet_keep, work)[0];
  return lists;
}

std::vector<std::uint32_t> items_of(const ranked_list& list, std::size_t count) {
  std::vector<std::uint32_t> items;
  for (std::size_t i = 0; i < std::min(count, list.items.size()); ++i)
    items.push_back(list.items[i].item);
  return items;
}

} // namespace winnow::test
