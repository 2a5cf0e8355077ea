#include "actors/rest/batch_turns.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

struct turns_fixture {
  /// Adds a batch whose lists are called by its name.
  std::uint64_t add(char name, std::size_t lists) {
    return turns.add({lists,
                      [this, name](std::size_t list) {
                        started += name;
                        numbers.push_back(list);
                      },
                      [this, name](std::size_t) { dropped += name; }},
                     now);
  }

  void done(std::size_t lists, std::chrono::milliseconds each = 0ms) {
    for (; lists > 0; --lists)
      turns.done(now += each);
  }

  batch_turns::clock::time_point now{1h};
  std::size_t room = 1000;
  int calls = 0; ///< How often it was asked to be called later.
  std::string started, dropped;
  std::vector<std::size_t> numbers;
  batch_turns turns{{8,
                     [this](std::size_t wanted) {
                       const auto entering = std::min(wanted, room);
                       room -= entering;
                       return entering;
                     },
                     [this] { ++calls; }}};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(batch_turns_suite, turns_fixture)

BOOST_AUTO_TEST_CASE(few_lists_are_computed_at_a_time_and_the_next_part_starts_when_half_are_done) {
  add('a', 20);
  BOOST_TEST(started.size() == 8u);
  done(3);
  BOOST_TEST(started.size() == 8u);
  done(1);
  BOOST_TEST(started.size() == 12u);
  while (started.size() < 20)
    done(4);
  done(8);
  BOOST_TEST(started.size() == 20u);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    BOOST_TEST(numbers[i] == i);
}

BOOST_AUTO_TEST_CASE(batches_take_turns) {
  add('a', 100);
  add('b', 100);
  add('c', 2);
  for (int i = 0; i < 4; ++i)
    done(4);
  const std::string expected = "aaaaaaaa" // both parts of the only one
                               "aaaabbbbcc"
                               "aabbbb";
  BOOST_TEST(started == expected);
}

BOOST_AUTO_TEST_CASE(no_more_lists_start_than_are_let_in) {
  room = 3;
  add('a', 10);
  BOOST_TEST(started.size() == 3u);
  BOOST_TEST(calls == 0); // the end of one of them will do
  done(3);
  BOOST_TEST(started.size() == 3u);
  BOOST_TEST(calls == 1);
  add('b', 10);
  BOOST_TEST(calls == 1); // it is on its way
  turns.again();
  BOOST_TEST(calls == 2);
  room = 1000;
  turns.again();
  BOOST_TEST(started.size() == 11u);
  BOOST_TEST(calls == 2);
}

BOOST_AUTO_TEST_CASE(what_has_had_no_turn_in_time_is_dropped) {
  const auto first = add('a', 10), second = add('b', 3);
  turns.expire(first);
  BOOST_TEST(dropped == "aa");
  BOOST_TEST(turns.forget(second));
  BOOST_TEST(!turns.forget(second));
  turns.expire(second);
  BOOST_TEST(dropped == "aa");
  done(8);
  BOOST_TEST(started == "aaaaaaaa");
}

BOOST_AUTO_TEST_CASE(a_list_that_is_answered_as_it_starts_makes_room_for_the_next) {
  std::size_t answered = 0;
  turns.add({50,
             [&](std::size_t) {
               ++answered;
               turns.done(now);
             },
             [](std::size_t) {}},
            now);
  BOOST_TEST(answered == 50u);
}

BOOST_AUTO_TEST_CASE(who_would_wait_learns_how_long) {
  BOOST_TEST(turns.expected_wait(200).count() == 0);
  add('a', 8);
  done(8, 2ms);
  BOOST_TEST(turns.expected_wait(200).count() == 0); // there is nobody to wait for
  add('a', 10);
  BOOST_CHECK(turns.expected_wait(10) == 2ms * 20);
  done(5, 2ms);
  BOOST_CHECK(turns.expected_wait(10) == 2ms * 15);
}

BOOST_AUTO_TEST_CASE(batches_of_one_run_one_after_the_other) {
  batch_turns one{{1, [](std::size_t wanted) { return wanted; }, [] {}}};
  std::size_t begun = 0;
  one.add({3, [&](std::size_t) { ++begun; }, [](std::size_t) {}}, now);
  BOOST_TEST(begun == 1u);
  one.done(now);
  BOOST_TEST(begun == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
