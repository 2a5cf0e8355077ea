#include "config/settings/table/settings_checks.hpp"

#include "config/settings/table/setting_needs.hpp"

#include <string_view>

namespace winnow {

namespace {

// "din-keep 60 (flag --din-keep)"
std::string described(const sourced_settings& all, std::size_t index) {
  const auto& entry = setting_table()[index];
  return entry.name + " " + entry.print(all.draft) + " (" + all.sources[index] + ")";
}

void check_orders(sourced_settings& all, std::vector<std::string>& errors) {
  for (const auto& rule : order_rules()) {
    const auto smaller = find_setting(rule.smaller).value();
    const auto larger = find_setting(rule.larger).value();
    if (all.wrong[smaller] || all.wrong[larger] || rule.holds(all.draft.values))
      continue;
    if (all.sources[smaller] == default_source) {
      rule.lower(all.draft.values);
      all.sources[smaller] = "default, lowered to " + setting_table()[larger].name;
    } else {
      errors.push_back(described(all, smaller) + ": expected at most " + described(all, larger));
    }
  }
}

void check_credentials(const sourced_settings& all, std::vector<std::string>& errors) {
  const auto& parts = all.draft.values.store.address;
  if (!all.draft.store && !parts.user.empty() && parts.password.empty())
    errors.push_back(described(all, find_setting("redis-user").value()) +
                     ": expected redis-password to be set, too");
}

void check_admin(const sourced_settings& all, std::vector<std::string>& errors) {
  const auto& admin = all.draft.values.admin;
  const auto& http = all.draft.values.http;
  const auto port = find_setting("port").value();
  if (!all.wrong[port] && shares_port(admin.address, http.host, http.port))
    errors.push_back(described(all, port) + ": expected another port than that of " +
                     described(all, find_setting("admin").value()));
  if (!admin.address.off && admin.token.empty() && !is_local(admin.address))
    errors.push_back(described(all, find_setting("admin").value()) +
                     ": expected admin-token to be set, too, because other machines can reach this address");
}

// Whether a setting is not there because its value was left out with a warning, which must not become an
// error of the settings that need it.
bool is_ignored(const sourced_settings& all, std::string_view name) {
  return all.ignored[find_setting(name).value()] ||
         (name == "otlp-endpoint" && all.ignored[find_setting("otlp-traces-endpoint").value()]);
}

void check_security(const sourced_settings& all, std::vector<std::string>& errors) {
  for (const auto& [name, needed] : incomplete_settings(all.draft.values))
    if (!is_ignored(all, needed))
      errors.push_back(described(all, find_setting(name).value()) + ": expected " + std::string(needed) +
                       " to be set, too");
  for (const auto& [name, expected] :
       conflicting_settings(all.draft.values, all.draft.store.value_or(all.draft.values.store.address)))
    errors.push_back(described(all, find_setting(name).value()) + ": expected " + std::string(expected));
}

} // namespace

std::vector<std::string> check_settings(sourced_settings& all) {
  std::vector<std::string> errors;
  check_orders(all, errors);
  check_credentials(all, errors);
  check_admin(all, errors);
  check_security(all, errors);
  return errors;
}

} // namespace winnow
