// Desks of several replicas that tell each other what clients said.

#include "models/availability/item_updates.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using nlohmann::json;

namespace {

item_fact fact(const char* attribute, std::int64_t time, json value = nullptr) {
  return {"i", attribute, time, std::move(value)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(shared_updates)

BOOST_AUTO_TEST_CASE(all_replicas_end_with_the_same_whatever_the_order) {
  const std::vector<item_fact> told{fact("price", 5, 1), fact("price", 7, 2), fact("price", 7, 3),
                                    fact("title", 6, "x")};
  auto order = std::vector<std::size_t>{0, 1, 2, 3};
  do {
    item_updates updates;
    for (const auto i : order)
      updates.take(told[i]);
    const auto facts = updates.facts();
    BOOST_TEST(facts.size() == 2u);
    for (const auto& one : facts)
      BOOST_TEST((one == told[2] || one == told[3]));
  } while (std::next_permutation(order.begin(), order.end()));
}

BOOST_AUTO_TEST_CASE(what_is_known_is_no_news) {
  item_updates updates;
  updates.set("i", {{"price", 1}}, 5);
  BOOST_TEST(!updates.take(fact("price", 5, 1)));
  BOOST_TEST(!updates.take(fact("price", 4, 9)));
  BOOST_TEST(updates.take(fact("price", 6, 9)));
  BOOST_TEST(updates.last_said("i") == 6);
}

BOOST_AUTO_TEST_CASE(a_reset_forgets_what_was_said_before_it_and_nothing_else) {
  item_updates updates;
  BOOST_TEST(!updates.take(fact("", 9)));
  updates.set("i", {{"price", 1}}, 5);
  updates.set("i", {{"title", "x"}}, 7);
  BOOST_TEST(updates.take(fact("", 5)));
  BOOST_TEST(updates.facts().size() == 1u);
  BOOST_TEST(updates.take(fact("", 7)));
  BOOST_TEST(updates.items() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
