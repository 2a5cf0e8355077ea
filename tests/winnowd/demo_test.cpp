#include "daemon_process.hpp"

#include "support/environment.hpp"
#include "support/files.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow::test;

namespace {

std::size_t count_of(const std::string& part, const std::string& text) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

strings joined(strings words, const strings& further) {
  words.insert(words.end(), further.begin(), further.end());
  return words;
}

/// Runs the demo on a small shop that it trains within seconds.
struct demo_fixture {
  const strings quickly{"--train", "--epochs 10 --din-epochs 1 --ranknet-epochs 20"};

  /// Runs the demo with only `environment`, PATH and OPENBLAS_NUM_THREADS set, and requires `exit_code`.
  /// @return Its output.
  std::string run(int exit_code, const strings& flags, const strings& environment = {}) const {
    strings words{"env", "-i", "PATH=" + required_variable("PATH"), "OPENBLAS_NUM_THREADS=1"};
    words.insert(words.end(), environment.begin(), environment.end());
    words.insert(words.end(), {required_variable("WINNOW_SOURCE_DIR") + "/tools/demo", "--bin",
                               required_variable("WINNOW_BIN_DIR"), "--dir", directory.path() + "/shop",
                               "--books", "300", "--readers", "200"});
    words.insert(words.end(), flags.begin(), flags.end());
    child_process demo(words, directory.path() + "/printed");
    const auto ended = demo.wait(std::chrono::minutes(2));
    const std::string printed = bytes_of(directory.path() + "/printed");
    BOOST_REQUIRE_MESSAGE(ended == exit_code, printed);
    return printed;
  }

  temp_dir directory;
};

void check_three_readers(const std::string& printed) {
  BOOST_CHECK_EQUAL(count_of("\nThe list that winnowd computed", printed), 3U);
  BOOST_CHECK_EQUAL(count_of("\nThe updated list", printed), 3U);
  BOOST_CHECK_EQUAL(count_of("\n       because of \"", printed), 3U * 5);
  BOOST_CHECK_EQUAL(count_of("because of \"\"", printed), 0U);
  BOOST_CHECK_EQUAL(count_of("\n== new-reader: ", printed), 1U);
  BOOST_CHECK_EQUAL(count_of("the new book has place 0 of ", printed), 1U);
  BOOST_CHECK_EQUAL(count_of(". A New Book by nobody you know", printed), 1U);
  BOOST_CHECK_EQUAL(count_of("/docs in a browser", printed), 1U);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(demo, demo_fixture)

BOOST_AUTO_TEST_CASE(trains_once_and_shows_three_readers) {
  const auto first = run(0, quickly);
  BOOST_CHECK_EQUAL(count_of("\nTrained in ", first), 1U);
  check_three_readers(first);
  const auto again = run(0, quickly);
  BOOST_CHECK_EQUAL(count_of("Reusing the models of an earlier run", again), 1U);
  BOOST_CHECK_EQUAL(count_of("\nTrain", again), 0U); // a book may be about trains
  check_three_readers(again);
  const auto otherwise = run(0, {"--train", "--epochs 5 --din-epochs 1 --ranknet-epochs 20"});
  BOOST_CHECK_EQUAL(count_of("\nTrained in ", otherwise), 1U);
}

BOOST_AUTO_TEST_CASE(leaves_nothing_in_the_redis_server_of_the_environment) {
  const redis_server redis;
  const strings environment{"REDIS_HOST=127.0.0.1", "REDIS_PORT=" + std::to_string(redis.port())};
  check_three_readers(run(0, quickly, environment));
  BOOST_CHECK_EQUAL(redis.call({"DBSIZE"}), "0");

  redis.call({"SET", "user_profile:new-reader", "[]"});
  const auto refused = run(1, quickly, environment);
  BOOST_CHECK_EQUAL(count_of("already has a user_profile:new-reader", refused), 1U);
  BOOST_CHECK_EQUAL(redis.call({"GET", "user_profile:new-reader"}), "[]");
}

BOOST_AUTO_TEST_CASE(opens_a_shop_with_its_console_and_storefront) {
  const redis_server redis;
  for (const auto& environment :
       {strings{}, strings{"REDIS_HOST=127.0.0.1", "REDIS_PORT=" + std::to_string(redis.port())}}) {
    const auto printed = run(0, joined(quickly, {"--shop", "--for", "3s", "--rate", "50"}), environment);
    BOOST_CHECK_EQUAL(count_of("\nThe operators' console: http://127.0.0.1:", printed), 1U);
    BOOST_CHECK_EQUAL(count_of("\nwinnow-bookshop page on http://127.0.0.1:", printed), 1U);
    BOOST_CHECK_EQUAL(count_of("\nBought from the list that the reader saw: ", printed), 1U);
    BOOST_CHECK_EQUAL(count_of("\nFailed requests: 0.", printed), 1U);
  }
  BOOST_CHECK_EQUAL(redis.call({"DBSIZE"}), "0");
}

// The gate refuses the spoiled version, or the demo fails; so do orders that winnowctl does not carry out.
BOOST_AUTO_TEST_CASE(shows_the_whole_way_of_a_version) {
  const auto printed = run(0, joined(quickly, {"--loop", "--for", "6s", "--rate", "60"}));
  BOOST_CHECK_EQUAL(count_of("\n== ", printed), 6U);
  BOOST_CHECK_EQUAL(count_of("\nIt has published ", printed), 1U);
  BOOST_CHECK_EQUAL(count_of("did not pass the gate", printed), 1U);
  BOOST_CHECK_EQUAL(count_of("\nexperiment demo runs", printed), 1U);
  BOOST_CHECK_EQUAL(count_of("\nexperiment demo, since ", printed), 1U);
  BOOST_CHECK_EQUAL(count_of("is in force, before it", printed), 2U); // the promotion, and the rollback
  BOOST_CHECK_EQUAL(count_of("\nBought from the list that the reader saw: ", printed), 3U);
}

BOOST_AUTO_TEST_CASE(has_flags_that_need_the_shop) {
  BOOST_CHECK_EQUAL(count_of("need --shop", run(64, {"--rate", "3"})), 1U);
}

BOOST_AUTO_TEST_SUITE_END()
