#include "http/access/bearer.hpp"

#include "config/text/starts_with.hpp"
#include "http/text.hpp"

#include <algorithm>
#include <cstddef>

namespace winnow::http {

std::string_view bearer_token(std::string_view authorization) noexcept {
  constexpr std::string_view scheme = "Bearer ";
  return equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)
             ? trimmed(authorization.substr(scheme.size()))
             : std::string_view();
}

std::optional<std::string> without_access_token(std::string_view target) {
  constexpr std::string_view name = "access_token=";
  if (target.find(name) == std::string_view::npos)
    return std::nullopt;
  std::string masked;
  char separator = '\0'; // before the part: the path, or a parameter
  while (true) {
    const auto end = std::min(target.find_first_of("?&"), target.size());
    const auto part = target.substr(0, end);
    const bool is_token = separator != '\0' && starts_with(part, name);
    masked.append(is_token ? name : part).append(is_token ? "***" : "");
    if (end == target.size())
      return masked;
    separator = target[end];
    masked += separator;
    target.remove_prefix(end + 1);
  }
}

bool same_secret(std::string_view given, std::string_view secret) noexcept {
  std::size_t differs = given.size() ^ secret.size();
  for (std::size_t i = 0; i < given.size(); ++i)
    differs |=
        static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(i < secret.size() ? secret[i] : 0);
  return differs == 0;
}

} // namespace winnow::http
