#include "http/percent_decoding.hpp"

#include "config/text/ascii.hpp"
#include "http/text.hpp"

#include <algorithm>

namespace winnow::http {

bool percent_decode(std::string_view text, bool plus_is_space, std::string& decoded) {
  decoded.clear();
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0 || high + low == 0)
        return false;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return true;
}

bool split_path(std::string_view path, std::vector<std::string>& segments) {
  segments.clear();
  segments.reserve(static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) + 1);
  std::size_t start = 1;
  while (true) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    segments.emplace_back();
    if (!percent_decode(path.substr(start, end - start), false, segments.back()))
      return false;
    if (end == path.size())
      return true;
    start = end + 1;
  }
}

bool split_query(std::string_view query, name_values& pairs) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (part.empty())
      continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    auto& [name, value] = pairs.emplace_back();
    if (!percent_decode(part.substr(0, equals), true, name))
      return false;
    if (equals < part.size() && !percent_decode(part.substr(equals + 1), true, value))
      return false;
  }
  return true;
}

} // namespace winnow::http
