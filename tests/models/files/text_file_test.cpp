#include "models/files/text_file.hpp"

#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <zlib.h>

namespace winnow {

namespace {

/// The text as one member of a gzip file.
std::string packed(const std::string& text) {
  const test::temporary_file made("");
  auto* file = gzopen(made.path().c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  return test::bytes_of(made.path());
}

/// What is read from a file in pieces of this size, or the error without the file's name.
std::string read_all(const std::string& content, std::size_t piece = 100'000) {
  const test::temporary_file made(content);
  auto file = test::need(text_file::open(made.path(), text_file::packing::gzip_too));
  std::string all;
  std::string room(piece, '\0');
  for (;;) {
    const auto got = file.read(room.data(), piece);
    if (!got) {
      BOOST_TEST((got.error().cause == fault::malformed));
      return got.error().message.substr(made.path().string().size());
    }
    if (*got == 0)
      return all;
    all += room.substr(0, *got);
  }
}

/// Text that does not become much shorter when it is packed.
std::string long_text() {
  std::string text;
  for (unsigned i = 0; i < 200'000; ++i)
    text += std::to_string(i * 2654435761U) + "\n";
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(text_file_suite)

BOOST_AUTO_TEST_CASE(reads_files_that_are_not_packed_as_they_are) {
  const auto text = long_text();
  BOOST_TEST((read_all(text) == text));
  BOOST_TEST((read_all(text, 7) == text));
  for (const std::string tiny : {"", "a", "\x1F", "\x1Fx", "ab"})
    BOOST_TEST(read_all(tiny) == tiny);
}

BOOST_AUTO_TEST_CASE(reads_gzip_members_one_after_the_other) {
  const auto text = long_text();
  BOOST_TEST((read_all(packed(text)) == text));
  BOOST_TEST((read_all(packed(text) + packed("") + packed("end"), 999) == text + "end"));
  BOOST_TEST(read_all(packed("")) == "");
}

BOOST_AUTO_TEST_CASE(leaves_out_zeros_behind_gzip_data) {
  BOOST_TEST(read_all(packed("a,b\n") + std::string(10'000, '\0')) == "a,b\n");
}

BOOST_AUTO_TEST_CASE(refuses_other_bytes_behind_gzip_data) {
  const std::string wanted = " bytes behind the gzip data, expected its end or more gzip data";
  BOOST_TEST(read_all(packed("a,b\n") + "c,d\n") == ": 4" + wanted);
  BOOST_TEST(read_all(packed("a,b\n") + "\x1F") == ": 1" + wanted);
  BOOST_TEST(read_all(packed("a,b\n") + std::string(512, '\0') + "c") == ": 513" + wanted);
  const auto text = long_text();
  BOOST_TEST(read_all(packed(text) + text) == ": " + std::to_string(text.size()) + wanted);
}

BOOST_AUTO_TEST_CASE(refuses_damaged_gzip_data) {
  const auto whole = packed(long_text());
  for (const auto size : {std::size_t{2}, std::size_t{12}, whole.size() / 2, whole.size() - 1})
    BOOST_TEST(read_all(whole.substr(0, size)) == ": damaged gzip: unexpected end of file");
  auto flipped = whole;
  flipped[whole.size() - 6] ^= 0x55; // of the checksum
  BOOST_TEST(read_all(flipped) == ": damaged gzip: incorrect data check");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
