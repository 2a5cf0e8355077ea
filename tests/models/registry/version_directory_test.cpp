#include "models/files/file_digest.hpp"
#include "models/manifest.hpp"
#include "models/model_set.hpp"
#include "models/registry/version_directory.hpp"
#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

/// The versions in a model directory.
namespace winnow {

namespace {

namespace fs = std::filesystem;
using test::need;

void put(const fs::path& path, const std::string& content) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

void done(const result<void>& outcome) {
  BOOST_REQUIRE_MESSAGE(outcome.has_value(), (outcome ? std::string() : outcome.error().message));
}

struct version_fixture {
  test::temporary_directory made;
  fs::path home = made.path() / "models";

  version_fixture() { fs::create_directories(home); }

  fs::path add(const std::string& name, const std::string& manifest = R"({"files": {}})") const {
    const auto directory = home / versions_directory / name;
    put(directory / manifest_file, manifest);
    return directory;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& one : need(list_versions(home)))
      all.push_back(one.name);
    return all;
  }

  std::string named_by_current() const {
    model_settings settings;
    settings.dir = home.string();
    const auto models = need(load_model_set(settings));
    return version_name_of(models->home, models->directory);
  }

  void add_bookshop(const std::string& name) const {
    fs::copy(test::fixture("bookshop"), add(name), fs::copy_options::recursive);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(version_directories, version_fixture)

BOOST_AUTO_TEST_CASE(a_link_to_another_version_stands_for_that_one) {
  add("one");
  fs::create_directory_symlink("one", home / versions_directory / "latest");
  const auto elsewhere = made.path() / "elsewhere";
  fs::create_directories(elsewhere);
  fs::create_directory_symlink(elsewhere, home / versions_directory / "outside");
  BOOST_TEST(version_behind(home, "latest") == "one");
  for (const char* name : {"one", "outside", "missing", "flat", "../one"})
    BOOST_TEST(version_behind(home, name) == name);
}

BOOST_AUTO_TEST_CASE(another_manifest_has_another_digest) {
  const auto directory = add("one");
  const auto before = digest_of_manifest(directory);
  BOOST_TEST(before.size() == 16u);
  add("one");
  BOOST_TEST(digest_of_manifest(directory) == before);
  add("one", R"({"version": "x", "files": {}})");
  BOOST_TEST(digest_of_manifest(directory) != before);
  fs::remove(directory / manifest_file);
  BOOST_TEST(digest_of_manifest(directory) == "");
}

BOOST_AUTO_TEST_CASE(names_are_plain) {
  for (const char* name : {"a", "20261129T043012Z-1a2b3c4d", "v1.2_x"})
    BOOST_TEST(is_version_name(name), name);
  for (const std::string name : {"", ".", "..", ".hidden", "a/b", "a b", "flat", "rollback", "\xc3\xa4"})
    BOOST_TEST(!is_version_name(name), name);
  BOOST_TEST(!is_version_name(std::string(101, 'a')));
  BOOST_TEST(make_version_name(1'795'926'612, "1a2b3c4d5e6f7081") == "20261129T043012Z-1a2b3c4d");
}

BOOST_AUTO_TEST_CASE(a_model_directory_without_versions_has_at_most_the_flat_one) {
  BOOST_TEST(need(list_versions(home)).empty());
  put(home / "lightgcn" / "item_embeddings.csv", "item_id,emb_0\n");
  const auto all = need(list_versions(home));
  BOOST_REQUIRE(all.size() == 1u);
  BOOST_TEST(all[0].name == "flat");
  BOOST_TEST(all[0].published.has_value());
}

BOOST_AUTO_TEST_CASE(versions_whose_manifest_is_missing_are_still_being_copied) {
  add("one");
  fs::create_directories(home / versions_directory / "two");
  add(".deleted-three");
  BOOST_TEST(names() == std::vector<std::string>{"one"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_version_whose_manifest_is_missing_is_not_loaded_but_can_be_deleted) {
  add_bookshop("one");
  fs::remove(home / versions_directory / "one" / manifest_file);
  const auto refused = directory_of_version(home, "one");
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(refused.error().cause == fault::conflict);
  BOOST_TEST(refused.error().message.find("manifest.json") != std::string::npos);
  model_settings settings;
  settings.dir = home.string();
  settings.version = "one";
  BOOST_TEST(!load_model_set(settings));
  done(delete_version(home, "one"));
  BOOST_CHECK(directory_of_version(home, "one").error().cause == fault::not_found);
}

BOOST_AUTO_TEST_CASE(a_version_of_which_half_is_copied_is_refused_by_its_manifest) {
  add_bookshop("one");
  const auto directory = home / versions_directory / "one";
  const auto listed = need(make_manifest(directory, {"din/best_model.pth", "lightgcn/item_embeddings.csv"}));
  put(directory / manifest_file, listed);
  model_settings settings;
  settings.dir = home.string();
  settings.version = "one";
  BOOST_TEST(load_model_set(settings).has_value());
  fs::resize_file(directory / "lightgcn" / "item_embeddings.csv", 5000);
  const auto refused = load_model_set(settings);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().message.find("item_embeddings.csv") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_version_tells_its_digest_and_how_good_it_was) {
  const auto directory = add("one", R"({"version": "0123456789abcdef", "files": {}})");
  put(directory / "model.json",
      R"({"metrics": [{"name": "popularity", "lists": []},
          {"name": "+ RankNet", "lists": [{"k": 10, "recall": 0.1}, {"k": 20, "recall": 0.3, "ndcg": 0.2,
           "hit_rate": 0.4, "mrr": 0.5}]}]})");
  const auto all = need(list_versions(home));
  BOOST_TEST(all[0].digest == "0123456789abcdef");
  BOOST_REQUIRE(all[0].metrics.has_value());
  BOOST_TEST(all[0].metrics->ranking == "+ RankNet");
  BOOST_TEST(all[0].metrics->k == 20u);
  BOOST_TEST(all[0].metrics->recall == 0.3);
  BOOST_TEST(all[0].metrics->mrr == 0.5);
}

BOOST_AUTO_TEST_CASE(what_is_no_description_hides_no_version) {
  for (const char* text : {"", "[]", R"({"metrics": 3})", R"({"metrics": [3]})",
                           R"({"metrics": [{"lists": [3]}]})", R"({"metrics": [{"lists": [{"k": -1}]}]})"}) {
    put(add("one", text) / "model.json", text);
    const auto all = need(list_versions(home));
    BOOST_TEST(all.size() == 1u);
    BOOST_TEST(all[0].digest.empty());
  }
}

BOOST_AUTO_TEST_CASE(current_names_a_version_as_a_file_or_as_a_link) {
  add_bookshop("one");
  add_bookshop("two");
  fs::copy(test::fixture("bookshop"), home, fs::copy_options::recursive);
  const auto directory = [&](const std::string& name) { return need(directory_of_version(home, name)); };
  BOOST_TEST(named_by_current() == "flat");
  for (const std::string name : {"one", "two", "flat", "one"}) {
    done(name_current(home, directory(name)));
    BOOST_TEST(named_by_current() == name);
    BOOST_TEST(!fs::is_symlink(home / "current"));
  }
  fs::remove(home / "current");
  fs::create_directory_symlink("versions/two", home / "current");
  for (const std::string name : {"one", "flat", "two"}) {
    done(name_current(home, directory(name)));
    BOOST_TEST(named_by_current() == name);
    BOOST_TEST(fs::is_symlink(home / "current"));
  }
}

BOOST_AUTO_TEST_CASE(current_may_name_a_directory_elsewhere) {
  fs::copy(test::fixture("bookshop"), home / "v1", fs::copy_options::recursive);
  done(name_current(home, home / "v1"));
  BOOST_TEST(named_by_current() == "./v1");
  const auto outside = made.path() / "outside";
  fs::copy(test::fixture("bookshop"), outside, fs::copy_options::recursive);
  done(name_current(home, outside));
  BOOST_TEST(named_by_current() == fs::canonical(outside).string());
}

BOOST_AUTO_TEST_CASE(a_version_is_loaded_by_its_name_whatever_current_says) {
  add_bookshop("one");
  model_settings settings;
  settings.dir = home.string();
  settings.version = "one";
  const auto models = need(load_model_set(settings));
  BOOST_TEST(models->home == home);
  BOOST_TEST(version_name_of(models->home, models->directory) == "one");
  settings.version = "two";
  const auto missing = load_model_set(settings);
  BOOST_REQUIRE(!missing);
  BOOST_CHECK(missing.error().cause == fault::not_found);
  settings.version = "../one";
  const auto refused = load_model_set(settings);
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(refused.error().cause == fault::invalid_argument);
}

BOOST_AUTO_TEST_CASE(pinned_versions_are_not_deleted) {
  add("one");
  done(pin_version(home, "one", true));
  BOOST_TEST(need(list_versions(home))[0].pinned);
  const auto kept = delete_version(home, "one");
  BOOST_REQUIRE(!kept);
  BOOST_CHECK(kept.error().cause == fault::conflict);
  done(pin_version(home, "one", false));
  done(delete_version(home, "one"));
  BOOST_TEST(names().empty());
  BOOST_TEST(fs::is_empty(home / versions_directory));
  BOOST_CHECK(delete_version(home, "one").error().cause == fault::not_found);
  BOOST_CHECK(delete_version(home, "flat").error().cause == fault::conflict);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
