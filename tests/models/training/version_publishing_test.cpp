#include "models/model_set.hpp"
#include "models/registry/version_directory.hpp"
#include "tests/models/training/files.hpp"
#include "tests/models/training/train_program.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>

/// winnow-train --publish.
namespace winnow {

namespace {

namespace fs = std::filesystem;

model_set_ptr load(const fs::path& home, const std::string& version) {
  model_settings settings;
  settings.dir = home.string();
  settings.version = version;
  return test::need(load_model_set(settings));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(version_publishing, test::train_program)

BOOST_AUTO_TEST_CASE(each_run_adds_a_version_and_leaves_the_served_one_alone) {
  BOOST_REQUIRE(train("models").code == 0);
  const auto home = in("models");
  const auto flat = test::files_below(home);
  const auto end = train("models", "--publish --stage ranknet --seed 3");
  BOOST_REQUIRE_MESSAGE(end.code == 0, end.errors);
  auto versions = test::need(list_versions(home));
  BOOST_REQUIRE(versions.size() == 2u);
  const auto& added = versions[1];
  BOOST_TEST(end.out.find("published version " + added.name + ";") != std::string::npos, end.out);
  const auto models = load(home, added.name);
  BOOST_TEST(models->version == added.digest);
  BOOST_TEST(added.name.substr(added.name.size() - 9) == "-" + added.digest.substr(0, 8));
  BOOST_REQUIRE(added.metrics.has_value());
  BOOST_TEST(added.metrics->ranking == "+ RankNet");
  BOOST_TEST(added.metrics->k == 20u);
  BOOST_TEST(!fs::exists(home / ".training"));
  fs::remove_all(home / versions_directory);
  BOOST_CHECK(test::files_below(home) == flat);
}

BOOST_AUTO_TEST_CASE(later_stages_continue_the_version_that_is_served) {
  BOOST_TEST(train("models", "--publish --stage ranknet").code != 0); // nothing is served yet
  const auto begun = train("models", "--publish");
  BOOST_REQUIRE_MESSAGE(begun.code == 0, begun.errors);
  const auto home = in("models");
  const auto first = test::need(list_versions(home)).front();
  BOOST_TEST(begun.out.find("published version " + first.name +
                            ", the first; serve it with winnowd --model-dir") != std::string::npos,
             begun.out);
  const auto end = train("models", "--publish --stage ranknet --seed 3");
  BOOST_REQUIRE_MESSAGE(end.code == 0, end.errors);
  const auto versions = test::need(list_versions(home));
  BOOST_REQUIRE(versions.size() == 2u);
  for (const auto& one : versions)
    BOOST_TEST(test::bytes_of(one.directory / "din/best_model.pth") ==
               test::bytes_of(first.directory / "din/best_model.pth"));
  BOOST_TEST(load(home, versions[0].name)->version != load(home, versions[1].name)->version);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
