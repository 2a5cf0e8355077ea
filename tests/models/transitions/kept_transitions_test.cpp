#include "models/transitions/kept_transitions.hpp"

#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace winnow {

namespace {

namespace fs = std::filesystem;

void put(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

id_table catalogue(const std::vector<const char*>& ids) {
  id_table items;
  for (const auto* id : ids)
    items.insert(id);
  return items;
}

/// A file of transitions and a cache directory. A file may be cached immediately after a change.
struct cached_transitions {
  test::temporary_directory dir;
  fs::path source = dir.path() / "transitions.csv";
  fs::path kept = dir.path() / "cache" / "transitions.csv.table";
  id_table items = catalogue({"a", "b,1", "c"});

  cached_transitions() {
    fs::create_directory(dir.path() / "cache");
    put(source, "item_id,next_item_id,weight\nc,a,0.5\n\"b,1\",a,1\nc,\"b,1\",2.5\n");
  }

  transition_counts load() const { return load_by(items); }
  transition_counts load_by(const id_table& by) const {
    return test::need(load_counts(table_cache(dir.path() / "cache", {}, {}), source, by));
  }

  /// Caches other counts for the unchanged source, so that a test can see whether a load used the cache.
  void keep_another() const {
    transition_counts other{{0, 1, 1, 1}, {{2, 7.0f}}};
    test::need(keep_transitions(kept, *stamp_of(source), items, other).map([] { return true; }));
  }
};

bool is_another(const transition_counts& counts) {
  return counts.successors.size() == 1;
}

void check_same(const transition_counts& a, const transition_counts& b) {
  BOOST_TEST(a.ends == b.ends, boost::test_tools::per_element());
  BOOST_REQUIRE_EQUAL(a.successors.size(), b.successors.size());
  for (std::size_t i = 0; i < a.successors.size(); ++i) {
    BOOST_CHECK_EQUAL(a.successors[i].item, b.successors[i].item);
    BOOST_CHECK_EQUAL(a.successors[i].score, b.successors[i].score);
  }
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(kept_transitions, cached_transitions)

BOOST_AUTO_TEST_CASE(the_cached_counts_equal_the_parsed_ones) {
  const auto parsed = load();
  BOOST_REQUIRE(fs::exists(kept));
  check_same(test::need(read_kept_transitions(kept, *stamp_of(source), items)), parsed);
  check_same(load(), parsed);
}

BOOST_AUTO_TEST_CASE(cached_counts_are_used) {
  keep_another();
  BOOST_TEST(is_another(load()));
}

BOOST_AUTO_TEST_CASE(a_changed_file_is_parsed_again) {
  keep_another();
  const auto time = fs::last_write_time(source); // same size, and the old time; the ctime differs
  put(source, "item_id,next_item_id,weight\nc,a,0.7\n\"b,1\",a,1\nc,\"b,1\",2.5\n");
  fs::last_write_time(source, time);
  BOOST_TEST(!is_another(load()));
  const auto refused = read_kept_transitions(kept, file_stamp(), items);
  BOOST_REQUIRE(!refused);
  BOOST_CHECK_EQUAL(refused.error().message, kept.string() + ": the source file has changed");
}

BOOST_AUTO_TEST_CASE(another_catalogue_parses_the_file_again) {
  for (const auto& other :
       {catalogue({"b,1", "a", "c"}), catalogue({"a", "b,1", "c", "d"}), catalogue({"ab,1", "", "c"})}) {
    keep_another();
    const auto refused = read_kept_transitions(kept, *stamp_of(source), other);
    BOOST_REQUIRE(!refused);
    BOOST_CHECK_EQUAL(refused.error().message, kept.string() + ": the catalogue has changed");
    const auto counts = load_by(other);
    BOOST_CHECK_EQUAL(counts.items(), other.size());
    check_same(test::need(read_kept_transitions(kept, *stamp_of(source), other)), counts);
  }
}

BOOST_AUTO_TEST_CASE(any_damage_is_detected_and_repaired) {
  const auto parsed = load();
  const auto whole = test::bytes_of(kept);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    put(kept, damaged);
    BOOST_TEST_REQUIRE(!read_kept_transitions(kept, *stamp_of(source), items), "byte " << at);
    put(kept, whole.substr(0, at));
    BOOST_TEST_REQUIRE(!read_kept_transitions(kept, *stamp_of(source), items), "cut at " << at);
  }
  check_same(load(), parsed); // replaces the damaged file
  BOOST_TEST(test::bytes_of(kept) == whole);
}

BOOST_AUTO_TEST_CASE(lists_that_are_none_are_refused_though_their_checksum_matches) {
  for (const transition_counts& wrong :
       {transition_counts{{0, 1, 1, 1}, {{3, 1.0f}}}, transition_counts{{0, 2, 1, 1}, {{1, 1.0f}}},
        transition_counts{{0, 0, 0, 0}, {{1, 1.0f}}}}) {
    test::need(keep_transitions(kept, *stamp_of(source), items, wrong).map([] { return true; }));
    BOOST_TEST(!read_kept_transitions(kept, *stamp_of(source), items));
  }
}

BOOST_AUTO_TEST_CASE(an_invalid_file_is_refused_and_not_cached) {
  put(source, "item_id,next_item_id,weight\na,c,0\n");
  BOOST_TEST(!load_counts(table_cache(dir.path() / "cache", {}, {}), source, items));
  BOOST_TEST(!fs::exists(kept));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
