// What the poller does so that each profile with a timestamp gets its own result, and about what happened
// while it did not look.

#include "actors/pipeline/profile_digest.hpp"
#include "tests/actors/poller/poller_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;
const auto each = boost::test_tools::per_element();

constexpr auto longest_pause = 5s; // of the poller, while the store refuses lists

const std::string items = R"(["1"])";

/// The recommender stores lists with their records, as the real one does.
struct results_fixture : poller_fixture {
  results_fixture() {
    store->keep_records();
    acts->answer = [this](const recommendation_request_ptr& request) {
      write_list command{request->user_id, request->timestamp, "[]", request->newest};
      command.record = list_record{request->source->digest,
                                   list_basis(bookshop()->version, bookshop()->widths), content_digest("[]")};
      const store_command one = command;
      const auto reply = store->execute({&one, 1}).front();
      return std::make_shared<const result<recommendation>>(reply ? result<recommendation>(recommendation{})
                                                                  : fail("storing the list", reply.error()));
    };
  }

  void change(const std::string& user, const std::string& timestamp, const std::string& json = items) {
    write(user, json, timestamp);
    announce(user, timestamp);
  }

  /// Starts another poller, as the next process does.
  void restart() {
    acts->seen.clear();
    start();
  }

  /// The timestamps of what was computed, in their order.
  strings computed_for() const {
    strings timestamps;
    for (const auto& request : acts->seen)
      timestamps.push_back(request->timestamp);
    std::sort(timestamps.begin(), timestamps.end());
    return timestamps;
  }

  bool has_result(const std::string& user, const std::string& timestamp) const {
    const store_command read = read_profile{{user, timestamp}, false, 0, true};
    return memory_store(core).execute({&read, 1})[0]->result_exists.value();
  }

  /// Removes both profiles of c, and the older one of d.
  void remove_unnoticed() {
    for (const profile_key& gone :
         {profile_key{"c", "1700000001"}, profile_key{"c", "1700000002"}, profile_key{"d", "1700000001"}})
      execute(erase_profile{gone});
  }

  void check_that_only_the_last_of_d_is_left() const {
    BOOST_TEST(!has_list("c"));
    BOOST_TEST(!has_result("c", "1700000001"));
    BOOST_TEST(!has_result("c", "1700000002"));
    BOOST_TEST(has_list("d"));
    BOOST_TEST(!has_result("d", "1700000001"));
    BOOST_TEST(has_result("d", "1700000002"));
  }

