#include "models/files/sealed_file.hpp"

#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sys/stat.h>

namespace winnow {

namespace {

namespace fs = std::filesystem;

struct sealed_fixture {
  test::temporary_directory dir;
  fs::path path = dir.path() / "sealed";

  sealed_file sealed(const std::vector<std::string_view>& parts) const {
    test::need(write_sealed(path, parts).map([] { return true; }));
    return test::need(sealed_file::open(path));
  }

  void put(const std::string& content) const {
    fs::remove(path); // the file is read-only, and mapped
    std::ofstream(path, std::ios::binary) << content;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sealed_file_suite, sealed_fixture)

BOOST_AUTO_TEST_CASE(gives_the_parts_one_after_the_other) {
  const auto file = sealed({"one", "", "two"});
  BOOST_TEST(file.body() == "onetwo");
  BOOST_TEST(file.is_whole());
  BOOST_TEST(file.seems_whole());
  BOOST_TEST(sealed({}).body() == "");
}

BOOST_AUTO_TEST_CASE(any_damage_to_a_small_file_is_found) {
  sealed({"some", "text"});
  const auto whole = test::bytes_of(path);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    put(damaged);
    const auto file = sealed_file::open(path);
    BOOST_TEST_REQUIRE(!(file && file->seems_whole()), "byte " << at);
    put(whole.substr(0, at));
    BOOST_TEST_REQUIRE(!sealed_file::open(path), "cut at " << at);
  }
  put(whole + "x");
  BOOST_TEST(!sealed_file::open(path));
}

BOOST_AUTO_TEST_CASE(blocks_are_checked_each_and_across_parts) {
  constexpr std::size_t megabyte = 1 << 20;
  const std::string first(megabyte - 5, 'a'), second(2 * megabyte + 17, 'b');
  const auto file = sealed({first, second});
  BOOST_TEST(file.is_whole());
  for (const auto at : {std::size_t{0}, megabyte - 1, megabyte, 3 * megabyte + 11}) {
    auto content = test::bytes_of(path);
    content[at] = 'c';
    put(content);
    BOOST_TEST(!test::need(sealed_file::open(path)).is_whole());
    sealed({first, second});
  }
}

BOOST_AUTO_TEST_CASE(only_regular_files_are_mapped) {
  const auto missing = sealed_file::open(path);
  BOOST_REQUIRE(!missing);
  BOOST_CHECK(missing.error().cause == fault::not_found);
  BOOST_REQUIRE_EQUAL(::mkfifo(path.c_str(), 0600), 0);
  const auto fifo = sealed_file::open(path);
  BOOST_REQUIRE(!fifo);
  BOOST_CHECK(fifo.error().cause == fault::io_error);
  put("");
  BOOST_TEST(!sealed_file::open(path));
  BOOST_TEST(test::need(mapped_file::open(path))->content().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
