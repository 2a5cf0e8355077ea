#include "models/catalogue/id_table.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace winnow {

BOOST_AUTO_TEST_SUITE(id_table_suite)

BOOST_AUTO_TEST_CASE(gives_dense_indices_in_order) {
  id_table ids;
  BOOST_TEST(ids.empty());
  BOOST_TEST(!ids.find("a").has_value());
  BOOST_TEST(ids.insert("b").first == 0U);
  BOOST_TEST(ids.insert("a").first == 1U);
  const auto [index, inserted] = ids.insert("b");
  BOOST_TEST(index == 0U);
  BOOST_TEST(!inserted);
  BOOST_TEST(ids[1] == "a");
  BOOST_TEST(!ids.find("c").has_value());
}

BOOST_AUTO_TEST_CASE(accepts_any_bytes_as_an_id) {
  id_table ids;
  const std::string zero("a\0b", 3);
  BOOST_TEST(ids.insert("").first == 0U);
  BOOST_TEST(ids.insert(zero).first == 1U);
  BOOST_TEST(ids.insert("a").first == 2U);
  BOOST_TEST(ids.find(zero).value() == 1U);
  BOOST_TEST(ids.find("").value() == 0U);
}

BOOST_AUTO_TEST_CASE(finds_every_id_after_growing) {
  id_table grown;
  id_table reserved;
  reserved.reserve(20'000);
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    BOOST_REQUIRE(grown.insert(std::to_string(i)).second);
    BOOST_REQUIRE(reserved.insert(std::to_string(i)).second);
  }
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    BOOST_REQUIRE(grown.find(std::to_string(i)) == i);
    BOOST_REQUIRE(reserved.find(std::to_string(i)) == i);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
