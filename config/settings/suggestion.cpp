#include "config/settings/suggestion.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace winnow {

namespace {

// Returns how many characters must be inserted, removed or replaced to turn `from` into `to`.
std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

} // namespace

std::string suggestion(std::string_view given, const std::vector<std::string>& known) {
  constexpr std::size_t longest = 64; // no known name is as long; bounds the cost of a hostile name
  if (given.size() > longest)
    return {};
  std::size_t best = 4;
  const std::string* nearest = nullptr;
  for (const auto& name : known) {
    const auto distance = edit_distance(given, name);
    if (distance < best) {
      best = distance;
      nearest = &name;
    }
  }
  return nearest == nullptr ? std::string() : "; did you mean " + *nearest + "?";
}

} // namespace winnow
