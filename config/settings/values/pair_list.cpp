#include "config/settings/values/pair_list.hpp"

#include "config/text/percent_encoding.hpp"
#include "config/text/trimmed.hpp"

#include <algorithm>

namespace winnow {

namespace {

bool has_controls(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; });
}

} // namespace

std::optional<pair_list> parse_pairs(std::string_view text) {
  pair_list pairs;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto entry = trimmed(text.substr(0, comma), blanks_of_a_line);
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (entry.empty())
      continue;
    const auto equals = entry.find('=');
    if (equals == std::string_view::npos)
      return std::nullopt;
    auto key = percent_decode(trimmed(entry.substr(0, equals), blanks_of_a_line));
    auto value = percent_decode(trimmed(entry.substr(equals + 1), blanks_of_a_line));
    if (!key || !value || key->empty() || has_controls(*key) || has_controls(*value))
      return std::nullopt;
    pairs.emplace_back(*std::move(key), *std::move(value));
  }
  return pairs;
}

} // namespace winnow
