#include "config/settings/values/store_address.hpp"
#include "config/text/percent_encoding.hpp"

#include <string>
#include <string_view>

namespace winnow {
namespace {

std::string masked_credentials(const store_address& address) {
  if (address.user.empty() && address.password.empty())
    return {};
  return percent_encode(address.user) + (address.password.empty() ? ":@" : ":***@");
}

std::string encoded_path(std::string_view path) {
  std::string text;
  for (;;) {
    const auto slash = path.find('/');
    text += percent_encode(path.substr(0, slash));
    if (slash == std::string_view::npos)
      return text;
    text += '/';
    path.remove_prefix(slash + 1);
  }
}

/// The parameters that are not at their defaults, with the `?`.
std::string parameters_of(const store_address& address) {
  std::string text;
  const auto add = [&text](std::string_view name, const std::string& value) {
    if (!value.empty())
      text.append(text.empty() ? "?" : "&").append(name).append("=").append(value);
  };
  if (const auto& tls = address.tls; tls.on) {
    add("ssl_ca_certs", encoded_path(tls.authorities));
    add("ssl_certfile", encoded_path(tls.certificate));
    add("ssl_keyfile", encoded_path(tls.key));
    add("ssl_server_name", percent_encode(tls.server_name));
    if (tls.asked_for == store_tls::proof::none)
      add("ssl_cert_reqs", "none");
    if (tls.asked_for == store_tls::proof::authority)
      add("ssl_check_hostname", "false");
  }
  if (address.transport == store_address::kind::sentinel) {
    add("sentinel_username", percent_encode(address.sentinel_user));
    add("sentinel_password", address.sentinel_password.empty() ? "" : "***");
    add("read", address.read_replicas ? "replica" : "");
  }
  return text;
}

} // namespace

std::string to_string(const store_place& place) {
  const bool is_ipv6 = place.host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + place.host + "]" : place.host) + ":" + std::to_string(place.port);
}

std::string to_string(const std::vector<store_place>& places) {
  std::string text;
  for (const auto& place : places)
    text += (text.empty() ? "" : ",") + to_string(place);
  return text;
}

std::string to_string(const store_address& address) {
  const auto database = std::to_string(address.database);
  const std::string scheme = address.tls.on ? "rediss" : "redis";
  switch (address.transport) {
  case store_address::kind::memory:
    return "memory:";
  case store_address::kind::file:
    return "file:" + address.path;
  case store_address::kind::tcp:
    return scheme + "://" + masked_credentials(address) + to_string(store_place{address.host, address.port}) +
           "/" + database + parameters_of(address);
  case store_address::kind::sentinel:
    return scheme + "+sentinel://" + masked_credentials(address) + to_string(address.sentinels) + "/" +
           percent_encode(address.master_name) + "/" + database + parameters_of(address);
  case store_address::kind::cluster:
    return scheme + "+cluster://" + masked_credentials(address) + to_string(address.nodes) +
           parameters_of(address);
  case store_address::kind::unix_socket:
    return "unix://" + masked_credentials(address) + address.path + "?db=" + database;
  }
  return {};
}

} // namespace winnow
