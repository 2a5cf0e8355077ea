#pragma once

// Functions that make the entries of the setting table whose values are hosts and addresses. Included only by
// the parts of the table.

#include "config/settings/table/setting_kinds.hpp"
#include "config/settings/values/host_name.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow::setting_kinds {

/// The name or the address of a host.
template<class Field>
setting host(const description& about, Field field) {
  auto made = without_blanks(text(about, field));
  made.assign = [=](settings_draft& draft, std::string_view from) -> std::optional<std::string> {
    auto name = parse_host_name(from);
    if (!name)
      return name.error().message;
    field(draft) = std::move(*name);
    return std::nullopt;
  };
  return made;
}

/// The same, or an empty text.
template<class Field>
setting optional_host(const description& about, Field field) {
  auto made = host(about, field);
  made.empty_is_value = true;
  made.assign = [=, assign = made.assign](settings_draft& draft, std::string_view from) {
    if (!from.empty())
      return assign(draft, from);
    field(draft).clear();
    return std::optional<std::string>();
  };
  return made;
}

/// The store's whole address. Errors come from `parse_store_address`, which never shows a password.
inline setting store(const description& about) {
  auto made = described(about, std::string(store_address_forms));
  made.assign = [](settings_draft& draft, std::string_view from) -> std::optional<std::string> {
    auto address = parse_store_address(from);
    if (!address)
      return address.error().message;
    draft.store = std::move(*address);
    return std::nullopt;
  };
  made.print = [](const settings_draft& draft) { return to_string(address_of_store(draft)); };
  return made;
}

/// The sentinels of Redis. Any make the store theirs.
inline setting sentinels(const description& about) {
  auto made = without_blanks(described(about, "host[:port][,…]"));
  made.empty_is_value = true;
  made.assign = [](settings_draft& draft, std::string_view from) -> std::optional<std::string> {
    auto& address = draft.values.store.address;
    std::vector<store_place> places;
    if (!from.empty()) {
      auto read = parse_store_places(from, default_sentinel_port);
      if (!read)
        return read.error().message;
      places = std::move(*read);
    }
    address.transport = places.empty() ? store_address::kind::tcp : store_address::kind::sentinel;
    address.sentinels = std::move(places);
    return std::nullopt;
  };
  made.print = [](const settings_draft& draft) { return to_string(draft.values.store.address.sentinels); };
  return made;
}

/// The admin endpoint's address. Also records that it was set.
inline setting admin(const description& about) {
  auto made =
      without_blanks(described(about, "host:port, [address]:port, https://host:port, unix:/path or off"));
  made.assign = [](settings_draft& draft, std::string_view from) -> std::optional<std::string> {
    auto address = parse_admin_address(from);
    if (!address)
      return address.error().message;
    draft.values.admin.address = std::move(*address);
    draft.values.admin.asked_for = true;
    return std::nullopt;
  };
  made.print = [](const settings_draft& draft) { return to_string(draft.values.admin.address); };
  return made;
}

} // namespace winnow::setting_kinds
