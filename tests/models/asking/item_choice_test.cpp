#include "models/asking/item_choice.hpp"

#include "tests/models/fixtures.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

using namespace winnow;
using namespace winnow::test;

namespace {

std::string id_of(std::size_t item) {
  return "item " + std::to_string(item);
}

/// Items with prices; those in `order` have rows in this order.
std::shared_ptr<const catalogue_attributes> prices_of(const id_table& trained,
                                                      const std::vector<std::size_t>& order) {
  const temporary_directory dir;
  const auto file = dir.path() / "items.csv";
  std::ofstream rows(file);
  rows << "item_id,price\n";
  for (const auto item : order)
    rows << id_of(item) << "," << item % 7 << "\n";
  rows.close();
  return load_attributes(file, trained).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(item_choices)

BOOST_AUTO_TEST_CASE(holds_the_items_whose_rows_pass_whatever_their_order) {
  constexpr std::size_t trained_items = 203;
  id_table trained;
  auto adopted = std::make_shared<id_table>();
  std::vector<std::size_t> in_order, partly, without_some, reversed;
  for (std::size_t item = 0; item < trained_items; ++item) {
    trained.insert(id_of(item));
    in_order.push_back(item);
    if (item % 5 != 3)
      without_some.push_back(item);
  }
  for (std::size_t item = trained_items; item < trained_items + 9; ++item) {
    adopted->insert(id_of(item));
    in_order.push_back(item);
  }
  partly = reversed = in_order;
  std::swap(partly[140], partly[150]);
  std::reverse(reversed.begin(), reversed.end());
  const auto items = catalogue(trained).with(adopted);
  const auto filter = parse_filter({{"price", {{"gte", 2}, {"lt", 5}}}}).value();
  for (const auto& order : {in_order, partly, without_some, reversed}) {
    const auto attributes = prices_of(trained, order);
    const auto rows = rows_that_pass(filter, attributes->table()).value();
    const item_choice choice(items, *attributes, rows);
    std::size_t count = 0;
    for (std::uint32_t item = 0; item < items.size(); ++item) {
      const bool passes =
          std::find(order.begin(), order.end(), item) != order.end() && item % 7 >= 2 && item % 7 < 5;
      BOOST_TEST_REQUIRE(choice.allows(item) == passes, "item " << item);
      count += passes ? 1 : 0;
    }
    BOOST_TEST(choice.count() == count);
    BOOST_TEST(choice.items().size() == count);
  }
}

BOOST_AUTO_TEST_CASE(leaves_out_withheld_items) {
  id_table trained;
  auto denied = std::make_shared<id_table>();
  std::vector<std::size_t> order;
  for (std::size_t item = 0; item < 130; ++item) {
    trained.insert(id_of(item));
    order.push_back(item);
    if (item % 3 == 0)
      denied->insert(id_of(item));
  }
  const catalogue items(trained);
  const auto attributes = prices_of(trained, order);
  const withheld_items withheld(std::make_shared<const withholding>(attributes, denied, 0.0), items);
  const item_choice choice(items, *attributes, row_set(attributes->table().rows(), true), &withheld);
  for (std::uint32_t item = 0; item < items.size(); ++item)
    BOOST_TEST_REQUIRE(choice.allows(item) == (item % 3 != 0), "item " << item);
  BOOST_TEST(choice.count() == items.size() - denied->size());
}

BOOST_AUTO_TEST_SUITE_END()
