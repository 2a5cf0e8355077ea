#include "actors/pipeline/profile_digest.hpp"
#include "actors/pipeline/profile_reader.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/bookshop.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::test;

namespace {

long_profile stored(std::string text) {
  long_profile asked;
  asked.text = std::make_shared<const std::string>(std::move(text));
  asked.user_id = "u";
  asked.models = bookshop();
  return asked;
}

} // namespace

BOOST_AUTO_TEST_SUITE(profile_reader_suite)

BOOST_AUTO_TEST_CASE(reads_a_stored_profile_and_looks_its_items_up) {
  const auto text = history_json(20);
  const auto found = look_up(stored(text));
  BOOST_REQUIRE(found);
  const auto expected = resolve_user(*bookshop(), "u", history(20));
  BOOST_CHECK(*found->items == history(20));
  BOOST_CHECK(found->user.history == expected.history);
  BOOST_CHECK(found->user.excluded == expected.excluded);
  BOOST_REQUIRE(found->source.has_value());
  BOOST_CHECK_EQUAL(found->source->digest, content_digest(text));
  BOOST_CHECK(matches(found->source->fingerprint, text));
  BOOST_CHECK_EQUAL(found->left_out, 0u);
  BOOST_CHECK(!found->seen);
}

BOOST_AUTO_TEST_CASE(looks_known_items_up_without_reading_them_again) {
  long_profile asked;
  asked.items = std::make_shared<const profile>(history(20));
  asked.models = bookshop();
  const auto watch = std::make_shared<taken_watch>(10);
  asked.taken = watch;
  const auto found = look_up(asked);
  BOOST_REQUIRE(found);
  BOOST_CHECK_EQUAL(found->items, asked.items);
  BOOST_CHECK(!found->source);
  BOOST_CHECK(found->seen.has_value());
  BOOST_CHECK_EQUAL(found->user.history.size(), 20u);
}

BOOST_AUTO_TEST_CASE(says_how_many_older_items_are_left_out) {
  std::string longer = "[";
  for (int i = 0; i < 100'000; ++i)
    longer += "\"gone\",";
  const auto found = look_up(stored(longer + history_json(5).substr(1)));
  BOOST_REQUIRE(found);
  BOOST_CHECK_EQUAL(found->left_out, 5u);
  BOOST_CHECK_EQUAL(found->items->back(), history(5).back());
}

BOOST_AUTO_TEST_CASE(the_actor_answers_with_what_it_found_or_why_it_is_no_profile) {
  actor_world world;
  const auto reader = world.spawn(profile_reader, false);
  const auto ask = [&](const std::string& text) {
    return world.ask<looked_up_ptr>(reader, caf::infinite, resolve_atom_v,
                                    std::make_shared<const long_profile>(stored(text)));
  };
  const auto found = ask(history_json(7));
  BOOST_REQUIRE(found->reply);
  BOOST_CHECK(**found->reply);
  const auto refused = ask("no JSON");
  BOOST_REQUIRE(refused->reply);
  BOOST_REQUIRE(!**refused->reply);
  BOOST_CHECK((*refused->reply)->error().cause == fault::malformed);
}

BOOST_AUTO_TEST_SUITE_END()
