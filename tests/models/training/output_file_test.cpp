#include "models/files/output_file.hpp"

#include "files.hpp"
#include "models/catalogue/float_table.hpp"
#include "models/training/table_writer.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <csignal>
#include <cstring>
#include <limits>
#include <set>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace winnow {

namespace {

namespace fs = std::filesystem;

std::set<std::string> names_in(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory))
    names.insert(entry.path().filename());
  return names;
}

id_table table_of(const std::vector<std::string>& ids) {
  id_table table;
  for (const auto& id : ids)
    table.insert(id);
  return table;
}

} // namespace

BOOST_AUTO_TEST_SUITE(output_file_suite)

BOOST_AUTO_TEST_CASE(a_fifo_in_the_place_of_the_draft_is_named) {
  const test::temp_dir dir;
  BOOST_REQUIRE_EQUAL(::mkfifo((dir.path() + "/data.part").c_str(), 0600), 0);
  const auto refused = output_file::create(dir.path() + "/data");
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().message == dir.path() + "/data.part: expected a regular file, got a FIFO");
}

BOOST_AUTO_TEST_CASE(a_file_gets_its_name_only_when_complete) {
  const test::temp_dir dir;
  const auto path = test::put(dir, "data", "the old one");
  auto file = test::need(output_file::create(path));
  BOOST_REQUIRE(file.write("half "));
  BOOST_CHECK_EQUAL(test::bytes_of(path), "the old one");
  BOOST_REQUIRE(file.write(std::string("\0of it", 6)));
  BOOST_REQUIRE(file.close());
  BOOST_CHECK(test::bytes_of(path) == std::string("half \0of it", 11));
  BOOST_CHECK(names_in(dir.path()) == std::set<std::string>{"data"});
}

BOOST_AUTO_TEST_CASE(an_unclosed_file_leaves_nothing) {
  const test::temp_dir dir;
  const auto path = test::put(dir, "data", "the old one");
  {
    auto file = test::need(output_file::create(path));
    BOOST_REQUIRE(file.write("half"));
    auto moved = std::move(file);
    BOOST_REQUIRE(moved.write("more"));
  }
  BOOST_CHECK_EQUAL(test::bytes_of(path), "the old one");
  BOOST_CHECK(names_in(dir.path()) == std::set<std::string>{"data"});
}

BOOST_AUTO_TEST_CASE(creates_the_parent_folders) {
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "a/b/data";
  BOOST_REQUIRE(write_file(path, "text"));
  BOOST_CHECK_EQUAL(test::bytes_of(path), "text");
}

BOOST_AUTO_TEST_CASE(names_the_file_that_cannot_be_created) {
  const test::temp_dir dir;
  const auto below_a_file = test::put(dir, "file", "") / "data";
  const auto made = write_file(below_a_file, "text");
  BOOST_REQUIRE(!made);
  BOOST_CHECK(made.error().cause == fault::io_error);
  BOOST_CHECK_EQUAL(made.error().message, below_a_file.string() + ": cannot create: Not a directory");
}

BOOST_AUTO_TEST_CASE(names_the_file_that_cannot_be_renamed) {
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "data";
  fs::create_directory(path);
  const auto made = write_file(path, "text");
  BOOST_REQUIRE(!made);
  BOOST_CHECK_EQUAL(made.error().message, path.string() + ": cannot rename: Is a directory");
  BOOST_CHECK(names_in(dir.path()) == std::set<std::string>{"data"});
}

BOOST_AUTO_TEST_CASE(reports_a_full_disk) {
  if (!fs::exists("/dev/full"))
    return;
  // The draft is `<name>.part`; link it to the full device.
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "data";
  fs::create_symlink("/dev/full", path.string() + ".part");
  const auto made = write_file(path, "text");
  BOOST_REQUIRE(!made);
  BOOST_CHECK_EQUAL(made.error().message, path.string() + ": cannot write: No space left on device");
  BOOST_CHECK(names_in(dir.path()).empty());
}

BOOST_AUTO_TEST_CASE(drafts_of_several_writers_have_different_names) {
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "data";
  auto own = test::need(output_file::create(path, for_cache));
  auto usual = test::need(output_file::create(path));
  BOOST_CHECK(names_in(dir.path()) ==
              (std::set<std::string>{"data." + std::to_string(::getpid()), "data.part"}));
  BOOST_REQUIRE(own.write("own") && own.close());
  BOOST_CHECK_EQUAL(test::bytes_of(path), "own");
  BOOST_REQUIRE(usual.write("usual") && usual.close());
  BOOST_CHECK_EQUAL(test::bytes_of(path), "usual");
  BOOST_CHECK(names_in(dir.path()) == std::set<std::string>{"data"});
}

