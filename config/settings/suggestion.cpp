#include "config/settings/suggestion.hpp"

#include "config/text/ascii.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace winnow {

namespace {

constexpr std::size_t longest_name = 64;    // no known name is as long; bounds the cost of a hostile name
constexpr std::size_t largest_distance = 3; // at which names are still similar

// Returns how many characters must be inserted, removed, replaced or swapped with their neighbours to turn
// `from` into `to`.
std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before, above(to.size() + 1), row(to.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t changed = above[j - 1] + (lower(from[i - 1]) == lower(to[j - 1]) ? 0 : 1);
      row[j] = std::min({changed, above[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(above, row);
  }
  return above.back();
}

} // namespace

std::string suggestion(std::string_view given, const std::vector<std::string>& known) {
  if (given.size() > longest_name)
    return {};
  std::size_t best = largest_distance + 1;
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

bool is_one_letter_off(std::string_view one, std::string_view other) {
  return std::max(one.size(), other.size()) <= longest_name && edit_distance(one, other) <= 1;
}

bool is_near_miss(std::string_view given, std::string_view prefix, const std::vector<std::string>& known) {
  if (given.size() > longest_name || given.size() <= prefix.size())
    return false;
  constexpr std::size_t letters_per_mistake = 3;
  const auto letters = given.size() - prefix.size();
  const auto most = std::clamp(letters / letters_per_mistake, std::size_t{1}, largest_distance);
  return std::any_of(known.begin(), known.end(),
                     [&](const std::string& name) { return edit_distance(given, name) <= most; });
}

} // namespace winnow
