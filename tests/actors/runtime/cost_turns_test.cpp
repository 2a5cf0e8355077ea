#include "actors/runtime/cost_turns.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

struct turns_fixture {
  ~turns_fixture() { turns->abandon(); }

  void add(char name, std::size_t bytes, bool background = false) {
    turns->add({{bytes, background},
                [this, name] { return unwanted.find(name) == std::string::npos; },
                [this, name](const cost_turns::turn& turn) {
                  done += name;
                  held[name] = turn;
                }},
               now);
  }

  /// The end of a turn begins the next one, which is added to `held`.
  void end(char name) { const auto ended = std::exchange(held[name], nullptr); }

  /// Lets some time pass, as a piece does that takes long.
  static void work() {
    for (const auto begin = cost_turns::clock::now(); cost_turns::clock::now() == begin;)
      ;
  }

  cost_turns::clock::time_point now{1h};
  std::string done, unwanted;
  std::map<char, cost_turns::turn> held;
  std::shared_ptr<cost_turns> turns = std::make_shared<cost_turns>();
};

struct resting_fixture : turns_fixture {
  resting_fixture() {
    turns = std::make_shared<cost_turns>(
        cost_turns::pauses{4, [this](std::chrono::milliseconds rest, std::function<void()> then) {
                             rests.push_back(rest);
                             rested = std::move(then);
                           }});
  }

  std::vector<std::chrono::milliseconds> rests;
  std::function<void()> rested; ///< Ends the last of them.
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(cost_turns_suite, turns_fixture)

BOOST_AUTO_TEST_CASE(one_piece_runs_at_a_time) {
  add('a', 10);
  add('b', 10);
  add('c', 10);
  BOOST_TEST(done == "a");
  end('a');
  BOOST_TEST(done == "ab");
  end('b');
  end('c');
  add('d', 10);
  BOOST_TEST(done == "abcd");
}

BOOST_AUTO_TEST_CASE(a_turn_differs_from_none) {
  add('a', 10);
  BOOST_TEST((held['a'] != nullptr));
  end('a');
  BOOST_TEST((held['a'] == nullptr));
}

BOOST_AUTO_TEST_CASE(what_costs_more_waits_longer_but_not_for_ever) {
  add('a', 1);
  add('z', 100'000);
  add('y', 50'000);
  add('b', 1'000);
  now += 1ms;
  add('c', 1'000);
  now += 1s;
  add('x', 1'000);
  for (const char name : {'a', 'b', 'c', 'y', 'z'})
    end(name);
  BOOST_TEST(done == "abcyzx");
}

BOOST_AUTO_TEST_CASE(what_nobody_waits_for_lets_others_pass) {
  add('a', 1);
  add('z', 1'000, true);
  add('b', 100'000);
  end('a');
  end('b');
  BOOST_TEST(done == "abz");
}

BOOST_AUTO_TEST_CASE(what_is_not_wanted_any_more_is_dropped) {
  add('a', 1);
  add('b', 1);
  add('c', 1);
  unwanted = "b";
  end('a');
  BOOST_TEST(done == "ac");
}

BOOST_AUTO_TEST_CASE(who_would_wait_learns_how_long) {
  BOOST_TEST(turns->expected_wait({1'000, false}, now).count() == 0);
  add('a', 1'000);
  work();
  end('a');
  BOOST_TEST(turns->expected_wait({1'000, false}, now).count() == 0); // there is nobody to wait for
  add('b', 1'000'000);
  const auto behind_one = turns->expected_wait({1'000'000, false}, now);
  BOOST_TEST(behind_one.count() > 0);
  add('c', 1'000'000);
  BOOST_TEST(turns->expected_wait({1'000'000, false}, now).count() > behind_one.count());
  BOOST_TEST(turns->expected_wait({1'000, false}, now).count() == behind_one.count()); // it would pass c
}

BOOST_AUTO_TEST_CASE(a_turn_may_outlive_the_turns) {
  add('a', 1);
  turns->abandon();
  turns = std::make_shared<cost_turns>();
  end('a');
  add('b', 1);
  BOOST_TEST(done == "ab");
}

BOOST_AUTO_TEST_CASE(abandoned_turns_begin_nothing) {
  add('a', 1);
  add('b', 1);
  turns->abandon();
  end('a');
  BOOST_TEST(done == "a");
}

BOOST_FIXTURE_TEST_CASE(a_rest_follows_each_piece, resting_fixture) {
  add('a', 1'000);
  add('b', 1'000);
  work();
  BOOST_TEST(rests.empty());
  end('a');
  BOOST_REQUIRE(rests.size() == 1u);
  BOOST_TEST(rests[0].count() > 0);
  BOOST_TEST(done == "a");
  rested();
  BOOST_TEST(done == "ab");
  BOOST_TEST(rests.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(who_comes_during_a_rest_waits_for_what_is_left_of_it, resting_fixture) {
  add('a', 1'000);
  work();
  const auto before = cost_turns::clock::now();
  end('a');
  BOOST_TEST(turns->expected_wait({1, false}, before).count() > 0);
  BOOST_TEST(turns->expected_wait({1, false}, before + 1h).count() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
