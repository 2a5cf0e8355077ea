#include "config/settings/table/address_kinds.hpp"
#include "config/settings/table/setting_table_parts.hpp"

namespace winnow {

using namespace setting_kinds;
using namespace std::chrono_literals;

std::vector<setting> store_setting_table() {
  constexpr std::string_view group = "Store";
  const auto in = [](auto member) { return at(&settings::store, member); };
  const auto part = [](auto member) { return at(&settings::store, &store_settings::address, member); };
  const auto tls = [](auto member) {
    return at(&settings::store, &store_settings::address, &store_address::tls, member);
  };
  return {
      store({"store", group, "ADDRESS",
             "Address of the store of profiles and lists; overrides the redis-* settings"}),
      named("REDIS_HOST",
            host({"redis-host", group, "HOST", "Host of the Redis server"}, part(&store_address::host))),
      named("REDIS_PORT", number({"redis-port", group, "PORT", "Port of the Redis server"}, 1, 65535,
                                 part(&store_address::port))),
      named("REDIS_DB", number({"redis-db", group, "NUMBER", "Number of the Redis database"}, 0u, 1'000'000u,
                               part(&store_address::database))),
      named("REDIS_USER", optional_text({"redis-user", group, "NAME", "Redis user; empty: the default user"},
                                        part(&store_address::user))),
      named("REDIS_PASSWORD",
            secret(optional_text({"redis-password", group, "TEXT", "Redis password; empty: none"},
                                 part(&store_address::password)))),
      named("REDIS_TLS", on_off({"redis-tls", group, {}, "Encrypt connections to Redis (rediss://)"},
                                tls(&store_tls::on))),
      named("REDIS_TLS_CA",
            optional_text({"redis-tls-ca", group, "FILE",
                           "Authorities of Redis' certificates (PEM, or a directory); empty: the system's"},
                          tls(&store_tls::authorities))),
      named("REDIS_TLS_CERTIFICATE", optional_text({"redis-tls-certificate", group, "FILE",
                                                    "Certificate that Redis gets (PEM); empty: none"},
                                                   tls(&store_tls::certificate))),
      named("REDIS_TLS_KEY",
            optional_text({"redis-tls-key", group, "FILE", "Its key (PEM); empty: in the certificate's file"},
                          tls(&store_tls::key))),
      named("REDIS_TLS_SERVER_NAME",
            optional_host({"redis-tls-server-name", group, "NAME",
                           "Name in Redis' certificate; empty: the host of the address"},
                          tls(&store_tls::server_name))),
      named("REDIS_TLS_VERIFY", choice({"redis-tls-verify", group, "PROOF",
                                        "What the certificate must prove: the name, the authority, nothing"},
                                       "name, authority or none", tls(&store_tls::asked_for))),
      named("REDIS_SENTINELS",
            sentinels({"redis-sentinels", group, "HOSTS",
                       "Sentinels that tell where Redis is; overrides redis-host and redis-port"})),
      named("REDIS_MASTER_NAME",
            text({"redis-master-name", group, "NAME", "Name by which the sentinels know the master"},
                 part(&store_address::master_name))),
      named("REDIS_SENTINEL_USER", optional_text({"redis-sentinel-user", group, "NAME",
                                                  "User at the sentinels; empty: the default user"},
                                                 part(&store_address::sentinel_user))),
      named("REDIS_SENTINEL_PASSWORD", secret(optional_text({"redis-sentinel-password", group, "TEXT",
                                                             "Password at the sentinels; empty: none"},
                                                            part(&store_address::sentinel_password)))),
      bytes({"memory-limit", group, "BYTES",
             "Memory for the embedded store; 0: a quarter of the machine's, or of the container's"},
            in(&store_settings::memory_limit)),
      duration({"connect-timeout", group, {}, "Time to connect to the store"}, 1ms, 1h,
               in(&store_settings::connect_timeout)),
      duration({"command-timeout", group, {}, "Longest silence of the store while it owes replies"}, 1ms, 1h,
               in(&store_settings::command_timeout)),
      duration(
          {"reconnect-min", group, {}, "First pause after a lost connection; each further pause doubles"},
          1ms, 1h, in(&store_settings::reconnect_min)),
      duration({"reconnect-max", group, {}, "Longest pause between two attempts to connect"}, 1ms, 1h,
               in(&store_settings::reconnect_max)),
      choice({"list-records", group, "true|false",
              "Record what each list was made of, so that a start computes only what is due"},
             "true or false", in(&store_settings::list_records)),
      duration({"list-ttl", group, {}, "Lists expire after it unless they are renewed; 0: never"}, 0ms,
               87'600h, in(&store_settings::list_ttl)),
  };
}

store_address address_of_store(const settings_draft& draft) {
  const auto& parts = draft.values.store.address;
  auto address = draft.store.value_or(parts);
  const auto fill = [](std::string& value, const std::string& from) {
    if (value.empty())
      value = from;
  };
  if (address.tls.on) {
    fill(address.tls.authorities, parts.tls.authorities);
    if (address.tls.certificate.empty())
      fill(address.tls.key, parts.tls.key);
    fill(address.tls.certificate, parts.tls.certificate);
    fill(address.tls.server_name, parts.tls.server_name);
    if (address.tls.asked_for == store_tls::proof::name)
      address.tls.asked_for = parts.tls.asked_for;
  }
  if (address.sentinel_password.empty()) {
    address.sentinel_user = parts.sentinel_user;
    address.sentinel_password = parts.sentinel_password;
  }
  return address;
}

} // namespace winnow
