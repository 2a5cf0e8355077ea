#include "http/access/bearer.hpp"

#include "http/text.hpp"

#include <cstddef>

namespace winnow::http {

std::string_view bearer_token(std::string_view authorization) noexcept {
  constexpr std::string_view scheme = "Bearer ";
  return equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)
             ? trimmed(authorization.substr(scheme.size()))
             : std::string_view();
}

bool same_secret(std::string_view given, std::string_view secret) noexcept {
  std::size_t differs = given.size() ^ secret.size();
  for (std::size_t i = 0; i < given.size(); ++i)
    differs |=
        static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(i < secret.size() ? secret[i] : 0);
  return differs == 0;
}

} // namespace winnow::http
