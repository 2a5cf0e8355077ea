#include "models/trials/experiment.hpp"
#include "models/trials/model_trials.hpp"

#include "support/temp_dir.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>

/// Which user gets which version, and what a model directory remembers of it.
namespace winnow {

namespace {

using buckets = std::vector<std::uint8_t>;
using weights = std::vector<double>;

std::size_t size_of(const buckets& all, std::uint8_t arm) {
  return static_cast<std::size_t>(std::count(all.begin(), all.end(), arm));
}

std::size_t moved(const buckets& before, const buckets& after) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < before.size(); ++i)
    count += before[i] != after[i] ? 1 : 0;
  return count;
}

experiment_order order_of(const std::vector<std::pair<std::string, double>>& versions,
                          const std::string& salt = {}) {
  experiment_order order{"layout", salt, {}};
  for (const auto& [version, weight] : versions)
    order.arms.push_back({version, "digest of " + version, weight});
  return order;
}

std::string user(int number) {
  return "user " + std::to_string(number);
}

struct kept_file {
  test::temp_dir made;
  std::filesystem::path path = std::filesystem::path(made.path()) / trials_file;

  void write(const std::string& text) const { std::ofstream(path) << text; }

  std::string error_of(const std::string& text) const {
    write(text);
    const auto read = read_trials(path);
    return read ? std::string() : read.error().message;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(experiments)

BOOST_AUTO_TEST_CASE(a_placement_divides_the_users_independently) {
  model_trials trials;
  BOOST_TEST(!trials.takes_part(user(1), "cart", 1));
  trials.running = begin_experiment(order_of({{"a", 1}, {"b", 1}}), nullptr, 1);
  int at_cart = 0, at_both = 0, of_a = 0;
  constexpr int users = 10'000;
  for (int i = 0; i < users; ++i) {
    BOOST_TEST_REQUIRE(trials.takes_part(user(i), "cart", 1));
    BOOST_TEST_REQUIRE(!trials.takes_part(user(i), "cart", 0));
    const bool takes_part = trials.takes_part(user(i), "cart", 0.2);
    at_cart += takes_part ? 1 : 0;
    at_both += takes_part && trials.takes_part(user(i), "mail", 0.2) ? 1 : 0;
    of_a += takes_part && trials.running->arm_of(user(i)).version == "a" ? 1 : 0;
    BOOST_TEST_REQUIRE((!takes_part || trials.takes_part(user(i), "cart", 0.3)));
  }
  BOOST_TEST(std::abs(at_cart - users / 5) < 200);
  BOOST_TEST(std::abs(at_both - users / 25) < 100);
  BOOST_TEST(std::abs(of_a - users / 10) < 150);
}

BOOST_AUTO_TEST_CASE(each_version_gets_its_share) {
  const auto half = split_buckets(weights{1, 1});
  BOOST_TEST(size_of(half, 0) == 5000u);
  BOOST_TEST(size_of(half, 1) == 5000u);
  const auto thirds = split_buckets(weights{1, 1, 1});
  for (std::uint8_t arm = 0; arm < 3; ++arm)
    BOOST_TEST((size_of(thirds, arm) == 3333u || size_of(thirds, arm) == 3334u));
  BOOST_TEST(size_of(thirds, no_arm) == 0u);
  const auto tiny = split_buckets(weights{1e9, 1e-9});
  BOOST_TEST(size_of(tiny, 1) == 0u);
}

BOOST_AUTO_TEST_CASE(users_are_divided_as_the_weights_say) {
  const auto what = begin_experiment(order_of({{"a", 80}, {"b", 20}}), nullptr, 100);
  constexpr int users = 100'000;
  int of_b = 0;
  for (int i = 0; i < users; ++i)
    of_b += what.arm_of(user(i)).version == "b" ? 1 : 0;
  // Six standard deviations of a binomial distribution.
  BOOST_TEST(of_b > 20'000 - 6 * 126);
  BOOST_TEST(of_b < 20'000 + 6 * 126);
}

BOOST_AUTO_TEST_CASE(another_salt_divides_the_users_independently) {
  const auto one = begin_experiment(order_of({{"a", 1}, {"b", 1}}, "one"), nullptr, 100);
  const auto two = begin_experiment(order_of({{"a", 1}, {"b", 1}}, "two"), nullptr, 100);
  constexpr int users = 100'000;
  int same = 0;
  for (int i = 0; i < users; ++i)
    same += one.arm_of(user(i)).version == two.arm_of(user(i)).version ? 1 : 0;
  BOOST_TEST(same > 50'000 - 6 * 158);
  BOOST_TEST(same < 50'000 + 6 * 158);
}

BOOST_AUTO_TEST_CASE(a_change_of_weights_moves_no_more_users_than_it_must) {
  const std::vector<weights> steps{{50, 50, 0.001}, {60, 40, 0.001}, {20, 40, 40},
                                   {40, 20, 40},    {1, 1, 1},       {98, 1, 1}};
  auto before = split_buckets(steps.front());
  for (const auto& next : steps) {
    const auto after = split_buckets(next, before);
    std::size_t must = 0;
    for (std::uint8_t arm = 0; arm < 3; ++arm)
      must += size_of(after, arm) > size_of(before, arm) ? size_of(after, arm) - size_of(before, arm) : 0;
    BOOST_TEST(moved(before, after) == must);
    before = after;
  }
}

BOOST_AUTO_TEST_CASE(users_keep_their_version_when_others_come_and_go) {
  const auto first = begin_experiment(order_of({{"a", 50}, {"b", 50}}), nullptr, 100);
  const auto second = begin_experiment(order_of({{"c", 10}, {"b", 50}, {"a", 40}}), &first, 200);
  BOOST_TEST(second.started == 100);
  BOOST_TEST(second.changed == 200);
  BOOST_TEST(first.trial() != second.trial());
  for (int i = 0; i < 1000; ++i) {
    const auto& before = first.arm_of(user(i)).version;
    const auto& now = second.arm_of(user(i)).version;
    BOOST_TEST((now == before || (now == "c" && before == "a")), user(i));
  }
  const auto third = begin_experiment(order_of({{"a", 50}, {"b", 50}}), &second, 300);
  BOOST_TEST(moved(first.buckets, third.buckets) == 0u); // those of c went back to a, which had the room
}

BOOST_AUTO_TEST_CASE(an_experiment_that_begins_again_has_the_same_users) {
  auto before = begin_experiment(order_of({{"a", 70}, {"b", 30}}), nullptr, 100);
  before.stopped = 150;
  const auto again = begin_experiment(order_of({{"a", 70}, {"b", 30}}), &before, 200);
  BOOST_TEST(again.started == 200);
  BOOST_TEST(!again.stopped);
  BOOST_TEST(moved(before.buckets, again.buckets) == 0u);
}

BOOST_AUTO_TEST_CASE(orders_that_make_no_sense_are_refused) {
  const auto refused = [](const experiment_order& order) { return check_order(order).error().message; };
  BOOST_TEST(check_order(order_of({{"a", 1}, {"b", 2}})).has_value());
  BOOST_TEST(refused(order_of({{"a", 1}})) == "versions: expected 2 to 8, got 1");
  BOOST_TEST(refused(order_of({{"a", 1}, {"a", 2}})) == "versions: a is there twice");
  BOOST_TEST(refused(order_of({{"a", 1}, {"b", 0}})) == "versions: expected a positive weight of b");
  BOOST_TEST(refused(order_of({{"a", 1}, {"b", 1}}, "ä")).find("salt: expected letters") == 0u);
  auto unnamed = order_of({{"a", 1}, {"b", 1}});
  unnamed.name.clear();
  BOOST_TEST(!check_order(unnamed).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_model_directory_remembers, kept_file) {
  BOOST_TEST(!read_trials(path).value().latest);
  kept_trials kept;
  kept.latest = begin_experiment(order_of({{"a", 50}, {"b", 25.5}, {"c", 1}}, "pepper"), nullptr, 100);
  kept.latest->stopped = 170;
  kept.shadow = shadow_order{"d", 0.25};
  BOOST_REQUIRE(write_trials(path, kept).has_value());
  const auto read = read_trials(path);
  BOOST_REQUIRE_MESSAGE(read.has_value(), (read ? std::string() : read.error().message));
  BOOST_REQUIRE(read->latest.has_value());
  BOOST_TEST(read->latest->salt == "pepper");
  BOOST_TEST(read->latest->arms[1].weight == 25.5);
  BOOST_TEST(read->latest->arms[1].digest == "digest of b");
  BOOST_TEST((read->latest->buckets == kept.latest->buckets));
  BOOST_TEST(read->latest->stopped.value_or(0) == 170);
  BOOST_TEST(read->shadow->version == "d");
  BOOST_TEST(read->shadow->share == 0.25);
}

BOOST_FIXTURE_TEST_CASE(a_broken_file_is_named, kept_file) {
  const auto with = [](const std::string& a, const std::string& b) {
    return R"({"experiment": {"name": "n", "salt": "s", "started": 1, "changed": 1, "stopped": null,
      "versions": [{"version": "a", "digest": "", "weight": 1, "buckets": ")" +
           a + R"("}, {"version": "b", "digest": "", "weight": 1, "buckets": ")" + b + R"("}]}})";
  };
  BOOST_TEST(error_of(with("0-4999", "5000-9999")) == "");
  BOOST_TEST(error_of(with("0-4999", "5000-9998")).find("expected each of 0 to 9999") != std::string::npos);
  for (const char* wrong : {"4999-9999", "5000-10000", "5000-", "9999-5000", "5000,,9999", "5000-9999,", "x"})
    BOOST_TEST(error_of(with("0-4999", wrong)).find("buckets of b: expected ranges") != std::string::npos,
               wrong);
  BOOST_TEST(error_of("{").find(trials_file) != std::string::npos);
  BOOST_TEST(error_of(R"({"experiment": {"name": 3}})").find(trials_file) != std::string::npos);
  BOOST_TEST(error_of(R"({"shadow": {"version": "a", "share": 2}})").find("share") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
