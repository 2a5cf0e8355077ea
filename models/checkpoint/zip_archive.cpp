// LibTorch's PyTorchStreamReader is not used here: it is built without CRC checks (a flipped bit in a weight
// would load silently), and it allocates memory according to sizes from the file. Archives of torch.save are
// so simple that reading the central directory strictly takes less code than guarding that reader.
#include "models/checkpoint/zip_archive.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <zlib.h>

namespace winnow {

namespace {

constexpr std::size_t end_record_size = 22;
constexpr std::size_t end_locator64_size = 20;
constexpr std::size_t end_record64_size = 56;
constexpr std::size_t central_header_size = 46;
constexpr std::size_t local_header_size = 30;

constexpr std::uint32_t end_signature = 0x06054b50;
constexpr std::uint32_t end_locator64_signature = 0x07064b50;
constexpr std::uint32_t end_record64_signature = 0x06064b50;
constexpr std::uint32_t central_signature = 0x02014b50;
constexpr std::uint32_t local_signature = 0x04034b50;

constexpr std::uint32_t in_zip64 = 0xFFFFFFFF; // marks a value that is in the zip64 field

/// A little-endian unsigned integer of `width` bytes; the caller has checked the bounds.
std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (auto i = width; i-- > 0;)
    value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::uint32_t u32(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint32_t>(number(bytes, at, 4));
}
std::uint16_t u16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(number(bytes, at, 2));
}
std::uint64_t u64(std::string_view bytes, std::size_t at) {
  return number(bytes, at, 8);
}

/// The location of the central directory.
struct directory {
  std::uint64_t count = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;
};

/// The fields of a central header that are needed to find a record.
struct central_header {
  std::string_view name;
  std::uint32_t crc = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0; // of the local header
};

/// A record with checked bounds, and the byte range that it occupies in the archive, including its local
/// header.
struct located_record {
  zip_record record;
  std::uint32_t crc = 0;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

tl::unexpected<error> broken(const std::string& what) {
  return fail(fault::malformed, "zip archive: " + what);
}

tl::unexpected<error> broken(std::string_view name, const std::string& what) {
  return fail(fault::malformed, "zip record " + std::string(name) + ": " + what);
}

/// Follows the zip64 locator and returns the directory; nullopt if there is no locator.
/// @param end_at Where the plain end record begins.
result<std::optional<directory>> find_directory64(std::string_view bytes, std::size_t end_at) {
  if (end_at < end_locator64_size || u32(bytes, end_at - end_locator64_size) != end_locator64_signature)
    return std::optional<directory>();
  const auto locator_at = end_at - end_locator64_size;
  const auto record_at = u64(bytes, locator_at + 8);
  // Strict on purpose: torch.save writes the record directly before its locator; anything between is damage.
  if (locator_at < end_record64_size || record_at != locator_at - end_record64_size ||
      u32(bytes, record_at) != end_record64_signature || u64(bytes, record_at + 4) != end_record64_size - 12)
    return broken("the zip64 end record is damaged");
  directory found;
  found.count = u64(bytes, record_at + 32);
  found.size = u64(bytes, record_at + 40);
  found.offset = u64(bytes, record_at + 48);
  if (found.offset > record_at || found.size != record_at - found.offset)
    return broken("the central directory is not where the zip64 end record says");
  return std::optional<directory>(found);
}

/// Where the end record begins: at the end, but for the comment that tools may add. nullopt if there is none.
std::optional<std::size_t> find_end(std::string_view bytes) {
  constexpr std::size_t longest_comment = 0xFFFF;
  for (std::size_t comment = 0; comment <= longest_comment && end_record_size + comment <= bytes.size();
       ++comment)
    if (const auto at = bytes.size() - end_record_size - comment;
        u32(bytes, at) == end_signature && u16(bytes, at + 20) == comment)
      return at;
  return std::nullopt;
}

result<directory> find_directory(std::string_view bytes) {
  const auto end = find_end(bytes);
  if (!end)
    return broken("no end record: the file is truncated or not a zip archive");
  const auto end_at = *end;
  auto found64 = find_directory64(bytes, end_at);
  if (!found64)
    return tl::unexpected(found64.error());
  if (*found64)
    return **found64;
  directory found;
  found.count = u16(bytes, end_at + 10);
  found.size = u32(bytes, end_at + 12);
  found.offset = u32(bytes, end_at + 16);
  if (found.offset > end_at || found.size != end_at - found.offset)
    return broken("the central directory is not where the end record says");
  return found;
}

/// Replaces sizes and offset that do not fit 32 bits with those of the zip64 extra field.
result<void> widen(central_header& header, std::string_view extra, std::uint64_t& stored_size) {
  if (header.size != in_zip64 && stored_size != in_zip64 && header.offset != in_zip64)
    return {};
  for (std::size_t at = 0; at + 4 <= extra.size();) {
    const auto length = u16(extra, at + 2);
    if (length > extra.size() - at - 4)
      break;
    if (u16(extra, at) == 1) {
      auto field = extra.substr(at + 4, length);
      for (auto* wide : {&header.size, &stored_size, &header.offset}) {
        if (*wide != in_zip64)
          continue;
        if (field.size() < 8)
          return broken(header.name, "its zip64 field is too short");
        *wide = u64(field, 0);
        field.remove_prefix(8);
      }
      return {};
    }
    at += 4U + length;
  }
  return broken(header.name, "its zip64 field is missing");
}

/// Reads the central header at the front of `rest` and moves `rest` past it.
result<central_header> next_central(std::string_view& rest) {
  if (rest.size() < central_header_size || u32(rest, 0) != central_signature)
    return broken("the central directory is damaged");
  const std::size_t name_length = u16(rest, 28);
  const std::size_t extra_length = u16(rest, 30);
  const std::size_t comment_length = u16(rest, 32);
  if (rest.size() - central_header_size < name_length + extra_length + comment_length)
    return broken("the central directory is truncated");
  central_header header;
  header.name = rest.substr(central_header_size, name_length);
  header.crc = u32(rest, 16);
  std::uint64_t stored_size = u32(rest, 20);
  header.size = u32(rest, 24);
  header.offset = u32(rest, 42);
  if ((u16(rest, 8) & 1U) != 0)
    return fail(fault::unsupported, "zip record " + std::string(header.name) + ": refused: it is encrypted");
  if (const auto method = u16(rest, 10); method != 0)
    return fail(fault::unsupported,
                "zip record " + std::string(header.name) + ": refused: compression method " +
                    std::to_string(method) +
                    ", expected 0 (stored) as torch.save writes; TorchScript archives are not read");
  if (auto widened = widen(header, rest.substr(central_header_size + name_length, extra_length), stored_size);
      !widened)
    return tl::unexpected(widened.error());
  if (stored_size != header.size)
    return broken(header.name, "its two sizes differ although it is stored");
  rest.remove_prefix(central_header_size + name_length + extra_length + comment_length);
  return header;
}

std::uint32_t crc_of(std::string_view content) {
  // crc32_z takes a size_t: one call, however large the record.
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()));
}

