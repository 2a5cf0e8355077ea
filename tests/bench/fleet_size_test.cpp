#include "tools/winnow-bench/fleet_size.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::bench;

namespace {

/// Numbers with which sums are easy.
unit_costs units() {
  unit_costs made;
  made.base_items = 10'000;
  made.request_us = 200;
  made.request_redis_us = 10;
  made.request_commands = 3;
  made.change_us = 150;
  made.change_redis_us = 20;
  made.change_commands = 5;
  made.exact_ns_per_item = 2;
  made.search_width = 100;
  made.index_items = 1'000'000;
  made.index_us = 400;
  made.index_exponent = 0.5;
  made.base_mb = 50;
  made.redis_bytes_a_user = 1024;
  return made;
}

shop_size shop() {
  shop_size made;
  made.users = 1 << 20;
  made.items = 10'000;
  made.requests = 10'000;
  made.changes = 1'000;
  made.width = 100;
  made.cores = 2;
  made.greatest_use = 0.5;
  return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(fleet_size_)

BOOST_AUTO_TEST_CASE(adds_up_the_work_of_a_shop_like_the_measured_one) {
  const auto size = reckon(units(), shop());
  BOOST_CHECK_CLOSE(size.search_us, 20, 1e-9);
  BOOST_CHECK_CLOSE(size.processors, 10'000 * 200e-6 + 1'000 * 150e-6, 1e-9);
  BOOST_CHECK_EQUAL(size.replicas, 4); // 2.15 processors of 1 each, and one that may fail
  BOOST_CHECK_CLOSE(size.redis_processors, 0.12, 1e-9);
  BOOST_CHECK_EQUAL(size.redis_servers, 1);
  BOOST_CHECK_CLOSE(size.redis_mb, 1024, 1e-9);
  BOOST_CHECK_CLOSE(size.redis_commands, 35'000, 1e-9);
}

BOOST_AUTO_TEST_CASE(a_larger_catalogue_takes_longer_searches_and_an_index_fewer) {
  auto large = shop();
  large.items = 100'000;
  BOOST_CHECK_CLOSE(reckon(units(), large).search_us, 200, 1e-9);
  BOOST_CHECK_CLOSE(reckon(units(), large).processors, 10'000 * 380e-6 + 1'000 * 330e-6, 1e-9);
  large.items = 4'000'000;
  BOOST_CHECK_CLOSE(reckon(units(), large).search_us, 800, 1e-9);
  large.approximate_from = 0;
  BOOST_CHECK_CLOSE(reckon(units(), large).search_us, 8'000, 1e-9);
  large.width = 50;
  BOOST_CHECK_CLOSE(reckon(units(), large).search_us, 4'000, 1e-9);
}

BOOST_AUTO_TEST_CASE(one_machine_needs_no_spare) {
  auto small = shop();
  small.requests = 100;
  small.changes = 0;
  BOOST_CHECK_EQUAL(reckon(units(), small).replicas, 1);
  small.requests = 0;
  BOOST_CHECK_EQUAL(reckon(units(), small).replicas, 1);
  BOOST_CHECK_EQUAL(reckon(units(), small).redis_servers, 1);
}

BOOST_AUTO_TEST_CASE(memory_is_that_of_tables_and_ids) {
  auto size = shop();
  size.items = 0;
  size.id_bytes = 16;
  BOOST_CHECK_CLOSE(reckon(units(), size).mapped_mb, 4 * 100 + 32, 1e-9);
  size.half = true;
  BOOST_CHECK_CLOSE(reckon(units(), size).mapped_mb, 2 * 100 + 32, 1e-9);
  BOOST_CHECK_CLOSE(reckon(units(), size).own_mb, 50, 1e-9);
  size.items = 1 << 20;
  size.users = 0;
  size.approximate_from = 0;
  BOOST_CHECK_CLOSE(reckon(units(), size).own_mb, 50 + 100 + 80, 1e-9);
  size.approximate_from = 200'000;
  BOOST_CHECK_CLOSE(reckon(units(), size).own_mb, 50 + 200 + 80, 1e-9);
}

BOOST_AUTO_TEST_CASE(units_read_back_and_missing_ones_are_named) {
  const auto text = to_json(units());
  const auto read = units_from_json(text);
  BOOST_REQUIRE(read);
  BOOST_CHECK_EQUAL(to_json(*read), text);
  auto without = text;
  without.replace(without.find("index_us"), 8, "other_us");
  const auto refused = units_from_json(without);
  BOOST_REQUIRE(!refused);
  BOOST_CHECK_EQUAL(refused.error().message, "index_us: expected a number above 0, got none");
  BOOST_CHECK(!units_from_json("[]"));
  BOOST_CHECK(!units_from_json("{"));
}

BOOST_AUTO_TEST_CASE(counts_have_units) {
  BOOST_CHECK_EQUAL(read_count("500").value(), 500);
  BOOST_CHECK_EQUAL(read_count("20k").value(), 20'000);
  BOOST_CHECK_EQUAL(read_count("1.5M").value(), 1.5e6);
  BOOST_CHECK_EQUAL(read_count("2G").value(), 2e9);
  for (const auto* text : {"", "k", "-1", "5x", "5 k", "nan", "inf"})
    BOOST_CHECK_MESSAGE(!read_count(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
