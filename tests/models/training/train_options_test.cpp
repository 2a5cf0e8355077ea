#include "tools/winnow-train/train_options.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

/// The command line of winnow-train.
namespace winnow {

namespace {

/// The options of `winnow-train --out models` and the arguments.
train_request read(std::vector<std::string> arguments) {
  std::vector<std::string> all{"winnow-train", "--out", "models"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (auto& one : all)
    pointers.push_back(one.data());
  return read_train_options(static_cast<int>(pointers.size()), pointers.data());
}

cascade_widths widths(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--interactions", "x"});
  const auto request = read(std::move(arguments));
  BOOST_REQUIRE(request.run);
  BOOST_TEST(request.run->din.candidates == request.run->widths.candidates);
  return request.run->widths;
}

void check(const cascade_widths& made, const cascade_widths& wanted) {
  BOOST_TEST(made.candidates == wanted.candidates);
  BOOST_TEST(made.din_keep == wanted.din_keep);
  BOOST_TEST(made.ranknet_keep == wanted.ranknet_keep);
}

/// Whether winnow-train ends with 78 before it reads anything.
bool refuses(std::vector<std::string> arguments) {
  const auto request = read(std::move(arguments));
  return !request.run && request.exit_code == 78;
}

} // namespace

BOOST_AUTO_TEST_SUITE(train_options_suite)

BOOST_AUTO_TEST_CASE(widths_that_are_not_given_adapt_to_the_others_as_in_winnowd) {
  check(widths({}), {200, 100, 20});
  check(widths({"--candidates", "10"}), {10, 10, 10});
  check(widths({"--din-keep", "300"}), {300, 300, 20});
  check(widths({"--ranknet-keep", "150"}), {200, 150, 150});
  check(widths({"--candidates", "50", "--din-keep", "20", "--ranknet-keep", "10"}), {50, 20, 10});
}

BOOST_AUTO_TEST_CASE(a_stage_cannot_keep_more_than_one_before_it) {
  const std::vector<std::string> data{"--interactions", "x"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), data.begin(), data.end());
    return more;
  };
  BOOST_CHECK(refuses(with({"--candidates", "10", "--din-keep", "11"})));
  BOOST_CHECK(refuses(with({"--candidates", "10", "--din-keep", "5", "--ranknet-keep", "6"})));
  BOOST_CHECK(refuses(with({"--candidates", "10", "--ranknet-keep", "11"})));
  BOOST_CHECK(refuses(with({"--transition-candidates", "100001"})));
}

BOOST_AUTO_TEST_CASE(numbers_that_are_none_are_refused) {
  for (const auto* flag : {"--lr", "--l2", "--min-rating", "--until"})
    for (const auto* value : {"nan", "-nan", "inf"})
      BOOST_TEST(refuses({"--interactions", "x", flag, value}), flag << " " << value);
  for (const auto* flag : {"--seed", "--curve", "--transition-candidates"})
    for (const auto* value : {"-1", "99999999999999999999", "1.5"})
      BOOST_TEST(refuses({"--interactions", "x", flag, value}), flag << " " << value);
  const auto request = read({"--interactions", "x", "--seed", "18446744073709551615", "--lr", "1e-3"});
  BOOST_REQUIRE(request.run);
  BOOST_TEST(request.run->seed == 18446744073709551615U);
}

BOOST_AUTO_TEST_CASE(a_share_that_leaves_nothing_is_refused) {
  for (const auto* share : {"0", "-0", "-0.5", "1.1", "1e-400", "many"})
    BOOST_TEST(refuses({"--interactions", "x", "--until", share}), share);
  for (const auto* share : {"1", "0.5", "1e-9"})
    BOOST_TEST(!refuses({"--interactions", "x", "--until", share}), share);
}

BOOST_AUTO_TEST_CASE(empty_paths_are_refused) {
  BOOST_CHECK(refuses({"--interactions", ""}));
  BOOST_CHECK(refuses({"--split", ""}));
  BOOST_CHECK(refuses({"--from-store", ""}));
  BOOST_CHECK(refuses({"--interactions", "x", "--items", ""}));
  BOOST_CHECK(refuses({"--interactions", "x", "--continue", ""}));
  std::string program = "winnow-train", out = "--out", empty, data = "--interactions", file = "x";
  std::vector<char*> arguments{program.data(), out.data(), empty.data(), data.data(), file.data()};
  BOOST_TEST(read_train_options(static_cast<int>(arguments.size()), arguments.data()).exit_code == 78);
}

BOOST_AUTO_TEST_CASE(settings_that_the_data_cannot_follow_are_refused) {
  BOOST_CHECK(refuses({"--split", "x", "--holdout", "valid"}));
  BOOST_CHECK(refuses({"--split", "x", "--holdout", "ratio:0.1,0.1"}));
  BOOST_CHECK(refuses({"--split", "x", "--until", "0.5"}));
  BOOST_CHECK(refuses({"--from-store", "memory:", "--min-rating", "4"}));
  BOOST_CHECK(refuses({"--from-store", "memory:", "--until", "0.5"}));
  BOOST_CHECK(read({"--split", "x", "--min-rating", "4"}).run.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