/// Finds the content after the local header.
/// @param bytes The archive up to the central directory.
result<located_record> locate(std::string_view bytes, const central_header& header) {
  if (header.offset > bytes.size() || bytes.size() - header.offset < local_header_size ||
      u32(bytes, header.offset) != local_signature)
    return broken(header.name, "its local header is not where the directory says");
  const auto local = bytes.substr(header.offset);
  const std::size_t name_length = u16(local, 26);
  const std::size_t content_at = local_header_size + name_length + u16(local, 28);
  if (content_at > local.size() || local.substr(local_header_size, name_length) != header.name)
    return broken(header.name, "its local header names another record");
  if (header.size > local.size() - content_at)
    return broken(header.name, "claims " + std::to_string(header.size) + " bytes, the file has " +
                                   std::to_string(local.size() - content_at));
  const auto content = local.substr(content_at, header.size);
  return located_record{
      {header.name, content}, header.crc, header.offset, header.offset + content_at + header.size};
}

result<std::vector<located_record>> locate_all(std::string_view bytes, const directory& where) {
  std::vector<located_record> located;
  auto rest = bytes.substr(where.offset, where.size);
  while (!rest.empty()) {
    const auto header = next_central(rest);
    if (!header)
      return tl::unexpected(header.error());
    auto record = locate(bytes.substr(0, where.offset), *header);
    if (!record)
      return tl::unexpected(record.error());
    located.push_back(*record);
  }
  if (located.size() != where.count)
    return broken("the end record counts " + std::to_string(where.count) + " records, the directory has " +
                  std::to_string(located.size()));
  return located;
}

result<void> check_apart(std::vector<located_record>& located) {
  std::sort(located.begin(), located.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
  for (std::size_t i = 1; i < located.size(); ++i)
    if (located[i].begin < located[i - 1].end)
      return broken(located[i].record.name, "overlaps " + std::string(located[i - 1].record.name));
  return {};
}

} // namespace

result<zip_archive> zip_archive::parse(std::string_view bytes) {
  const auto where = find_directory(bytes);
  if (!where)
    return tl::unexpected(where.error());
  auto located = locate_all(bytes, *where);
  if (!located)
    return tl::unexpected(located.error());
  // Done before the CRCs: if records shared their bytes, each could cost a pass over the whole file.
  if (auto apart = check_apart(*located); !apart)
    return tl::unexpected(apart.error());
  zip_archive archive;
  for (const auto& [record, crc, begin, end] : *located) {
    if (crc_of(record.content) != crc)
      return broken(record.name, "its content does not match its CRC-32: the file is damaged");
    archive.records_.push_back(record);
  }
  std::sort(archive.records_.begin(), archive.records_.end(),
            [](const zip_record& a, const zip_record& b) { return a.name < b.name; });
  const auto twice = std::adjacent_find(archive.records_.begin(), archive.records_.end(),
                                        [](const auto& a, const auto& b) { return a.name == b.name; });
  if (twice != archive.records_.end())
    return broken(twice->name, "occurs twice");
  return archive;
}

const zip_record* zip_archive::find(std::string_view name) const {
  const auto found = std::lower_bound(
      records_.begin(), records_.end(), name,
      [](const zip_record& record, std::string_view wanted) { return record.name < wanted; });
  return found != records_.end() && found->name == name ? &*found : nullptr;
}

} // namespace winnow
