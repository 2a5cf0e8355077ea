#include "models/files/part_files.hpp"

#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace winnow {

namespace {

namespace fs = std::filesystem;

} // namespace

BOOST_AUTO_TEST_SUITE(part_files)

BOOST_AUTO_TEST_CASE(names_what_is_left_out_beside_the_parts) {
  const test::temporary_directory made;
  const auto dir = fs::path(made.path());
  fs::create_directories(dir / "day=1");
  fs::create_directories(dir / "older");
  for (const auto* name : {"part-00000.csv", "_SUCCESS", ".part-00000.csv.crc", "day=1/part-00000.csv"})
    std::ofstream(dir / name) << "x";
  BOOST_TEST(test::need(part_files_of(dir)).size() == 2U);
  BOOST_TEST(left_out_beside_parts(dir) == std::vector<std::string>{"older"},
             boost::test_tools::per_element());
  std::ofstream(dir / "day=1/data.csv") << "x";
  const std::vector<std::string> both{"data.csv", "older"};
  BOOST_TEST(left_out_beside_parts(dir) == both, boost::test_tools::per_element());
  BOOST_TEST(left_out_beside_parts(dir / "part-00000.csv").empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
