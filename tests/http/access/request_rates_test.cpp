#include "http/access/request_rates.hpp"

#include <boost/test/unit_test.hpp>

using winnow::http::request_rates;
using namespace std::chrono_literals;

namespace {

const request_rates::clock::time_point start{1h};

int accepted_of(request_rates& rates, const std::string& client, int asked, std::chrono::milliseconds after) {
  int accepted = 0;
  for (int i = 0; i < asked; ++i)
    accepted += rates.take(client, start + after) ? 0 : 1;
  return accepted;
}

} // namespace

BOOST_AUTO_TEST_SUITE(request_rates_suite)

BOOST_AUTO_TEST_CASE(a_burst_passes_and_then_the_rate) {
  request_rates rates(10, 3);
  BOOST_TEST(accepted_of(rates, "a", 10, 0ms) == 3);
  BOOST_TEST(accepted_of(rates, "a", 10, 99ms) == 0);
  BOOST_TEST(accepted_of(rates, "a", 10, 100ms) == 1);
  BOOST_TEST(accepted_of(rates, "a", 10, 300ms) == 2);
  BOOST_TEST(accepted_of(rates, "a", 10, 10s) == 3);
}

BOOST_AUTO_TEST_CASE(the_wait_is_exact) {
  request_rates rates(10, 1);
  BOOST_TEST(!rates.take("a", start));
  BOOST_CHECK(rates.take("a", start + 30ms).value() == 70ms);
  BOOST_TEST(!rates.take("a", start + 100ms));
}

BOOST_AUTO_TEST_CASE(without_a_burst_a_second_of_requests_may_come_at_once) {
  request_rates rates(20, 0);
  BOOST_TEST(accepted_of(rates, "a", 50, 0ms) == 20);
}

BOOST_AUTO_TEST_CASE(clients_do_not_share) {
  request_rates rates(1, 1);
  BOOST_TEST(accepted_of(rates, "a", 5, 0ms) == 1);
  BOOST_TEST(accepted_of(rates, "b", 5, 0ms) == 1);
}

BOOST_AUTO_TEST_CASE(of_too_many_clients_the_one_that_is_silent_for_longest_is_forgotten) {
  request_rates rates(1, 1, 2);
  BOOST_TEST(!rates.take("a", start));
  BOOST_TEST(!rates.take("b", start));
  BOOST_TEST(rates.take("a", start).has_value()); // now b has been silent for longer
  BOOST_TEST(!rates.take("c", start));
  BOOST_TEST(rates.take("a", start).has_value());
  BOOST_TEST(!rates.take("b", start));
}

BOOST_AUTO_TEST_CASE(it_can_be_off) {
  BOOST_TEST(!request_rates(0, 0).is_on());
  BOOST_TEST(request_rates(1, 0).is_on());
}

BOOST_AUTO_TEST_SUITE_END()
