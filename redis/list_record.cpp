#include "redis/list_record.hpp"

#include <array>

namespace winnow {

namespace {

constexpr std::size_t number_bytes = 8;

} // namespace

std::string to_bytes(const list_record& record) {
  std::string bytes;
  for (auto number : {record.profile, record.basis, record.list})
    for (std::size_t i = 0; i < number_bytes; ++i, number >>= 8U)
      bytes.push_back(static_cast<char>(number & 0xFFU));
  return bytes;
}

std::optional<list_record> parse_list_record(std::string_view bytes) {
  std::array<std::uint64_t, 3> numbers{};
  if (bytes.size() != numbers.size() * number_bytes)
    return std::nullopt;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    numbers[i / number_bytes] |= std::uint64_t{static_cast<unsigned char>(bytes[i])}
                                 << 8U * (i % number_bytes);
  return list_record{numbers[0], numbers[1], numbers[2]};
}

} // namespace winnow
