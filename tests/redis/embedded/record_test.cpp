#include "redis/embedded/record.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;

BOOST_AUTO_TEST_SUITE(store_records)

BOOST_AUTO_TEST_CASE(reads_what_was_appended) {
  const std::string key("k\0:ü", 5);
  const std::string value(70'000, '\xff');
  std::string bytes;
  append_record(bytes, {store_record::kind::set, key, value});
  append_record(bytes, {store_record::kind::erase, key, {}});
  append_record(bytes, {store_record::kind::end, "7", {}});
  std::string_view rest = bytes;
  store_record read;
  for (const auto expected : {store_record::kind::set, store_record::kind::erase, store_record::kind::end}) {
    const auto size = read_record(rest, read);
    BOOST_REQUIRE(size > 0);
    BOOST_CHECK(read.what == expected);
    BOOST_CHECK(read.key == (expected == store_record::kind::end ? "7" : key));
    BOOST_CHECK(read.value == (expected == store_record::kind::set ? value : ""));
    rest.remove_prefix(size);
  }
  BOOST_TEST(rest.empty());
}

BOOST_AUTO_TEST_CASE(every_changed_bit_and_every_cut_is_noticed) {
  std::string bytes;
  append_record(bytes, {store_record::kind::set, "user_profile:ann", "[\"a\"]"});
  store_record read;
  for (std::size_t size = 0; size < bytes.size(); ++size)
    BOOST_TEST(read_record(std::string_view(bytes).substr(0, size), read) == 0u);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    auto damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    BOOST_TEST(read_record(damaged, read) == 0u, bit);
  }
  BOOST_TEST(read_record(std::string(100, '\0'), read) == 0u);
  BOOST_TEST(read_record(std::string(100, '\xff'), read) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
