#include "config/settings/setting_origins.hpp"

#include "config/text/starts_with.hpp"

#include <cstddef>
#include <string_view>

namespace winnow {

namespace {

/// Whether the setting counts only if `store` is not set.
bool is_part_of_address(std::string_view name) {
  return starts_with(name, "redis-") && !starts_with(name, "redis-tls-") &&
         !starts_with(name, "redis-sentinel-");
}

std::string source_of(const sourced_settings& all, std::size_t index) {
  const auto& name = setting_table()[index].name;
  const auto& source = all.sources[index];
  if (is_part_of_address(name) && all.draft.store && source != default_source)
    return source + ", not used: store is set";
  if (name == "store" && !all.draft.store)
    return "from the redis-* settings";
  return source == default_source ? setting_table()[index].otherwise : source;
}

} // namespace

std::vector<setting_origin> origins_of(const sourced_settings& all) {
  std::vector<setting_origin> origins;
  const auto& table = setting_table();
  for (std::size_t i = 0; i < table.size(); ++i)
    origins.push_back({table[i].name, table[i].print(all.draft), source_of(all, i)});
  return origins;
}

} // namespace winnow
