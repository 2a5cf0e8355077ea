#include "tools/winnow-train/training_lock.hpp"

#include "tests/models/training/files.hpp"
#include "tests/models/training/train_program.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>
#include <unistd.h>

namespace winnow {

namespace {

namespace fs = std::filesystem;

} // namespace

BOOST_AUTO_TEST_SUITE(training_lock_suite)

BOOST_AUTO_TEST_CASE(keeps_a_second_training_out_until_the_first_ends) {
  const test::temp_dir dir;
  const auto models = fs::path(dir.path()) / "models";
  std::optional<training_lock> first(test::need(training_lock::take(models)));
  BOOST_TEST(first->warning() == "");
  const auto second = training_lock::take(models);
  BOOST_REQUIRE(!second);
  BOOST_CHECK(second.error().cause == fault::overloaded);
  BOOST_TEST(second.error().message == "another training (pid " + std::to_string(::getpid()) +
                                           ") writes to " + models.string() + "; try again later");
  BOOST_CHECK(training_lock::take(fs::path(dir.path()) / "others"));
  first.reset();
  BOOST_TEST(fs::is_empty(models));
  BOOST_CHECK(training_lock::take(models));
}

BOOST_AUTO_TEST_CASE(what_a_killed_training_left_locks_nothing) {
  const test::temp_dir dir;
  test::put(dir, ".training.lock", "4711\n");
  const auto lock = test::need(training_lock::take(dir.path()));
  BOOST_TEST(test::bytes_of(fs::path(dir.path()) / ".training.lock") == std::to_string(::getpid()) + "\n");
}

BOOST_AUTO_TEST_CASE(names_a_directory_that_it_cannot_write_to) {
  const test::temp_dir dir;
  const auto file = test::put(dir, "file", "");
  const auto refused = training_lock::take(file / "models");
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(refused.error().cause == fault::io_error);
  BOOST_TEST(refused.error().message.find((file / "models").string() + ": cannot write to it: ") == 0u,
             refused.error().message);
}

BOOST_FIXTURE_TEST_CASE(the_program_leaves_the_other_trainings_draft_alone, test::train_program) {
  const auto lock = test::need(training_lock::take(in("models")));
  fs::create_directory(in("models") / ".training");
  std::ofstream(in("models") / ".training/lightgcn.state") << "kept";
  for (const auto* more : {"", "--publish", "--resume", "--publish --continue models"}) {
    const auto end = train("models", more);
    BOOST_TEST(end.code == 75, more);
    BOOST_TEST(end.errors.find("another training (pid " + std::to_string(::getpid()) + ") writes to ") !=
                   std::string::npos,
               end.errors);
  }
  BOOST_TEST(test::bytes_of(in("models") / ".training/lightgcn.state") == "kept");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
