#include "models/training/transition_counting.hpp"

#include "models/training/transition_writer.hpp"
#include "models/transitions/transition_file.hpp"
#include "support/temp_dir.hpp"
#include "tests/models/training/files.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

item_lists histories(const std::vector<std::vector<std::uint32_t>>& users) {
  std::vector<interaction> pairs;
  for (std::uint32_t user = 0; user < users.size(); ++user)
    for (const auto item : users[user])
      pairs.push_back({user, item, 0});
  return item_lists::group(users.size(), pairs);
}

float weight(const transition_counts& counts, std::uint32_t item, std::uint32_t next) {
  for (const auto& entry : counts.after(item))
    if (entry.item == next)
      return entry.score;
  return 0;
}

transition_counts count(const std::vector<std::vector<std::uint32_t>>& users, std::size_t items,
                        const transition_rules& rules, std::size_t threads = 1) {
  thread_team team(threads);
  return count_transitions(histories(users), items, rules, team);
}

} // namespace

BOOST_AUTO_TEST_SUITE(transition_counting)

BOOST_AUTO_TEST_CASE(counts_both_directions_with_decay) {
  const auto counts = count({{0, 1, 2}, {0, 1}}, 3, {0.5, 0.25, 20, 10});
  BOOST_CHECK_EQUAL(weight(counts, 0, 1), 2.0f);
  BOOST_CHECK_EQUAL(weight(counts, 1, 0), 0.5f);
  BOOST_CHECK_EQUAL(weight(counts, 0, 2), 0.5f);
  BOOST_CHECK_EQUAL(weight(counts, 2, 0), 0.125f);
  BOOST_CHECK_EQUAL(weight(counts, 1, 2), 1.0f);
}

BOOST_AUTO_TEST_CASE(reaches_no_further_than_the_rules_say) {
  const auto counts = count({{0, 1, 2, 3}}, 4, {1, 1, 2, 10});
  BOOST_CHECK_EQUAL(weight(counts, 0, 2), 1.0f);
  BOOST_CHECK_EQUAL(weight(counts, 0, 3), 0.0f);
  BOOST_CHECK_EQUAL(weight(counts, 3, 0), 0.0f);
}

BOOST_AUTO_TEST_CASE(counts_nothing_backward_if_the_rules_say_so) {
  const auto counts = count({{0, 1}}, 2, {0.7, 0, 20, 10});
  BOOST_CHECK_EQUAL(weight(counts, 0, 1), 1.0f);
  BOOST_CHECK(counts.after(1).empty());
}

BOOST_AUTO_TEST_CASE(an_item_does_not_follow_itself) {
  const auto counts = count({{0, 0, 1, 0}}, 2, {1, 1, 20, 10});
  BOOST_CHECK_EQUAL(weight(counts, 0, 0), 0.0f);
  BOOST_CHECK_EQUAL(weight(counts, 0, 1), 3.0f);
}

BOOST_AUTO_TEST_CASE(keeps_the_heaviest_successors_and_of_equal_ones_the_first) {
  const auto counts = count({{0, 1}, {0, 2}, {0, 3}, {0, 3}}, 4, {1, 0, 20, 2});
  BOOST_REQUIRE_EQUAL(counts.after(0).size(), 2u);
  BOOST_CHECK_EQUAL(counts.after(0)[0].item, 3u);
  BOOST_CHECK_EQUAL(counts.after(0)[1].item, 1u);
}

BOOST_AUTO_TEST_CASE(does_not_depend_on_the_number_of_threads) {
  std::vector<std::vector<std::uint32_t>> users(200);
  for (std::uint32_t user = 0; user < users.size(); ++user)
    for (std::uint32_t at = 0; at < 30; ++at)
      users[user].push_back((user * 7 + at * at * 13) % 900);
  const auto alone = count(users, 900, {}, 1), together = count(users, 900, {}, 4);
  BOOST_CHECK(alone.ends == together.ends);
  for (std::size_t i = 0; i < alone.successors.size(); ++i) {
    BOOST_REQUIRE_EQUAL(alone.successors[i].item, together.successors[i].item);
    BOOST_REQUIRE_EQUAL(alone.successors[i].score, together.successors[i].score);
  }
}

BOOST_AUTO_TEST_CASE(is_read_back_from_its_file_as_it_was) {
  id_table items;
  for (const char* id : {"plain", "with,comma", "with\"quote", "0764227971"})
    items.insert(id);
  const auto counts = count({{0, 1, 2, 3}, {3, 1, 0}}, 4, {});
  const test::temp_dir folder;
  const auto path = std::filesystem::path(folder.path()) / "transitions.csv";
  BOOST_REQUIRE(write_transitions(path, items, counts));
  const auto read = test::need(read_transitions(path, items));
  BOOST_CHECK(read.ends == counts.ends);
  for (std::size_t i = 0; i < read.successors.size(); ++i) {
    BOOST_CHECK_EQUAL(read.successors[i].item, counts.successors[i].item);
    BOOST_CHECK_EQUAL(read.successors[i].score, counts.successors[i].score);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
