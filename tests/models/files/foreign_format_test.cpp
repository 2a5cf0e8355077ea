#include "models/files/foreign_format.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

namespace winnow {

namespace {

std::string random_bytes(std::size_t count, int least) {
  std::mt19937 random(5);
  std::uniform_int_distribution<int> byte(least, 255);
  std::string bytes(count, '\0');
  for (auto& one : bytes)
    one = static_cast<char>(byte(random));
  return bytes;
}

} // namespace

using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(foreign_format_suite)

BOOST_AUTO_TEST_CASE(names_formats_by_their_first_bytes) {
  BOOST_TEST(foreign_format("PAR1" + random_bytes(5000, 0)) == "a Parquet file");
  BOOST_TEST(foreign_format("PAR1" + random_bytes(5000, 1)) == "a Parquet file");
  BOOST_TEST(foreign_format("ORC\x0A\x03\0\0"sv) == "an ORC file");
  BOOST_TEST(foreign_format("Obj\x01\x04\x14"sv) == "an Avro file");
  BOOST_TEST(foreign_format("\x93NUMPY\x01\0"sv) == "a NumPy file (NPY)");
  BOOST_TEST(foreign_format("PK\x03\x04\x14"sv) == "a zip archive");
  BOOST_TEST(foreign_format("\x1F\x8B\x08"sv) == "a gzip file");
  BOOST_TEST(foreign_format("\x28\xB5\x2F\xFD"sv) == "a zstd file");
  BOOST_TEST(foreign_format("SQLite format 3\0"sv) == "an SQLite database");
  BOOST_TEST(foreign_format("version https://git-lfs.github.com/spec/v1\noid").substr(0, 17) ==
             "a Git LFS pointer");
  BOOST_TEST(foreign_format("<!DOCTYPE html><html>") == "an HTML page");
}

BOOST_AUTO_TEST_CASE(names_the_models_of_other_programs) {
  BOOST_TEST(foreign_format("\x40\0\0\0\0\0\0\0{\"w\":{\"dtype\":\"F32\""sv) == "a safetensors file");
  BOOST_TEST(foreign_format("\x80\x04\0\0\0\0\0\0{\"w\":{"sv) == "a safetensors file"); // not a pickle
  BOOST_TEST(foreign_format("\x40\0\0\0\0\0\0\x01{\"w\""sv) != "a safetensors file");   // too long a header
  BOOST_TEST(foreign_format("abcdefgh{\"w\":1}\n") == "");
  BOOST_TEST(foreign_format("\x08\x07\x12\x07pytorch\x1A\x05"
                            "1.13.1"sv) == "an ONNX model");
  BOOST_TEST(foreign_format("\x08\x0A\x3A\x80\x02"sv) == "an ONNX model");
  BOOST_TEST(foreign_format("\x08\x01\x12\xA0\x1F"sv) == "a TensorFlow SavedModel");
  BOOST_TEST(foreign_format("\x89HDF\r\n\x1A\n\0"sv) == "an HDF5 file");
  BOOST_TEST(foreign_format("\x78\x9C\xED\x9D"sv) == "zlib data, as joblib writes");
}

BOOST_AUTO_TEST_CASE(names_wide_text_with_and_without_a_byte_order_mark) {
  BOOST_TEST(foreign_format("\xFF\xFEu\0s\0"sv) == "text in UTF-16, expected UTF-8");
  BOOST_TEST(foreign_format("\xFE\xFF\0u\0s"sv) == "text in UTF-16, expected UTF-8");
  BOOST_TEST(foreign_format("u\0s\0e\0r\0,\0"sv) == "text in UTF-16, expected UTF-8");
  BOOST_TEST(foreign_format("\0u\0s\0e\0r\0,"sv) == "text in UTF-16, expected UTF-8");
}

BOOST_AUTO_TEST_CASE(tells_noise_from_text) {
  BOOST_TEST(foreign_format("a,b\n1,\0\n"sv) == ""); // readers of text name its place
  BOOST_TEST(foreign_format(random_bytes(5000, 1)) == "binary data");
  BOOST_TEST(foreign_format("") == "");
  BOOST_TEST(foreign_format("user_id,item_id\nanna,\xC3\xBC\r\n") == "");
  BOOST_TEST(foreign_format("ORCHID,item_id\n1,2\n") == "");
  BOOST_TEST(foreign_format("PAR1,item_id\n1,2\n") == "");
  BOOST_TEST(foreign_format("BZh,item_id\n1,2\n") == "");
}

BOOST_AUTO_TEST_CASE(tells_rows_from_json) {
  for (const auto* line : {R"({"user_id":1,"item_id":2})", "  { \"a\"", "{}", "{"})
    BOOST_TEST(is_json_line(line), line);
  for (const auto* line : {"", "user_id,item_id", "{x},y", "[1],2", "a,{\"b\":1}"})
    BOOST_TEST(!is_json_line(line), line);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