BOOST_AUTO_TEST_CASE(a_draft_is_removed_once_its_writer_was_killed) {
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "data";
  int ready[2];
  BOOST_REQUIRE_EQUAL(::pipe(ready), 0);
  const pid_t writer = ::fork();
  if (writer == 0) {
    const auto draft = output_file::create(path, for_cache);
    static_cast<void>(::write(ready[1], draft ? "y" : "n", 1) + ::pause());
    ::_exit(1);
  }
  char answer = 'n';
  BOOST_REQUIRE(::read(ready[0], &answer, 1) == 1 && answer == 'y');
  const auto draft = "data." + std::to_string(writer);
  BOOST_REQUIRE(write_file(path, "ours", for_cache));
  BOOST_CHECK(names_in(dir.path()) == (std::set<std::string>{"data", draft}));

  ::kill(writer, SIGKILL);
  BOOST_REQUIRE_EQUAL(::waitpid(writer, nullptr, 0), writer);
  BOOST_REQUIRE(write_file(path, "ours", for_cache));
  BOOST_CHECK(names_in(dir.path()) == std::set<std::string>{"data"});
  ::close(ready[0]);
  ::close(ready[1]);
}

BOOST_AUTO_TEST_CASE(only_drafts_of_the_same_file_are_removed) {
  const test::temp_dir dir;
  for (const char* name : {"data.1", "data.99999999", "data.part", "data.", "data.1x", "data1", "other.1"})
    test::put(dir, name, "");
  BOOST_REQUIRE(write_file(fs::path(dir.path()) / "data", "text", for_cache));
  BOOST_CHECK(names_in(dir.path()) ==
              (std::set<std::string>{"data", "data.part", "data.", "data.1x", "data1", "other.1"}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(table_writer_suite)

BOOST_AUTO_TEST_CASE(each_float_reads_back_bit_for_bit) {
  using limits = std::numeric_limits<float>;
  std::vector<float> values = {0.0f,
                               -0.0f,
                               0.1f,
                               -1.0f / 3,
                               1e-45f,
                               limits::denorm_min(),
                               limits::min(),
                               limits::max(),
                               limits::lowest(),
                               limits::epsilon(),
                               16777216.0f,
                               3.4e38f,
                               1e20f,
                               123456.789f};
  std::uint32_t bits = 1;
  while (values.size() < 10'000) {
    bits = bits * 1664525U + 1013904223U;
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (std::isfinite(value))
      values.push_back(value);
  }
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < values.size() / 2; ++i)
    ids.push_back("i" + std::to_string(i));
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "table.csv";
  const table_part part{{"a", "b"}, values.data(), 2};
  BOOST_REQUIRE(write_table(path, "item_id", table_of(ids), {&part, 1}));
  auto reader = test::need(float_table_reader::open(path));
  float read[2];
  for (std::size_t row = 0; row < ids.size(); ++row) {
    BOOST_REQUIRE(test::need(reader.next(read)));
    BOOST_REQUIRE_EQUAL(reader.id(), ids[row]);
    BOOST_REQUIRE(std::memcmp(read, values.data() + 2 * row, sizeof read) == 0);
  }
  BOOST_CHECK(!test::need(reader.next(read)));
}

BOOST_AUTO_TEST_CASE(quotes_fields_that_would_break_a_row) {
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "table.csv";
  const std::vector<std::string> ids = {"plain",   "0764227971", "a,b", "say \"it\"",
                                        " blank ", "two\nlines", "é/:"};
  const std::vector<float> values = {1, 2, 3, 4, 5, 6, 7};
  const table_part part{{"genre=a,b"}, values.data(), 1};
  BOOST_REQUIRE(write_table(path, "item_id", table_of(ids), {&part, 1}));
  BOOST_CHECK_EQUAL(test::bytes_of(path).substr(0, 41), "item_id,\"genre=a,b\"\nplain,1\n0764227971,2\n");
  auto reader = test::need(float_table_reader::open(path));
  BOOST_CHECK(reader.columns() == std::vector<std::string>{"genre=a,b"});
  float read[1];
  for (const auto& id : ids) {
    BOOST_REQUIRE(test::need(reader.next(read)));
    BOOST_CHECK_EQUAL(reader.id(), id);
  }
}

BOOST_AUTO_TEST_CASE(ids_that_end_like_numbers_of_pandas_are_read_back_as_they_were) {
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "table.csv";
  const std::vector<std::string> ids = {"1.0", "2.0"};
  const std::vector<float> values = {1, 2};
  const table_part part{{"a"}, values.data(), 1};
  BOOST_REQUIRE(write_table(path, "item_id", table_of(ids), {&part, 1}));
  const auto read = test::need(load_float_table(path));
  BOOST_CHECK_EQUAL(read.ids[0], "1.0");
  BOOST_CHECK_EQUAL(read.ids[1], "2.0");
}

BOOST_AUTO_TEST_CASE(writes_parts_side_by_side) {
  const test::temp_dir dir;
  const auto path = fs::path(dir.path()) / "table.csv";
  const std::vector<float> left = {1, 2, -9, 3, 4, -9}, right = {0.5f, 0.25f};
  const table_part parts[] = {
      {numbered("l_", 2), left.data(), 3}, {{}, nullptr, 0}, {{"r"}, right.data(), 1}};
  BOOST_REQUIRE(write_table(path, "id", table_of({"x", "y"}), parts));
  BOOST_CHECK_EQUAL(test::bytes_of(path), "id,l_0,l_1,r\nx,1,2,0.5\ny,3,4,0.25\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
