#pragma once

#include "config/settings/store_address.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

/// Private to this folder: what the parts of a store's address are read with. Error messages quote no text
/// that may be a password.
namespace winnow::store_address_parts {

tl::unexpected<error> wrong(std::string_view part, std::string_view expected, std::string_view got);

template<class Number>
bool read_number(std::string_view text, Number& number) {
  const auto* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  return failure == std::errc() && stop == end && !text.empty();
}

result<void> read_database(std::string_view text, store_address& address);

/// Reads `name=value&…`, the text behind the `?`. Refuses parameters that this kind of address does not have.
result<void> read_store_parameters(std::string_view query, store_address& address);

} // namespace winnow::store_address_parts
