#include "actors/poller/outdated_profiles.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>

using namespace winnow;

namespace {

profile_key older(std::size_t i) {
  return {"u", std::to_string(1500000000 + i)};
}

bool always(const profile_key&) {
  return true;
}

void sweep_over(outdated_profiles& outdated, std::size_t profiles) {
  outdated.begin_sweep();
  for (std::size_t i = 0; i < profiles; ++i)
    outdated.found(older(i));
  outdated.finish_sweep(always);
}

} // namespace

BOOST_AUTO_TEST_SUITE(outdated_profiles_suite)

BOOST_AUTO_TEST_CASE(all_are_taken_in_pages) {
  outdated_profiles outdated;
  sweep_over(outdated, outdated_profiles::page_size * 2 + 1);
  BOOST_TEST(outdated.take().size() == outdated_profiles::page_size);
  BOOST_TEST(outdated.take().size() == outdated_profiles::page_size);
  BOOST_TEST(!outdated.wants_sweep());
  BOOST_TEST(outdated.take().size() == 1u);
  BOOST_TEST(outdated.take().empty());
  BOOST_TEST(!outdated.wants_sweep());
}

BOOST_AUTO_TEST_CASE(what_is_beyond_the_limit_wants_another_sweep) {
  outdated_profiles outdated(3);
  sweep_over(outdated, 4);
  BOOST_TEST(!outdated.wants_sweep());
  BOOST_TEST(outdated.take().size() == 3u);
  BOOST_TEST(outdated.wants_sweep());
  BOOST_TEST(!outdated.wants_sweep());
  sweep_over(outdated, 3);
  outdated.take();
  BOOST_TEST(!outdated.wants_sweep());
}

BOOST_AUTO_TEST_CASE(what_became_the_newest_stays) {
  outdated_profiles outdated;
  outdated.begin_sweep();
  for (std::size_t i = 0; i < 3; ++i)
    outdated.found(older(i));
  outdated.finish_sweep([](const profile_key& key) { return !(key == older(1)); });
  const auto page = outdated.take();
  BOOST_TEST(page.size() == 2u);
  BOOST_TEST((std::count(page.begin(), page.end(), older(1)) == 0));
}

BOOST_AUTO_TEST_CASE(a_sweep_finds_again_what_was_dropped) {
  outdated_profiles outdated(3);
  sweep_over(outdated, 4);
  outdated.drop();
  BOOST_TEST(outdated.take().empty());
  BOOST_TEST(!outdated.wants_sweep());
  sweep_over(outdated, 2);
  BOOST_TEST(outdated.take().size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
