#include "actors/runtime/costly_work.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>
#include <string>
#include <thread>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

struct costly_fixture {
  void add(char name, std::chrono::milliseconds takes = 0ms) {
    work.add([this, name, takes] {
      done += name;
      std::this_thread::sleep_for(takes);
    });
  }

  std::string done;
  std::optional<std::chrono::milliseconds> rest; ///< The last one that was asked for.
  costly_work work{[this](std::chrono::milliseconds asked) { rest = asked; }};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(costly_work_turns, costly_fixture)

BOOST_AUTO_TEST_CASE(the_first_piece_runs_at_once_and_the_next_after_a_rest) {
  add('a');
  BOOST_TEST(done == "a");
  BOOST_TEST(rest.has_value());
  add('b');
  add('c');
  BOOST_TEST(done == "a");
  work.rested();
  BOOST_TEST(done == "ab");
  work.rested();
  BOOST_TEST(done == "abc");
  work.rested();
  add('d');
  BOOST_TEST(done == "abcd");
}

BOOST_AUTO_TEST_CASE(a_rest_takes_four_times_as_long_as_the_work) {
  add('a', 5ms);
  BOOST_TEST(rest->count() >= 20);
}

BOOST_AUTO_TEST_CASE(who_would_wait_learns_how_long) {
  BOOST_TEST(work.expected_wait().count() == 0);
  add('a', 5ms);
  const auto behind_one = work.expected_wait();
  BOOST_TEST(behind_one.count() > 0);
  add('b');
  BOOST_TEST(work.expected_wait().count() == 2 * behind_one.count());
  work.abandon();
  BOOST_TEST(work.expected_wait().count() == behind_one.count());
  work.rested();
  BOOST_TEST(done == "a");
}

BOOST_AUTO_TEST_CASE(a_piece_that_adds_another_does_not_run_it_itself) {
  work.add([this] { add('b'); });
  BOOST_TEST(done.empty());
  work.rested();
  BOOST_TEST(done == "b");
}

BOOST_AUTO_TEST_SUITE_END()
