#include "models/catalogue/table_cache.hpp"

#include "models/catalogue/kept_table.hpp"
#include "models/files/checked_file.hpp"
#include "models/files/file_digest.hpp"
#include "models/model_set.hpp"
#include "tests/models/fixtures.hpp"

#include <fstream>
#include <sys/stat.h>

namespace winnow {

namespace {

namespace fs = std::filesystem;

void put(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

/// A CSV file and a cache directory. By default, a file may be cached immediately after a change.
struct cached_file {
  test::temporary_directory dir;
  fs::path source = dir.path() / "items.csv";
  fs::path kept = dir.path() / "cache" / "items.csv.table";

  cached_file() {
    fs::create_directory(dir.path() / "cache");
    put(source, "item_id,emb_0,emb_1\n0764227971,1,-2.5\nB 1,0.1,3\n");
  }

  table_cache cache(std::chrono::nanoseconds at_rest = {}) const {
    return table_cache(dir.path() / "cache", at_rest);
  }

  float_table load() const { return test::need(cache().load(source)); }

  /// Caches a different table for the unchanged source, so a test can see whether a load used the cache.
  void keep_another() const {
    float_table other{{}, {"emb_0"}, 1, {7}};
    other.ids.insert("kept");
    test::need(keep_table(kept, *stamp_of(source), other).map([] { return true; }));
  }
};

void check_same(const float_table& a, const float_table& b) {
  BOOST_TEST(a.width == b.width);
  BOOST_TEST(a.columns == b.columns, boost::test_tools::per_element());
  BOOST_TEST(a.values == b.values, boost::test_tools::per_element());
  BOOST_REQUIRE_EQUAL(a.ids.size(), b.ids.size());
  for (std::size_t i = 0; i < a.ids.size(); ++i)
    BOOST_TEST(a.ids[i] == b.ids[i]);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(table_cache_suite, cached_file)

BOOST_AUTO_TEST_CASE(the_cached_table_equals_the_parsed_one) {
  const auto read = test::need(load_float_table(source));
  check_same(load(), read);
  BOOST_REQUIRE(fs::exists(kept));
  check_same(test::need(read_kept_table(kept, *stamp_of(source))), read);
  check_same(load(), read);
}

BOOST_AUTO_TEST_CASE(a_cached_table_is_used) {
  keep_another();
  BOOST_TEST(load().ids[0] == "kept");
}

BOOST_AUTO_TEST_CASE(a_changed_file_is_parsed_again) {
  keep_another();
  put(source, "item_id,emb_0,emb_1\nC,4,5\n");
  BOOST_TEST(load().ids[0] == "C");
  keep_another();
  const auto time = fs::last_write_time(source); // same size, and the old time; the ctime differs
  put(source, "item_id,emb_0,emb_1\nD,4,5\n");
  fs::last_write_time(source, time);
  BOOST_TEST(load().ids[0] == "D");
  keep_another();
  put(dir.path() / "new", "item_id,emb_0,emb_1\nE,4,5\n");
  fs::rename(dir.path() / "new", source);
  BOOST_TEST(load().ids[0] == "E");
}

BOOST_AUTO_TEST_CASE(a_recently_changed_file_is_not_cached) {
  test::need(cache(std::chrono::hours(1)).load(source));
  test::need(cache(std::chrono::hours(1)).digest({source}));
  BOOST_TEST(fs::is_empty(dir.path() / "cache"));
}

BOOST_AUTO_TEST_CASE(any_damage_is_detected_and_repaired) {
  const auto read = load();
  const auto whole = test::bytes_of(kept);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    put(kept, damaged);
    BOOST_TEST_REQUIRE(!read_kept_table(kept, *stamp_of(source)), "byte " << at);
    put(kept, whole.substr(0, at));
    BOOST_TEST_REQUIRE(!read_kept_table(kept, *stamp_of(source)), "cut at " << at);
  }
  check_same(load(), read); // replaces the damaged table
  BOOST_TEST(test::bytes_of(kept) == whole);
}

BOOST_AUTO_TEST_CASE(parts_that_do_not_fit_each_other_are_refused_in_spite_of_a_checksum) {
  const float_table good = load();
  float_table other = good;
  other.columns.pop_back(); // one name less than the width
  test::need(keep_table(kept, *stamp_of(source), other).map([] { return true; }));
  BOOST_TEST(!read_kept_table(kept, *stamp_of(source)));

  test::need(keep_table(kept, *stamp_of(source), good).map([] { return true; }));
  auto bytes = test::bytes_of(kept);
  bytes.resize(bytes.size() - 16); // the checksum
  const auto lengths_at = bytes.find(std::string("emb_1\0", 6)) + 6;
  bytes[lengths_at] = '\x7f'; // the first id would be longer than all ids
  test::need(write_checked(kept, {bytes}).map([] { return true; }));
  BOOST_TEST(!read_kept_table(kept, *stamp_of(source)));
}

BOOST_AUTO_TEST_CASE(nothing_is_cached_without_a_directory) {
  fs::remove(dir.path() / "cache");
  check_same(load(), test::need(load_float_table(source)));
  BOOST_TEST(!fs::exists(dir.path() / "cache"));
}

BOOST_AUTO_TEST_CASE(an_unwritable_cache_is_ignored) {
  fs::create_directory(kept); // a file cannot be renamed onto a directory
  check_same(load(), test::need(load_float_table(source)));
  const auto entries = std::distance(fs::directory_iterator(dir.path() / "cache"), fs::directory_iterator());
  BOOST_TEST(entries == 1); // no temporary file is left
}

BOOST_AUTO_TEST_CASE(fifos_in_the_cache_are_replaced_and_never_waited_for) {
  const auto digest_file = dir.path() / "cache" / "digest";
  BOOST_REQUIRE_EQUAL(::mkfifo(kept.c_str(), 0600), 0);
  BOOST_REQUIRE_EQUAL(::mkfifo(digest_file.c_str(), 0600), 0);
  check_same(load(), test::need(load_float_table(source)));
  file_digest expected;
  BOOST_REQUIRE(expected.add(source));
  BOOST_TEST(test::need(cache().digest({source})).all == expected.hex());
  BOOST_TEST(fs::is_regular_file(kept));
  BOOST_TEST(fs::is_regular_file(digest_file));
}

BOOST_AUTO_TEST_CASE(an_invalid_file_is_refused_and_not_cached) {
  put(source, "item_id,emb_0\nA,one\n");
  BOOST_TEST(!cache().load(source));
  BOOST_TEST(!fs::exists(kept));
}

BOOST_AUTO_TEST_CASE(the_digest_is_that_of_the_files) {
  const auto other = dir.path() / "other.csv";
  put(other, "x");
  const auto digest = [&] { return test::need(cache().digest({source, other})).all; };
  file_digest expected;
  BOOST_REQUIRE(expected.add(source) && expected.add(other));
  BOOST_TEST(digest() == expected.hex());
  BOOST_TEST(digest() == expected.hex()); // from the cache
  const auto kept_digest = dir.path() / "cache" / "digest";
  const auto text = test::bytes_of(kept_digest);
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto damaged = text;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    put(kept_digest, damaged);
    BOOST_TEST_REQUIRE(digest() == expected.hex(), "byte " << at);
  }
  put(other, "y");
  BOOST_TEST(digest() != expected.hex());
}

BOOST_AUTO_TEST_CASE(a_cache_directory_is_created_if_the_tables_are_large) {
  const test::temporary_directory shop;
  fs::copy(test::fixture("bookshop"), shop.path(), fs::copy_options::recursive);
  model_settings settings;
  settings.dir = shop.path().string();
  const auto version_of_small = test::need(load_model_set(settings))->version;
  BOOST_CHECK(!fs::exists(shop.path() / ".winnow-cache"));

  std::ofstream users(shop.path() / "lightgcn" / "user_embeddings.csv", std::ios::app);
  for (int user = 0; user < 300'000; ++user) { // 16 columns: about 19 MB
    users << "u" << user;
    for (int column = 0; column < 16; ++column)
      users << ",0.5";
    users << '\n';
  }
  users.close();
  settings.cache = false;
  const auto version = test::need(load_model_set(settings))->version;
  BOOST_CHECK(!fs::exists(shop.path() / ".winnow-cache"));
  BOOST_CHECK_NE(version, version_of_small);
  settings.cache = true;
  BOOST_CHECK_EQUAL(test::need(load_model_set(settings))->version, version);
  BOOST_CHECK(fs::is_directory(shop.path() / ".winnow-cache"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
