#include "tools/winnow-bench/synthetic_catalogue.hpp"

#include <utility>

namespace winnow::bench {

namespace {

std::string letters(std::size_t count, random_source& random) {
  constexpr char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text.push_back(alphabet[random.below(36)]);
  return text;
}

/// Returns nine random digits and the check digit.
std::string isbn10(random_source& random) {
  auto digits = std::to_string(random.below(900'000'000));
  digits.insert(0, 9 - digits.size(), '0');
  unsigned sum = 0;
  for (unsigned i = 0; i < 9; ++i)
    sum += (i + 1) * static_cast<unsigned>(digits[i] - '0');
  digits.push_back(sum % 11 == 10 ? 'X' : static_cast<char>('0' + sum % 11));
  return digits;
}

} // namespace

id_table invent_item_ids(std::size_t count, random_source& random) {
  id_table ids;
  ids.reserve(count);
  while (ids.size() < count)
    ids.insert(random.below(5) == 0 ? "B00" + letters(7, random) : isbn10(random));
  return ids;
}

id_table invent_user_ids(std::size_t count, random_source& random) {
  id_table ids;
  ids.reserve(count);
  while (ids.size() < count)
    ids.insert("A" + letters(13, random));
  return ids;
}

} // namespace winnow::bench
