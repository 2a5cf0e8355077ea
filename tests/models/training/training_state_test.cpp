#include "models/training/training_state.hpp"

#include "models/training/state_keeper.hpp"
#include "tests/models/training/files.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace winnow {

namespace {

namespace fs = std::filesystem;

training_state some_state() {
  training_state state;
  state.run = "a run of \"these\" settings\n";
  state.arrays["weights"] = {1.5f, -0.0f, 1e-45f};
  state.arrays["none"] = {};
  state.counters = {{"epochs", 7}, {"steps", 0xFFFFFFFFFFFFFFFF}};
  return state;
}

state_to_keep to_keep(const training_state& state) {
  return {{state.arrays.begin(), state.arrays.end()}, state.counters};
}

result<void> write(const fs::path& path, const training_state& state) {
  return write_training_state(path, state.run, to_keep(state));
}

} // namespace

BOOST_AUTO_TEST_SUITE(training_state_suite)

BOOST_AUTO_TEST_CASE(reads_back_what_was_written) {
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "din.state";
  const auto written = some_state();
  BOOST_REQUIRE(write(path, written));
  const auto read = test::need(read_training_state(path, written.run));
  BOOST_REQUIRE(read);
  BOOST_CHECK_EQUAL(read->run, written.run);
  BOOST_CHECK(read->arrays == written.arrays);
  BOOST_CHECK(std::signbit(read->arrays.at("weights")[1]));
  BOOST_CHECK(read->counters == written.counters);
}

BOOST_AUTO_TEST_CASE(there_is_none_without_a_file) {
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "din.state";
  BOOST_CHECK(!test::need(read_training_state(path, "a run")));
  BOOST_CHECK(!test::need(has_training_state(path, "a run")));
}

BOOST_AUTO_TEST_CASE(that_of_another_run_is_refused_and_says_what_differs) {
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "din.state";
  auto state = some_state();
  state.run = R"({"data":"a","seed":5,"parameters":{"epochs":3,"rate":0.1}})";
  BOOST_REQUIRE(write(path, state));
  const std::string other = R"({"data":"a","seed":7,"parameters":{"epochs":4,"rate":0.1}})";
  const auto read = read_training_state(path, other);
  const auto has = has_training_state(path, other);
  BOOST_REQUIRE(!read);
  BOOST_REQUIRE(!has);
  BOOST_CHECK(read.error().cause == fault::invalid_argument);
  BOOST_TEST(read.error().message ==
             path.string() +
                 ": expected the training state of this run, got that of one with other settings "
                 "or data (parameters.epochs: 3, now 4; seed: 5, now 7); remove it to start over");
  BOOST_TEST(has.error().message == read.error().message);
  BOOST_CHECK(test::need(read_training_state(path, state.run)));
}

BOOST_AUTO_TEST_CASE(is_found_by_a_part_of_what_identifies_its_run) {
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "din.state";
  auto state = some_state();
  state.run = R"({"data":"a","seed":5})";
  BOOST_REQUIRE(write(path, state));
  BOOST_CHECK(test::need(has_training_state(path, R"({"seed":5})")));
  BOOST_CHECK(!has_training_state(path, R"({"seed":5,"more":1})"));
  BOOST_CHECK(!has_training_state(path, "no description"));
}

BOOST_AUTO_TEST_CASE(names_the_file_for_damage_at_any_byte) {
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "din.state";
  BOOST_REQUIRE(write(path, some_state()));
  const auto whole = test::bytes_of(path);
  const auto refused = [&](const std::string& bytes) {
    test::put(dir, "din.state", bytes);
    const auto read = read_training_state(path, some_state().run);
    return !read && read.error().cause == fault::malformed &&
           read.error().message == path.string() + ": the training state is damaged; remove it to start over";
  };
  for (std::size_t length = 0; length < whole.size(); ++length)
    BOOST_REQUIRE_MESSAGE(refused(whole.substr(0, length)), "cut to " << length);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    BOOST_REQUIRE_MESSAGE(refused(damaged), "byte " << at);
  }
  BOOST_CHECK(refused(whole + "x"));
}

BOOST_AUTO_TEST_CASE(a_state_of_an_earlier_version_is_called_that) {
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "din.state";
  test::put(dir, "din.state", "winnow training state 1\nand so on");
  const auto read = read_training_state(path, "a run");
  BOOST_REQUIRE(!read);
  BOOST_CHECK(read.error().cause == fault::unsupported);
  BOOST_TEST(read.error().message.find("an earlier version of Winnow") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_keeper_saves_if_required_or_if_the_last_save_is_old) {
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "din.state";
  int saves = 0;
  const auto saved = some_state();
  const auto state = [&] {
    ++saves;
    return to_keep(saved);
  };
  state_keeper patient(path, "mine", true, std::chrono::hours(1));
  BOOST_CHECK(!test::need(patient.load()));
  BOOST_REQUIRE(patient.keep(state, false));
  BOOST_CHECK_EQUAL(saves, 0);
  BOOST_REQUIRE(patient.keep(state, true));
  BOOST_CHECK_EQUAL(saves, 1);
  BOOST_CHECK_EQUAL(test::need(patient.load())->run, "mine");
  state_keeper eager(path, "mine", false, std::chrono::seconds(0));
  BOOST_REQUIRE(eager.keep(state, false));
  BOOST_CHECK_EQUAL(saves, 2);
  BOOST_CHECK(!test::need(eager.load())); // created without resume
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
