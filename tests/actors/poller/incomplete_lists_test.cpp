#include "actors/poller/incomplete_lists.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;
const auto each = boost::test_tools::per_element();

constexpr std::uint64_t some_digest = 1;

struct incomplete_fixture {
  void note(const std::string& user, std::uint64_t digest = some_digest) {
    lists.lacks_stage(user, digest, now);
  }

  /// The user's list is computed again, and lacks a stage again.
  void fail(const std::string& user) {
    BOOST_TEST(lists.begin(user));
    note(user);
  }

  incomplete_lists lists;
  incomplete_lists::time_point now = std::chrono::steady_clock::now();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(incomplete_lists_suite, incomplete_fixture)

BOOST_AUTO_TEST_CASE(a_list_with_all_stages_lets_some_others_be_computed_again) {
  for (std::size_t i = 0; i < incomplete_lists::most_at_once + 1; ++i)
    note("user " + std::to_string(i));
  BOOST_TEST(lists.stages_answer(now).empty()); // it may be over in a moment
  now += incomplete_lists::first_pause;
  BOOST_TEST(lists.stages_answer(now).size() == incomplete_lists::most_at_once);
  BOOST_TEST(lists.stages_answer(now).size() == 1u);
  BOOST_TEST(lists.stages_answer(now).empty());
}

BOOST_AUTO_TEST_CASE(a_user_is_to_be_computed_once_for_each_try) {
  note("a");
  BOOST_TEST(!lists.begin("a"));
  BOOST_TEST(!lists.begin("b"));
  now += incomplete_lists::first_pause;
  BOOST_TEST(lists.stages_answer(now) == strings{"a"}, each);
  BOOST_TEST(lists.begin("a"));
  BOOST_TEST(!lists.begin("a"));
}

BOOST_AUTO_TEST_CASE(a_user_is_tried_until_the_list_has_all_stages_or_waits_again) {
  note("a");
  BOOST_TEST(!lists.is_tried("a"));
  BOOST_TEST(!lists.is_tried("b"));
  now += incomplete_lists::first_pause;
  BOOST_TEST(lists.stages_answer(now) == strings{"a"}, each);
  BOOST_TEST(lists.is_tried("a"));
  BOOST_TEST(lists.begin("a"));
  BOOST_TEST(lists.is_tried("a"));
  note("a");
  BOOST_TEST(!lists.is_tried("a"));
  BOOST_TEST(lists.has("a"));
  lists.forget("a");
  BOOST_TEST(!lists.has("a"));
}

BOOST_AUTO_TEST_CASE(a_user_whose_list_fails_again_waits_twice_as_long) {
  note("a");
  auto pause = incomplete_lists::first_pause;
  for (int i = 0; i < 40; ++i, pause = std::min(pause * 2, incomplete_lists::first_pause * (1 << 30))) {
    now += pause - 1s;
    BOOST_TEST(lists.stages_answer(now).empty());
    now += 1s;
    BOOST_TEST(lists.stages_answer(now) == strings{"a"}, each);
    fail("a");
    if (i == 33) // clocks end
      return;
  }
}

BOOST_AUTO_TEST_CASE(what_is_noted_again_while_it_waits_waits_no_longer) {
  note("a");
  now += incomplete_lists::first_pause;
  note("a");
  BOOST_TEST(lists.stages_answer(now) == strings{"a"}, each);
}

BOOST_AUTO_TEST_CASE(other_content_has_its_own_pauses) {
  note("a");
  for (const auto pause : {1s, 2s, 4s}) {
    now += pause;
    BOOST_TEST(lists.stages_answer(now).size() == 1u);
    fail("a");
  }
  note("a", some_digest + 1);
  BOOST_TEST(lists.size() == 1u);
  now += incomplete_lists::first_pause;
  BOOST_TEST(lists.stages_answer(now) == strings{"a"}, each);
}

BOOST_AUTO_TEST_CASE(without_such_news_one_list_is_tried_at_a_time_and_more_and_more_seldom) {
  for (int i = 0; i < 100; ++i)
    note("user " + std::to_string(i));
  std::vector<std::chrono::seconds> distances;
  for (auto last = now; distances.size() < 8;) {
    now += 1s;
    const auto tried = lists.probe(now);
    if (tried.empty())
      continue;
    BOOST_TEST(tried.size() == 1u);
    fail(tried.front());
    distances.push_back(std::chrono::duration_cast<std::chrono::seconds>(now - std::exchange(last, now)));
  }
  BOOST_TEST((distances == std::vector<std::chrono::seconds>{1s, 1s, 2s, 4s, 8s, 16s, 30s, 30s}));
  now += 1s;
  BOOST_TEST(lists.probe(now).empty());
  lists.stages_answer(now); // once stages answer, the next failure is looked at soon
  now += incomplete_lists::longest_probe_pause;
  BOOST_TEST(lists.probe(now).size() == 1u);
  now += 1s;
  BOOST_TEST(lists.probe(now).size() == 1u);
}

BOOST_AUTO_TEST_CASE(who_is_forgotten_is_not_tried) {
  note("a");
  BOOST_TEST(lists.forget("a"));
  BOOST_TEST(!lists.forget("a"));
  BOOST_TEST(lists.empty());
  now += incomplete_lists::first_pause;
  BOOST_TEST(lists.stages_answer(now).empty());
}

BOOST_AUTO_TEST_CASE(no_more_users_are_noted_than_fit) {
  lists = incomplete_lists(2);
  for (const char* user : {"a", "b", "c"})
    note(user);
  BOOST_TEST(lists.size() == 2u);
  lists.forget("a");
  note("c");
  BOOST_TEST(lists.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
