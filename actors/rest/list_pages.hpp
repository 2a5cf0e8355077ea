#pragma once

#include "http/message.hpp"
#include "redis/profile_store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// Pages of stored lists. All pages that follow each other by their cursors are of one version of the list.
namespace winnow {

class withheld_items;

/// Which part of a stored list a client asks for.
struct list_page {
  std::size_t offset = 0;
  std::optional<std::size_t> limit;  ///< nullopt: up to the end.
  std::optional<std::uint64_t> list; ///< Digest of the list to which the cursor belongs; nullopt: any list.

  static constexpr std::size_t most = 100'000; ///< Of both numbers.
};

/// Reads the parameters `limit`, `offset` and `cursor` of GET /recommendations/{user_id}.
/// @return nullopt if there are none: the whole list is asked for, in the form of the service that Winnow
///   replaces. `invalid_argument` names the parameter.
result<std::optional<list_page>> read_list_page(const http::request& asked);

/// The answer to a request for a page: the items, their place, and the cursor of the next page, if it has an
/// item to show. 404 without a list; 410 if the list has changed since the cursor was given. Withheld items
/// are passed over; places and `total` are those of the list as it is stored, so that no item comes twice or
/// is missed when an item is withheld between two pages.
/// @param withheld Null: none.
http::response list_page_answer(std::string_view user_id, const store_value& stored, const list_page& page,
                                const withheld_items* withheld);

} // namespace winnow
