#include "models/files/foreign_format.hpp"

#include "config/text/text_encoding.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace winnow {

namespace {

using namespace std::string_view_literals;

struct format {
  std::string_view magic;
  std::string_view name;
};

bool is_control(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value == 0x7F || (value < 0x20 && value != '\t' && value != '\n' && value != '\r');
}

/// A table may begin with the same letters as a binary file.
bool is_text(std::string_view head) {
  return std::none_of(head.begin(), head.end(), is_control);
}

constexpr std::array formats = {
    format{"PAR1"sv, "a Parquet file"},
    format{"PARE"sv, "an encrypted Parquet file"},
    format{"ORC"sv, "an ORC file"},
    format{"Obj\x01"sv, "an Avro file"},
    format{"\x93NUMPY"sv, "a NumPy file (NPY)"},
    format{"ARROW1"sv, "an Arrow file"},
    format{"FEA1"sv, "a Feather file"},
    format{"\x89HDF\r\n\x1a\n"sv, "an HDF5 file"},
    format{"SQLite format 3\0"sv, "an SQLite database"},
    format{"PK\x03\x04"sv, "a zip archive"},
    format{"PK\x05\x06"sv, "an empty zip archive"},
    format{"\x1f\x8b"sv, "a gzip file"},
    format{"\x28\xb5\x2f\xfd"sv, "a zstd file"},
    format{"\xfd\x37zXZ\0"sv, "an xz file"},
    format{"BZh91AY&SY"sv, "a bzip2 file"},
    format{"\x04\x22\x4d\x18"sv, "an lz4 file"},
    format{"\xff\x06\0\0sNaPpY"sv, "a Snappy file"},
    format{"\x78\x9c"sv, "zlib data, as joblib writes"},
    format{"\x78\xda"sv, "zlib data, as joblib writes"},
    format{"7z\xbc\xaf\x27\x1c"sv, "a 7z archive"},
    format{"\x80\x02"sv, "a pickle"},
    format{"\x80\x03"sv, "a pickle"},
    format{"\x80\x04"sv, "a pickle"},
    format{"\x80\x05"sv, "a pickle"},
    format{"\x08\x01\x12"sv, "a TensorFlow SavedModel"},
    format{"\xd0\xcf\x11\xe0"sv, "an old Excel file"},
    format{"%PDF-"sv, "a PDF file"},
    format{"\x7f\x45LF"sv, "a program"},
    format{"\xff\xfe\0\0"sv, "text in UTF-32, expected UTF-8"},
    format{"\0\0\xfe\xff"sv, "text in UTF-32, expected UTF-8"},
    format{"\xff\xfe"sv, "text in UTF-16, expected UTF-8"},
    format{"\xfe\xff"sv, "text in UTF-16, expected UTF-8"},
    format{"version https://git-lfs.github.com/spec/"sv,
           "a Git LFS pointer, which only names the file: fetch the file with `git lfs pull`"},
    format{"<!DOCTYPE"sv, "an HTML page"},
    format{"<!doctype"sv, "an HTML page"},
    format{"<html"sv, "an HTML page"},
};

/// Whether a magic could also be the beginning of a table's header.
bool is_short_word(std::string_view magic) {
  return magic.size() <= 6 && magic.front() != '<' &&
         std::all_of(magic.begin(), magic.end(), [](char c) { return c >= '0' && c <= 'Z'; });
}

/// Whether the bytes have too many control characters to be text in any encoding.
bool is_noise(std::string_view head) {
  return head.size() >= 64 &&
         static_cast<std::size_t>(std::count_if(head.begin(), head.end(), is_control)) * 20 > head.size();
}

/// Whether the file begins with the length of a JSON object, in eight bytes, and that object.
bool is_safetensors(std::string_view beginning) {
  constexpr std::size_t width = 8;
  constexpr std::uint64_t longest_header = 100'000'000; // the format's own limit
  if (beginning.size() <= width || beginning[width] != '{')
    return false;
  std::uint64_t length = 0;
  for (auto i = width; i-- > 0;)
    length = length << 8U | static_cast<unsigned char>(beginning[i]);
  return length >= 2 && length <= longest_header;
}

/// Whether the file is a protocol buffer whose field 1 is a version of ONNX and whose next field is another
/// one of its models: the producer, the graph, the sets of operators.
bool is_onnx(std::string_view beginning) {
  constexpr std::string_view next_fields = "\x12\x1A\x22\x28\x32\x3A\x42"sv;
  constexpr unsigned char oldest = 3, newest = 0x20; // the versions so far are 3 to 12
  return beginning.size() > 3 && beginning[0] == '\x08' &&
         static_cast<unsigned char>(beginning[1]) >= oldest &&
         static_cast<unsigned char>(beginning[1]) <= newest &&
         next_fields.find(beginning[2]) != std::string_view::npos;
}

} // namespace

std::string_view foreign_format(std::string_view beginning) {
  const auto head = beginning.substr(0, 4096);
  if (is_safetensors(beginning)) // before the others: it may begin with any two bytes
    return "a safetensors file";
  for (const auto& [magic, name] : formats)
    if (beginning.substr(0, magic.size()) == magic && (!is_short_word(magic) || !is_text(head)))
      return name;
  if (is_onnx(beginning))
    return "an ONNX model";
  constexpr std::size_t tar_magic_at = 257;
  if (beginning.size() > tar_magic_at + 5 && beginning.substr(tar_magic_at, 5) == "ustar"sv)
    return "a tar archive";
  if (is_utf16(head))
    return "text in UTF-16, expected UTF-8";
  return is_noise(head) ? "binary data"sv : std::string_view();
}

bool is_json_line(std::string_view line) {
  const auto brace = line.find_first_not_of(" \t");
  if (brace == std::string_view::npos || line[brace] != '{')
    return false;
  const auto next = line.find_first_not_of(" \t", brace + 1);
  return next == std::string_view::npos || line[next] == '"' || line[next] == '}';
}

} // namespace winnow
