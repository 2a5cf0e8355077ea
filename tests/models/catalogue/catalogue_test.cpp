#include "models/catalogue/catalogue.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace winnow;

id_table table(std::initializer_list<const char*> ids) {
  id_table made;
  for (const auto* id : ids)
    made.insert(id);
  return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(catalogue_)

BOOST_AUTO_TEST_CASE(has_the_trained_items_only_at_first) {
  const catalogue items(table({"a", "b"}));
  BOOST_CHECK_EQUAL(items.size(), 2u);
  BOOST_CHECK_EQUAL(items.find("b").value(), 1u);
  BOOST_CHECK(!items.find("c"));
  BOOST_CHECK_EQUAL(items[1], "b");
  BOOST_CHECK(!items.is_adopted(1));
  BOOST_CHECK_EQUAL(catalogue().size(), 0u);
}

BOOST_AUTO_TEST_CASE(adopted_items_follow_the_trained_ones) {
  const auto items = catalogue(table({"a", "b"})).with(std::make_shared<const id_table>(table({"c", "d"})));
  BOOST_CHECK_EQUAL(items.size(), 4u);
  BOOST_CHECK_EQUAL(items.trained().size(), 2u);
  for (std::uint32_t at = 0; at < items.size(); ++at) {
    BOOST_CHECK_EQUAL(items.find(items[at]).value(), at);
    BOOST_CHECK_EQUAL(items.is_adopted(at), at >= 2);
  }
  BOOST_CHECK_EQUAL(items[3], "d");
  BOOST_CHECK(!items.find("e"));
}

BOOST_AUTO_TEST_CASE(an_extended_catalogue_leaves_the_old_one_as_it_was) {
  const catalogue trained(table({"a"}));
  const auto one = trained.with(std::make_shared<const id_table>(table({"b"})));
  const auto two = one.with(std::make_shared<const id_table>(table({"b", "c"})));
  BOOST_CHECK_EQUAL(trained.size(), 1u);
  BOOST_CHECK(!trained.find("b"));
  BOOST_CHECK_EQUAL(one.size(), 2u);
  BOOST_CHECK(!one.find("c"));
  BOOST_CHECK_EQUAL(two.find("c").value(), 2u);
  BOOST_CHECK_EQUAL(&two.trained(), &trained.trained()); // shared
}

BOOST_AUTO_TEST_SUITE_END()
