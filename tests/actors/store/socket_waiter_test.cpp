#include "actors/store/socket_waiter.hpp"

#include "support/wait_until.hpp"

#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <poll.h>
#include <unistd.h>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

struct waiter_fixture {
  waiter_fixture() { BOOST_REQUIRE(::pipe(ends.data()) == 0); }
  ~waiter_fixture() {
    ::close(ends[0]);
    ::close(ends[1]);
  }

  store_wait until(std::chrono::steady_clock::duration limit) const {
    return {ends[0], POLLIN, std::chrono::steady_clock::now() + limit};
  }

  void write() const { BOOST_REQUIRE(::write(ends[1], "x", 1) == 1); }
  bool comes_to(int count) const {
    return wait_until([&] { return ready == count; });
  }

  std::array<int, 2> ends{};
  std::atomic<int> ready{0};
  socket_waiter waiter{[this] { ++ready; }};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(socket_waiter_suite, waiter_fixture)

BOOST_AUTO_TEST_CASE(reports_each_wait_once) {
  waiter.wait_for(until(1h));
  BOOST_TEST(ready == 0);
  write();
  BOOST_TEST(comes_to(1));
  waiter.wait_for(until(1h)); // the byte is still there
  BOOST_TEST(comes_to(2));
}

BOOST_AUTO_TEST_CASE(ends_a_wait_when_its_time_is_over) {
  waiter.wait_for(until(1ms));
  BOOST_TEST(comes_to(1));
}

BOOST_AUTO_TEST_CASE(replaces_a_wait) {
  waiter.wait_for(until(1h));
  waiter.wait_for(until(1ms));
  BOOST_TEST(comes_to(1));
}

BOOST_AUTO_TEST_CASE(ends_while_it_waits) {
  waiter.wait_for(until(1h)); // the destructor does not wait for it
}

BOOST_AUTO_TEST_SUITE_END()
