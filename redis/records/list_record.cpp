#include "redis/records/list_record.hpp"

#include <array>

namespace winnow {

namespace {

constexpr std::size_t number_bytes = 8;

void append(std::string& bytes, std::uint64_t number) {
  for (std::size_t i = 0; i < number_bytes; ++i, number >>= 8U)
    bytes.push_back(static_cast<char>(number & 0xFFU));
}

/// @param bytes At least `number_bytes`.
std::uint64_t number_in(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < number_bytes; ++i)
    number |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << 8U * i;
  return number;
}

} // namespace

std::string to_bytes(const list_record& record) {
  std::string bytes;
  for (const auto number : {record.profile, record.basis, record.list})
    append(bytes, number);
  return bytes;
}

std::optional<list_record> parse_list_record(std::string_view bytes) {
  std::array<std::uint64_t, 3> numbers{};
  if (bytes.size() != numbers.size() * number_bytes)
    return std::nullopt;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    numbers[i] = number_in(bytes.substr(i * number_bytes));
  return list_record{numbers[0], numbers[1], numbers[2]};
}

std::string to_result_record(std::uint64_t profile) {
  std::string bytes;
  append(bytes, profile);
  return bytes;
}

std::optional<std::uint64_t> parse_result_record(std::string_view bytes) {
  if (bytes.size() != number_bytes)
    return std::nullopt;
  return number_in(bytes);
}

} // namespace winnow
