#include "redis/embedded/record.hpp"

#include <zlib.h>

namespace winnow {

namespace {

constexpr std::size_t number_bytes = 4;
constexpr std::size_t head_bytes = 2 * number_bytes;       // size and checksum
constexpr std::size_t least_body_bytes = 1 + number_bytes; // kind and size of the key

void put_number(std::string& to, std::size_t at, std::uint32_t number) {
  for (std::size_t i = 0; i < number_bytes; ++i)
    to[at + i] = static_cast<char>((number >> (8 * i)) & 0xff);
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < number_bytes; ++i)
    number |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  return number;
}

std::uint32_t checksum(std::string_view bytes) {
  const auto sum = crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
  return static_cast<std::uint32_t>(sum);
}

} // namespace

void append_record(std::string& to, const store_record& record) {
  const std::size_t start = to.size();
  const std::size_t body = least_body_bytes + record.key.size() + record.value.size();
  to.resize(start + head_bytes + least_body_bytes);
  put_number(to, start, static_cast<std::uint32_t>(body));
  to[start + head_bytes] = static_cast<char>(record.what);
  put_number(to, start + head_bytes + 1, static_cast<std::uint32_t>(record.key.size()));
  to.append(record.key).append(record.value);
  put_number(to, start + number_bytes, checksum(std::string_view(to).substr(start + head_bytes)));
}

std::size_t read_record(std::string_view bytes, store_record& into) {
  if (bytes.size() < head_bytes + least_body_bytes)
    return 0;
  const std::size_t size = number_at(bytes, 0);
  if (size < least_body_bytes || size > bytes.size() - head_bytes)
    return 0;
  const auto body = bytes.substr(head_bytes, size);
  const std::size_t key_size = number_at(body, 1);
  const auto kind = static_cast<unsigned char>(body[0]);
  if (key_size > size - least_body_bytes || kind < 1 || kind > 3 ||
      checksum(body) != number_at(bytes, number_bytes)) // the last, as it reads everything
    return 0;
  into.what = static_cast<store_record::kind>(kind);
  into.key = body.substr(least_body_bytes, key_size);
  into.value = body.substr(least_body_bytes + key_size);
  return head_bytes + size;
}

std::size_t bytes_before_record(std::string_view bytes) {
  // Damaged bytes may announce any length. The longest values have 16 MiB.
  constexpr std::size_t longest = std::size_t{32} << 20U;
  store_record found;
  for (std::size_t at = 1; at < bytes.size(); ++at)
    if (read_record(bytes.substr(at, longest), found) > 0)
      return at;
  return bytes.size();
}

} // namespace winnow
