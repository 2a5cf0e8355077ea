#include "models/files/file_snapshot.hpp"
#include "models/manifest.hpp"
#include "models/model_set.hpp"
#include "tests/models/fixtures.hpp"
#include "tests/models/stage_directory.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <map>
#include <thread>

/// Model directories whose files change while they are read.
namespace winnow {

namespace {

namespace fs = std::filesystem;

void put(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

const std::vector<std::string> shop_files{"lightgcn/user_embeddings.csv", "lightgcn/item_embeddings.csv",
                                          "din/best_model.pth", "ranknet/best_model.pth"};

/// A copy of the bookshop, and two versions of its tables, whose first numbers tell them apart.
struct shop_copy {
  test::temporary_directory made;
  fs::path dir = made.path() / "models";
  model_settings settings;
  const std::vector<std::string> tables{shop_files[0], shop_files[1]};

  shop_copy() {
    fs::copy(test::fixture("bookshop"), dir, fs::copy_options::recursive);
    settings.dir = dir.string();
  }

  /// Writes a table whose first number is `mark`, aside, and renames it into place.
  void rename_into_place(const std::string& table, int mark) const {
    auto text = test::bytes_of(test::fixture("bookshop") / table);
    const auto number = text.find(',', text.find('\n')) + 1;
    text.replace(number, text.find(',', number) - number, std::to_string(mark));
    put(dir / "aside", text);
    fs::rename(dir / "aside", dir / table);
  }

  void publish_manifest() const {
    put(dir / "aside", test::need(make_manifest(dir, shop_files)));
    fs::rename(dir / "aside", dir / manifest_file);
  }

  result<model_set_ptr> load() const { return load_model_set(settings); }
};

/// The marks of the tables that a set was made of.
std::pair<int, int> marks_of(const model_set& models) {
  std::vector<float> room(models.item_embeddings.width());
  return {static_cast<int>(models.user_embedding(0, room)[0]),
          static_cast<int>(models.item_embeddings.row(0)[0])};
}

/// Runs a function in a loop, on a thread, until it is destroyed.
class repeated {
public:
  template<class Function>
  explicit repeated(Function function)
      : thread_([this, function] {
          while (!done_)
            function();
        }) {}
  ~repeated() {
    done_ = true;
    thread_.join();
  }

private:
  std::atomic<bool> done_{false};
  std::thread thread_;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(changing_files, shop_copy)

BOOST_AUTO_TEST_CASE(a_version_is_that_of_the_bytes_that_are_served) {
  std::map<std::pair<int, int>, std::string> versions;
  for (const int users : {1, 2})
    for (const int items : {1, 2}) {
      rename_into_place(tables[0], users);
      rename_into_place(tables[1], items);
      versions[{users, items}] = test::need(load())->version;
    }
  BOOST_TEST(versions.size() == 4u);
  int loaded = 0;
  const repeated writer([this] {
    for (const int mark : {1, 2})
      for (const auto& table : tables)
        rename_into_place(table, mark);
    std::this_thread::sleep_for(std::chrono::milliseconds(2)); // leaves a chance to read
  });
  for (int i = 0; i < 100; ++i) {
    const auto models = load();
    if (!models) {
      BOOST_TEST(models.error().message.find("changed while it was read") != std::string::npos);
      continue;
    }
    ++loaded;
    BOOST_TEST((*models)->version == versions.at(marks_of(**models)));
    if (loaded == 20)
      break;
  }
}

BOOST_AUTO_TEST_CASE(with_a_manifest_there_is_never_a_mixture) {
  rename_into_place(tables[0], 1);
  rename_into_place(tables[1], 1);
  publish_manifest();
  const repeated writer([this] {
    for (const int mark : {2, 1}) {
      for (const auto& table : tables)
        rename_into_place(table, mark);
      publish_manifest();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  for (int i = 0; i < 30; ++i) {
    const auto models = load();
    if (models) {
      const auto [users, items] = marks_of(**models);
      BOOST_TEST(users == items);
    } else {
      BOOST_CHECK_MESSAGE(models.error().cause == fault::conflict, models.error().message);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_set_that_does_not_match_its_manifest_is_refused) {
  publish_manifest();
  BOOST_TEST(load().has_value());
  const auto digest = test::need(digest_files({dir / tables[1]})).each[0];
  rename_into_place(tables[1], 7);
  const auto other = test::need(digest_files({dir / tables[1]})).each[0];
  const auto message = load().error().message;
  BOOST_TEST(message == (dir / manifest_file).string() + ": lightgcn/item_embeddings.csv: expected " +
                            std::to_string(digest.bytes) + " bytes with the digest " + digest.hex + ", got " +
                            std::to_string(other.bytes) + " bytes with the digest " + other.hex +
                            "; the directory is being replaced, or the manifest is out of date");
  publish_manifest();
  fs::remove(dir / tables[0]);
  BOOST_TEST(load().error().message.find(", got no file;") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_manifest_does_not_list_is_not_checked) {
  publish_manifest();
  put(dir / "popularity.csv", "item_id,count\n");
  BOOST_TEST(load().has_value());
  put(dir / manifest_file, R"({"files": {}})");
  rename_into_place(tables[1], 7);
  BOOST_TEST(load().has_value());
}

BOOST_AUTO_TEST_CASE(a_broken_manifest_is_refused) {
  for (const char* text : {"", "[]", R"({"files": []})", R"({"files": {"din/best_model.pth": 3}})",
                           R"({"files": {"din/best_model.pth": {"bytes": -1, "xxh3": "0123456789abcdef"}}})",
                           R"({"files": {"din/best_model.pth": {"bytes": 1, "xxh3": "0123"}}})"}) {
    put(dir / manifest_file, text);
    const auto models = load();
    BOOST_REQUIRE(!models);
    BOOST_CHECK(models.error().cause == fault::malformed);
    BOOST_TEST(models.error().message.find(manifest_file) != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(current_names_the_directory) {
  const auto version = test::need(load())->version;
  const auto home = made.path() / "home";
  fs::create_directory(home);
  settings.dir = home.string();
  fs::rename(dir, home / "v1");
  const auto loads_v1 = [&] {
    const auto models = test::need(load());
    BOOST_TEST(models->version == version);
    BOOST_TEST(models->directory == fs::canonical(home / "v1"));
    BOOST_TEST(models->home == home);
  };
  fs::create_directory_symlink("v1", home / "current");
  loads_v1();
  fs::remove(home / "current");
  put(home / "current", "v1\n");
  loads_v1();
  put(home / "current", "v2\n");
  BOOST_TEST(load().error().message == (home / "current").string() + ": names " + (home / "v2").string() +
                                           ", expected an existing directory");
  put(home / "current", "\n");
  BOOST_TEST(load().error().message.find("got nothing") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_linked_directory_is_resolved_once) {
  fs::create_directory_symlink("models", made.path() / "link");
  settings.dir = (made.path() / "link").string();
  BOOST_TEST(test::need(load())->directory == fs::canonical(dir));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(file_snapshots)

BOOST_AUTO_TEST_CASE(every_change_is_noticed) {
  const test::temporary_directory made;
  const auto file = made.path() / "file", other = made.path() / "other";
  put(file, "one");
  for (const auto at_rest : {std::chrono::nanoseconds(0), std::chrono::nanoseconds(std::chrono::hours(1))}) {
    fs::remove(other);
    const file_snapshot before({file, other}, at_rest);
    BOOST_TEST(!before.changed());
    put(made.path() / "aside", "two");
    fs::rename(made.path() / "aside", file);
    BOOST_TEST((before.changed() == file));
    const file_snapshot again({file, other}, at_rest);
    put(other, "");
    BOOST_TEST((again.changed() == other));
    const file_snapshot third({file, other}, at_rest);
    fs::remove(other);
    BOOST_TEST((third.changed() == other));
  }
}

BOOST_AUTO_TEST_CASE(quick_changes_in_place_are_noticed) {
  const test::temporary_directory made;
  const auto file = made.path() / "file";
  for (int i = 0; i < 100; ++i) { // within one tick of the file system's clock, mostly
    put(file, "one");
    const file_snapshot before({file});
    put(file, "two");
    BOOST_TEST((before.changed() == file));
  }
}

// What an unmounted volume leaves behind must not look like an optional file that was left out.
BOOST_AUTO_TEST_CASE(a_link_to_a_missing_file_is_no_missing_file) {
  for (const char* name : {"item_features.csv", "model.json", "items.csv", "manifest.json",
                           "lightgcn_data.csv", "lightgcn/item_fold_in.csv"}) {
    const test::stage_directory shop;
    const auto file = shop.dir.path() / name;
    std::filesystem::remove(file);
    std::filesystem::create_symlink("/not/mounted/file", file);
    const auto loaded = shop.try_load();
    BOOST_TEST_REQUIRE(!loaded.has_value(), name);
    BOOST_TEST(loaded.error().message.find(name) != std::string::npos, loaded.error().message);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
