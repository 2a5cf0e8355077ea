#pragma once

#include "config/settings/values/store_address.hpp"

#include <string>
#include <string_view>

/// Private to this folder: what the parts of a store's address are read with. Error messages quote no text
/// that may be a password.
namespace winnow::store_address_parts {

tl::unexpected<error> wrong(std::string_view part, std::string_view expected, std::string_view got);

result<void> read_database(std::string_view text, store_address& address);

/// Reads `name=value&…`, the text behind the `?`. Refuses parameters that this kind of address does not have.
result<void> read_store_parameters(std::string_view query, store_address& address);

} // namespace winnow::store_address_parts