  bool has_list(const std::string& user) const {
    const store_command read = read_list{user};
    return memory_store(core).execute({&read, 1})[0]->value.has_value();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(profile_poller_results, results_fixture)

BOOST_AUTO_TEST_CASE(the_same_content_under_another_timestamp_gets_its_result) {
  start();
  for (const auto* timestamp : {"1700000001", "1700000002", "1700000003"}) {
    change("u", timestamp);
    BOOST_TEST(has_result("u", timestamp));
  }
  sweep();
  announce("u", "1700000003");
  BOOST_TEST(acts->seen.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_newest_profile_that_is_removed_and_set_again_gets_its_result_again) {
  start();
  change("u", "1700000001");
  execute(erase_profile{{"u", "1700000001"}});
  announce("u", "1700000001");
  BOOST_TEST(!has_result("u", "1700000001"));
  change("u", "1700000001"); // before a sweep finds that the user has no profile
  BOOST_TEST(has_result("u", "1700000001"));
}

BOOST_AUTO_TEST_CASE(the_first_timestamp_of_a_user_gets_its_result) {
  start();
  change("u", "");
  change("u", "1700000009");
  BOOST_TEST(has_result("u", "1700000009"));
  BOOST_TEST(acts->seen.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_profile_without_a_timestamp_is_older_than_any_other_and_has_no_result) {
  start();
  change("u", "1700000001");
  acts->seen.clear();
  change("u", "", R"(["2"])");
  sweep();
  BOOST_TEST(acts->seen.empty());
  BOOST_TEST(has_list("u"));
}

BOOST_AUTO_TEST_CASE(a_sweep_finds_the_same_content_under_another_timestamp) {
  start();
  change("u", "1700000001");
  write("u", items, "1700000002");
  sweep();
  BOOST_TEST(has_result("u", "1700000002"));
}

BOOST_AUTO_TEST_CASE(a_restart_computes_no_result_that_is_there) {
  start();
  change("u", "1700000001");
  change("v", "1700000001");
  restart();
  BOOST_TEST(acts->seen.empty());
  write("v", items, "1700000002"); // while nobody looks
  restart();
  BOOST_TEST(computed_for() == strings{"1700000002"}, each);
}

BOOST_AUTO_TEST_CASE(older_profiles_rewritten_while_nobody_looked_get_other_results) {
  start();
  for (const auto* timestamp : {"1700000001", "1700000002", "1700000003"})
    change("u", timestamp);
  write("u", R"(["2"])", "1700000001");
  restart();
  BOOST_TEST(computed_for() == strings{"1700000001"}, each);
  restart(); // it was noted what this result was made of, too
  BOOST_TEST(acts->seen.empty());
  write("u", items, "1700000002");
  execute(erase_profile{{"u", "1700000001"}});
  restart();
  BOOST_TEST(acts->seen.empty());
  write("u", R"(["3"])", "1700000001"); // its result went with it
  restart();
  BOOST_TEST(computed_for() == strings{"1700000001"}, each);
}

BOOST_AUTO_TEST_CASE(nothing_is_noted_of_results_where_no_records_are_kept) {
  store->forget_records();
  start();
  for (const auto* timestamp : {"1700000001", "1700000002"})
    change("u", timestamp);
  const store_command read = read_profile{{"u", "1700000001"}, false, 0, true, true};
  store->keep_records();
  BOOST_TEST(!store->execute({&read, 1})[0]->result_made_of.has_value());
}

BOOST_AUTO_TEST_CASE(a_refused_profile_is_not_tried_again_for_want_of_a_result) {
  write("u", items, "1700000001");
  start();
  write("u", "{}", "1700000002");
  sweep();
  sweep();
  BOOST_TEST(acts->seen.size() == 1u);
  BOOST_TEST(metric("winnow_poller_profiles_failed_total") == 1);
}

BOOST_AUTO_TEST_CASE(older_profiles_written_while_nobody_looked_get_their_results) {
  for (const auto* timestamp : {"1700000001", "1700000002", "1700000003"})
    write("u", items, timestamp);
  start();
  for (const auto* timestamp : {"1700000001", "1700000002", "1700000003"})
    BOOST_TEST(has_result("u", timestamp));
  restart();
  BOOST_TEST(acts->seen.empty());
}

BOOST_AUTO_TEST_CASE(more_older_profiles_than_may_wait_get_their_results_in_spite_of_an_outage) {
  constexpr int older = 2500;
  for (int i = 0; i <= older; ++i)
    write("u", items, std::to_string(1700000000 + i));
  acts->how = recommender_script::manner::hold;
  pipeline.background_in_flight = 1;
  start();
  store->go_away();
  acts->release();
  world.run();
  store->come_back();
  for (int i = 0; i < 5; ++i)
    world.advance(1s);
  for (int i = 0; i <= older; ++i)
    BOOST_REQUIRE(has_result("u", std::to_string(1700000000 + i)));
}

BOOST_AUTO_TEST_CASE(what_is_about_to_be_removed_or_has_expired_gets_no_result) {
  write("u", items, "1500000001");
  write("u", items, "1500000002");
  settings.older_profiles = 24h;
  start();
  BOOST_TEST(computed_for() == strings{"1500000002"}, each);
  settings.older_profiles = 0h;
  acts->seen.clear();
  auto expiring = parts();
  expiring.list_ttl = 1h;
  poller = world.spawn(profile_poller, expiring);
  wire(bookshop());
  BOOST_TEST(acts->seen.empty());
}

BOOST_AUTO_TEST_CASE(an_older_profile_waits_while_the_store_denies_lists) {
  start();
  change("u", "1700000009");
  store->deny_writes();
  change("u", "1700000001");
  world.advance(longest_pause);
  BOOST_TEST(!has_result("u", "1700000001"));
  store->allow_writes();
  world.advance(longest_pause);
  BOOST_TEST(has_result("u", "1700000001"));
}

BOOST_AUTO_TEST_CASE(a_sweep_finds_an_older_profile_whose_result_was_given_up) {
  start();
  change("u", "1700000009");
  const auto works = acts->answer;
  acts->answer = [](const recommendation_request_ptr&) {
    return std::make_shared<const result<recommendation>>(fail(fault::conflict, "another type"));
  };
  change("u", "1700000001");
  acts->answer = works;
  BOOST_TEST(!has_result("u", "1700000001"));
  sweep();
  BOOST_TEST(has_result("u", "1700000001"));
}

BOOST_AUTO_TEST_CASE(an_older_profile_that_changes_while_it_is_computed_is_read_again) {
  start();
  change("u", "1700000009");
  bool changes = true;
  acts->answer = [&changes, works = acts->answer](const recommendation_request_ptr& request) {
    if (!std::exchange(changes, false))
      return works(request);
    recommendation made;
    made.stored = false;
    return std::make_shared<const result<recommendation>>(made);
  };
  change("u", "1700000001");
  BOOST_TEST(has_result("u", "1700000001"));
}

BOOST_AUTO_TEST_CASE(lists_and_results_go_whose_profile_went_while_nobody_looked) {
  write("a", items);
  write("b", items);
  for (const auto* user : {"c", "d"})
    for (const auto* timestamp : {"1700000001", "1700000002"})
      write(user, items, timestamp);
  start();
  execute(erase_profile{{"a", ""}});
  remove_unnoticed();
  restart();
  BOOST_TEST(!has_list("a"));
  BOOST_TEST(has_list("b"));
  check_that_only_the_last_of_d_is_left();
}

BOOST_AUTO_TEST_CASE(lists_and_results_go_whose_profile_went_unannounced) {
  start();
  for (const auto* user : {"c", "d"})
    for (const auto* timestamp : {"1700000001", "1700000002"})
      change(user, timestamp);
  change("e", "");
  remove_unnoticed();
  execute(erase_profile{{"e", ""}});
  sweep();
  check_that_only_the_last_of_d_is_left();
  BOOST_TEST(!has_list("e"));
}

BOOST_AUTO_TEST_CASE(older_profiles_that_changed_unannounced_are_computed_again_and_no_others) {
  start();
  for (const auto* timestamp : {"1700000001", "1700000002", "1700000004"})
    change("u", timestamp);
  change("u", "1700000003", "{}"); // refused
  acts->seen.clear();
  sweep();
  BOOST_TEST(acts->seen.empty());
  write("u", R"(["2"])", "1700000001");
  write("u", items, "1700000003");
  sweep();
  BOOST_TEST(computed_for() == (strings{"1700000001", "1700000003"}), each);
  acts->seen.clear();
  sweep();
  BOOST_TEST(acts->seen.empty());
}

BOOST_AUTO_TEST_CASE(a_start_computes_no_older_result_again_though_its_first_news_is_a_loss) {
  for (const auto* timestamp : {"1700000001", "1700000002", "1700000003"})
    write("u", items, timestamp);
  start();
  restart();
  lose_announcements();
  sweep();
  BOOST_TEST(acts->seen.empty());
  write("u", R"(["2"])", "1700000001");
  sweep(); // the content of before was read by the last one
  BOOST_TEST(computed_for() == strings{"1700000001"}, each);
}

BOOST_AUTO_TEST_CASE(losses_in_a_row_do_not_keep_lists_without_a_profile) {
  constexpr int users = 21'000; // more than a round looks at
  for (int i = 0; i < users; ++i)
    write("r" + std::to_string(i), items);
  start();
  for (int i = 0; i < 30; ++i)
    world.advance(1s);
  change("t", "1700000001");
  execute(erase_profile{{"t", "1700000001"}});
  for (int i = 0; i < 12 && has_list("t"); ++i) {
    sweep();
    world.advance(settings.poll_interval);
  }
  BOOST_TEST(!has_list("t"));
  BOOST_TEST(!has_result("t", "1700000001"));
}

BOOST_AUTO_TEST_CASE(lists_of_a_user_who_is_gone_go_though_their_records_are_lost) {
  start();
  change("t", "1700000001");
  BOOST_TEST(has_result("t", "1700000001"));
  execute(erase_profile{{"t", "1700000001"}});
  store->lose_records();
  for (int i = 0; i < 12 && has_list("t"); ++i) {
    sweep();
    world.advance(settings.poll_interval);
  }
  BOOST_TEST(!has_list("t"));
  BOOST_TEST(!has_result("t", "1700000001"));
}

BOOST_AUTO_TEST_CASE(a_result_that_was_lost_with_its_announcement_is_computed_again) {
  start();
  change("u", "1700000001");
  change("u", "1700000002");
  execute(erase_list{{"u", "1700000001"}, false});
  BOOST_TEST(!has_result("u", "1700000001"));
  acts->seen.clear();
  sweep();
  BOOST_TEST(has_result("u", "1700000001"));
  BOOST_TEST(computed_for() == strings{"1700000001"}, each);
}

BOOST_AUTO_TEST_CASE(lists_without_a_profile_stay_if_the_settings_say_so) {
  write("a", items);
  write("b", items, "1700000001");
  start();
  execute(erase_profile{{"a", ""}});
  execute(erase_profile{{"b", "1700000001"}});
  settings.keep_lists = true;
  restart();
  BOOST_TEST(has_list("a"));
  BOOST_TEST(has_result("b", "1700000001"));
}

BOOST_AUTO_TEST_CASE(lists_that_another_program_stored_stay) {
  execute(write_list{"a", "1700000001", "[]"}); // without a record
  start();
  BOOST_TEST(has_list("a"));
  BOOST_TEST(has_result("a", "1700000001"));
}

BOOST_FIXTURE_TEST_CASE(a_store_without_records_keeps_no_list_without_a_profile, poller_fixture) {
  execute(write_list{"a", "1700000001", "[]"});
  start();
  BOOST_TEST(memory_store(core).key_count().value() == 0u);
}

BOOST_AUTO_TEST_CASE(no_list_goes_before_all_profiles_are_known) {
  write("a", items);
  start();
  execute(erase_profile{{"a", ""}});
  store->go_away();
  restart();
  BOOST_TEST(has_list("a"));
  store->come_back();
  world.advance(1s);
  BOOST_TEST(!has_list("a"));
}

BOOST_AUTO_TEST_SUITE_END()
