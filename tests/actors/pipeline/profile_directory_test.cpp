#include "actors/pipeline/profile_directory.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;

namespace {

struct directory_fixture {
  std::string newest() const { return directory.newest("u").timestamp; }

  profile_directory directory;
};

const profile_key older{"u", "1700000001"}, newer{"u", "1700000002"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(profile_directory_suite, directory_fixture)

BOOST_AUTO_TEST_CASE(a_profile_is_the_newest_unless_a_newer_one_is_known) {
  BOOST_TEST(newest() == "");
  directory.announced(older);
  BOOST_TEST(newest() == older.timestamp);
  directory.written(newer);
  for (const auto& late : {older, profile_key{"u", ""}}) {
    directory.written(late);
    directory.announced(late);
  }
  BOOST_TEST(newest() == newer.timestamp);
  directory.announced({"u", "1700000003"});
  BOOST_TEST(newest() == "1700000003");
  BOOST_TEST(directory.newest("v").timestamp == "");
}

BOOST_AUTO_TEST_CASE(a_look_at_all_profiles_finds_that_an_older_one_is_the_newest) {
  directory.announced(newer);
  directory.record(older);
  BOOST_TEST(newest() == older.timestamp);
  directory.record({"u", ""});
  BOOST_TEST(newest() == "");
}

BOOST_AUTO_TEST_CASE(a_look_that_began_before_does_not_hide_what_a_client_has_just_written) {
  directory.written(newer);
  directory.record(older);
  BOOST_TEST(newest() == newer.timestamp);
  directory.record(older); // of a later look: it was removed
  BOOST_TEST(newest() == older.timestamp);
  directory.written(newer);
  directory.record({"u", ""});
  BOOST_TEST(newest() == newer.timestamp);
  directory.record({"u", ""});
  BOOST_TEST(newest() == "");
}

BOOST_AUTO_TEST_CASE(only_the_newest_profile_can_be_gone) {
  directory.written(newer);
  directory.gone(older);
  directory.gone({"u", ""});
  BOOST_TEST(newest() == newer.timestamp);
  directory.gone(newer);
  BOOST_TEST(newest() == "");
}

BOOST_AUTO_TEST_CASE(late_announcements_do_not_undo_that_all_profiles_were_erased) {
  directory.written(newer);
  BOOST_TEST(!directory.all_erased("u"));
  directory.erased("u");
  directory.announced(older);
  directory.announced(newer);
  BOOST_TEST(directory.all_erased("u"));
  directory.announced({"u", "1700000003"});
  BOOST_TEST(!directory.all_erased("u"));
}

BOOST_AUTO_TEST_CASE(any_profile_that_is_written_after_all_were_erased_is_the_newest) {
  directory.written(newer);
  directory.erased("u");
  directory.written(older);
  directory.announced(newer); // of its removal
  BOOST_TEST(newest() == older.timestamp);
  BOOST_TEST(!directory.all_erased("u"));
}

BOOST_AUTO_TEST_CASE(the_newest_that_is_written_again_after_all_were_erased_exists) {
  directory.written(newer);
  directory.erased("u");
  directory.written(newer);
  directory.announced(newer); // of its removal, and of its return
  BOOST_TEST(newest() == newer.timestamp);
  BOOST_TEST(!directory.all_erased("u"));
}

BOOST_AUTO_TEST_CASE(a_user_without_profiles_has_no_older_one) {
  directory.erased("u");
  BOOST_TEST(newest() == "");
  BOOST_TEST(directory.all_erased("u"));
}

BOOST_AUTO_TEST_SUITE_END()
