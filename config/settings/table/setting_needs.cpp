#include "config/settings/table/setting_needs.hpp"

namespace winnow {

std::vector<setting_need> incomplete_settings(const settings& all) {
  std::vector<setting_need> missing;
  const auto need = [&](bool is_set, std::string_view name, bool is_there, std::string_view needed) {
    if (is_set && !is_there)
      missing.push_back({name, needed});
  };
  const http_settings& http = all.http;
  const bool has_certificate = !http.tls_certificate.empty();
  need(!http.tls_key.empty(), "tls-key", has_certificate, "tls-certificate");
  need(!http.tls_client_ca.empty(), "tls-client-ca", has_certificate, "tls-certificate");
  need(all.admin.address.tls, "admin", has_certificate, "tls-certificate");
  const store_address& store = all.store.address;
  need(!store.tls.key.empty(), "redis-tls-key", !store.tls.certificate.empty(), "redis-tls-certificate");
  need(!store.sentinel_user.empty(), "redis-sentinel-user", !store.sentinel_password.empty(),
       "redis-sentinel-password");
  need(http.rate_burst > 0, "rate-burst", http.rate_limit > 0, "rate-limit");
  const bool has_collector = !all.tracing.endpoint.empty() || !all.tracing.traces_endpoint.empty();
  need(all.tracing.slow.count() > 0, "trace-slow", has_collector, "otlp-endpoint");
  return missing;
}

std::vector<setting_conflict> conflicting_settings(const settings& all, const store_address& store) {
  std::vector<setting_conflict> found;
  if (all.fleet.name.empty())
    return found;
  if (is_embedded(store))
    found.push_back(
        {"fleet", "a store that other replicas reach, such as redis://HOST, not an embedded one"});
  if (!all.store.list_records)
    found.push_back({"fleet", "list-records to be true, as replicas know from the records what is computed"});
  return found;
}

} // namespace winnow
