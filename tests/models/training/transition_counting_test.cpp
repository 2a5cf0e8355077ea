#include "models/training/transition_counting.hpp"

#include "models/training/transition_writer.hpp"
#include "models/transitions/transition_file.hpp"
#include "support/temp_dir.hpp"
#include "tests/models/training/files.hpp"
#include "tests/models/training/lists_of.hpp"

#include <array>
#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

using test::lists_of;

float weight(const transition_counts& counts, std::uint32_t item, std::uint32_t next) {
  for (const auto& entry : counts.after(item))
    if (entry.item == next)
      return entry.score;
  return 0;
}

transition_counts count(const std::vector<std::vector<std::uint32_t>>& users, std::size_t items,
                        const transition_rules& rules, std::size_t threads = 1) {
  thread_team team(threads);
  return count_transitions(lists_of(users), items, rules, team);
}

std::vector<std::vector<std::uint32_t>> walks(std::size_t users, std::uint32_t steps, std::size_t items) {
  std::vector<std::vector<std::uint32_t>> all(users);
  for (std::size_t user = 0; user < users; ++user)
    for (std::uint32_t at = 0; at < steps; ++at)
      all[user].push_back(static_cast<std::uint32_t>((user * 7 + at * at * 13) % items));
  return all;
}

void check_same(const transition_counts& a, const transition_counts& b) {
  BOOST_REQUIRE(a.ends == b.ends);
  for (std::size_t i = 0; i < a.successors.size(); ++i) {
    BOOST_REQUIRE_EQUAL(a.successors[i].item, b.successors[i].item);
    BOOST_REQUIRE_EQUAL(a.successors[i].score, b.successors[i].score);
  }
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
  const auto users = walks(200, 30, 900);
  check_same(count(users, 900, {}, 1), count(users, 900, {}, 4));
}

BOOST_AUTO_TEST_CASE(counts_by_several_rules_at_once_as_by_each_alone) {
  const auto users = walks(200, 30, 900);
  const std::vector<transition_rules> rules{
      {0.5, 0.0, 20, 10}, {0.5, 0.25, 20, 10}, {1.0, 0.5, 20, 10}, {0.0, 1.0, 20, 10}, {0.25, 0.0, 20, 10}};
  thread_team team(3);
  const auto together = transition_counter(lists_of(users), 900).count(rules, {}, team);
  BOOST_REQUIRE_EQUAL(together.size(), rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i)
    check_same(together[i], count(users, 900, rules[i]));
}

BOOST_AUTO_TEST_CASE(leaves_out_the_successors_that_nobody_wants) {
  const std::vector<transition_rules> rules{{1, 1, 20, 10}};
  thread_team team(1);
  const auto counts =
      transition_counter(lists_of({{0, 1, 2}}), 3).count(rules, {true, false, true}, team).front();
  BOOST_CHECK_EQUAL(counts.after(0).size(), 2u);
  BOOST_CHECK(counts.after(1).empty());
  BOOST_CHECK_EQUAL(counts.after(2).size(), 2u);
}

BOOST_AUTO_TEST_CASE(is_read_back_from_its_file_as_it_was) {
  const auto counts = count({{0, 1, 2, 3}, {3, 1, 0}}, 4, {});
  const test::temp_dir folder;
  const auto path = std::filesystem::path(folder.path()) / "transitions.csv";
  for (const auto& ids : {std::array{"plain", "with,comma", "with\"quote", "0764227971"},
                          std::array{"1.0", "2.0", "3.0", "4.0"}, std::array{" a", "b ", "\tc", "d e"}}) {
    id_table items;
    for (const char* id : ids)
      items.insert(id);
    BOOST_REQUIRE(write_transitions(path, items, counts));
    check_same(test::need(read_transitions(path, items)), counts);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
