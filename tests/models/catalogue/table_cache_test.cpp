#include "models/catalogue/table_cache.hpp"

#include "models/catalogue/kept_table.hpp"
#include "models/files/file_digest.hpp"
#include "models/files/sealed_file.hpp"
#include "models/model_set.hpp"
#include "tests/models/fixtures.hpp"

#include <fstream>
#include <sys/stat.h>

namespace winnow {

namespace {

namespace fs = std::filesystem;

/// Replaces a file, as programs should: an old one that is mapped does not change.
void put(const fs::path& path, const std::string& content) {
  fs::remove(path);
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
    return table_cache(dir.path() / "cache", {}, at_rest);
  }

  table_cache half_cache() const {
    return table_cache(dir.path() / "cache", {false, table_precision::half}, {});
  }

  float_table load() const { return test::need(cache().load(source)); }

  /// Caches a different table for the unchanged source, so a test can see whether a load used the cache.
  void keep_another() const {
    float_table other{{}, {"emb_0"}, 1, std::vector<float>{7}};
    other.ids.insert("kept");
    test::need(keep_table(kept, *stamp_of(source), other).map([] { return true; }));
  }
};

void check_same(const float_table& a, const float_table& b) {
  BOOST_TEST(a.width == b.width);
  BOOST_TEST(a.columns == b.columns, boost::test_tools::per_element());
  BOOST_CHECK_EQUAL_COLLECTIONS(a.values.begin(), a.values.end(), b.values.begin(), b.values.end());
  BOOST_REQUIRE_EQUAL(a.ids.size(), b.ids.size());
  for (std::size_t i = 0; i < a.ids.size(); ++i)
    BOOST_TEST(a.ids[i] == b.ids[i]);
}

void check_rows(const stored_rows& rows, const std::vector<float>& expected) {
  BOOST_REQUIRE_EQUAL(rows.rows() * rows.width(), expected.size());
  std::vector<float> room(rows.width());
  for (std::size_t at = 0; at < rows.rows(); ++at) {
    const auto row = rows.row(at, room);
    for (std::size_t k = 0; k < rows.width(); ++k)
      BOOST_TEST(row[k] == expected[at * rows.width() + k]);
  }
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(table_cache_suite, cached_file)

BOOST_AUTO_TEST_CASE(embeddings_whose_products_would_overflow_are_refused_by_name) {
  put(source, "item_id,emb_0,emb_1\nB1,9e17,0\nB2,-3e19,4e19\n");
  const auto expected = source.string() +
                        ": \"B2\": expected an embedding of at most the length 1e+18, whose products are "
                        "finite, got 5e+19";
  const auto items = cache().load(source);
  BOOST_REQUIRE(!items);
  BOOST_TEST(items.error().message == expected);
  const auto users = half_cache().load_rows(source);
  BOOST_REQUIRE(!users);
  BOOST_TEST(users.error().message == expected);
  put(source, "item_id,emb_0,emb_1\nB1,9e17,0\n");
  BOOST_TEST(load().ids.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_cached_table_equals_the_parsed_one) {
  const auto read = test::need(load_float_table(source));
  check_same(load(), read);
  BOOST_REQUIRE(fs::exists(kept));
  check_same(test::need(read_kept_table(kept, *stamp_of(source))), read);
  const auto mapped = load();
  check_same(mapped, read);
  BOOST_TEST(mapped.values.is_mapped());
  for (std::uint32_t row = 0; row < mapped.ids.size(); ++row)
    BOOST_TEST(mapped.ids.find(mapped.ids[row]).value() == row);
  BOOST_TEST(!mapped.ids.find("C").has_value());
}

BOOST_AUTO_TEST_CASE(what_was_parsed_is_mapped_once_it_is_cached) {
  BOOST_TEST(load().values.is_mapped());
  BOOST_TEST(test::need(cache().load_rows(source)).rows.floats().is_mapped());
}

BOOST_AUTO_TEST_CASE(a_mapped_table_outlives_its_file) {
  load();
  const auto read = load();
  keep_another(); // in its place
  fs::remove_all(dir.path() / "cache");
  check_same(read, test::need(load_float_table(source)));
}

BOOST_AUTO_TEST_CASE(a_cached_table_is_read_only) {
  load();
  const auto rights = fs::status(kept).permissions();
  BOOST_CHECK((rights & (fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write)) ==
              fs::perms::none);
}

BOOST_AUTO_TEST_CASE(ids_are_added_to_a_copy_of_a_mapped_table) {
  load();
  auto ids = load().ids;
  BOOST_TEST(ids.insert("B 1").first == 1U);
  BOOST_TEST(ids.insert("C").first == 2U);
  BOOST_TEST(ids[0] == "0764227971");
  BOOST_TEST(ids.find("C").value() == 2U);
  BOOST_TEST(load().ids.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_table_read_by_rows_has_the_same_numbers) {
  const auto read = load();
  for (int time = 0; time < 2; ++time) { // parsed, and cached
    const auto table = test::need(cache().load_rows(source));
    BOOST_TEST(table.columns == read.columns, boost::test_tools::per_element());
    BOOST_TEST(table.ids.find("B 1").value() == 1U);
    check_rows(table.rows, {1, -2.5f, 0.1f, 3});
  }
}

BOOST_AUTO_TEST_CASE(half_precision_is_kept_in_a_file_of_its_own) {
  const auto half = [&] { return test::need(half_cache().load_rows(source)); };
  load();
  for (int time = 0; time < 2; ++time) {
    const auto table = half();
    BOOST_TEST(table.rows.halves().is_mapped());
    check_rows(table.rows, {1, -2.5f, 0.0999755859375f, 3}); // 0.1, rounded to 11 bits
  }
  BOOST_CHECK(fs::exists(dir.path() / "cache" / "items.csv.half"));
  fs::remove_all(dir.path() / "cache");
  check_rows(half().rows, {1, -2.5f, 0.0999755859375f, 3}); // without a cache, too
  fs::create_directory(dir.path() / "cache");
  half();
  fs::rename(dir.path() / "cache" / "items.csv.half", kept);
  BOOST_TEST(!read_kept_rows(kept, *stamp_of(source), table_precision::single));
  BOOST_TEST(!read_kept_table(kept, *stamp_of(source)));
}

BOOST_AUTO_TEST_CASE(damage_in_a_large_table_of_rows_is_found_if_it_is_sampled_or_locked) {
  row_table large;
  constexpr std::size_t rows = 1000, width = 25'000; // 100 MB
  std::vector<float> numbers(rows * width, 1.0f);
  for (std::size_t row = 0; row < rows; ++row)
    large.ids.insert("u" + std::to_string(row));
  for (std::size_t k = 0; k < width; ++k)
    large.columns.push_back("emb_" + std::to_string(k));
  large.rows = stored_rows(width, std::move(numbers));
  test::need(keep_rows(kept, *stamp_of(source), large).map([] { return true; }));
  const auto damage = [&](std::uint64_t at) {
    auto content = test::bytes_of(kept);
    content[at] = static_cast<char>(content[at] ^ 1);
    put(kept, content);
  };
  const auto is_used = [&](bool lock) {
    return read_kept_rows(kept, *stamp_of(source), table_precision::single, lock).has_value();
  };
  constexpr std::uint64_t megabyte = 1 << 20;
  BOOST_TEST(is_used(false));
  damage(megabyte + 1); // a block that is not in the sample
  BOOST_TEST(is_used(false));
  BOOST_TEST(!is_used(true));
  damage(megabyte + 1); // repaired
  BOOST_TEST(is_used(true));
  damage(100); // the first block, with the head
  BOOST_TEST(!is_used(false));
}

BOOST_AUTO_TEST_CASE(damaged_ids_are_unknown_and_nothing_worse) {
  std::vector<std::uint64_t> ends = {0, 1000, 2};
  std::vector<std::uint32_t> slots(16, 0xFFFFFFFF); // all used, all beyond the ids
  const id_table ids({"ab", ends, slots, 0, std::make_shared<int>()});
  BOOST_TEST(ids.size() == 2U);
  BOOST_TEST(ids[0] == "");
  BOOST_TEST(ids[1] == "");
  BOOST_TEST(!ids.find("a").has_value());
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
  auto body = std::string(test::need(sealed_file::open(kept)).body());
  const auto ends_at = body.find(std::string("emb_1\0", 6)) / 64 * 64 + 64;
  BOOST_REQUIRE_EQUAL(body[ends_at + 8], '\x0a'); // the first id has ten bytes
  body[ends_at + 8] = '\x7f';                     // now it would be longer than all ids
  test::need(write_sealed(kept, {body}).map([] { return true; }));
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
