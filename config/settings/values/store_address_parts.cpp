#include "config/settings/values/store_address_parts.hpp"

#include "config/text/ascii.hpp"
#include "config/text/number_text.hpp"
#include "config/text/percent_encoding.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace winnow::store_address_parts {
namespace {

using kind = store_address::kind;

bool is_encrypted(const store_address& address) {
  return address.tls.on;
}

bool has_sentinels(const store_address& address) {
  return address.transport == kind::sentinel;
}

bool any(const store_address& /*address*/) {
  return true;
}

/// Whether the text is one of the two words, in any case; then `value` says whether it is the first.
bool read_choice(std::string_view text, std::string_view yes, std::string_view no, bool& value) {
  value = equal_ignoring_case(text, yes);
  return value || equal_ignoring_case(text, no);
}

struct parameter {
  std::string_view name;
  bool (*belongs)(const store_address&); ///< Whether an address of this kind has it.
  std::string_view expected;             ///< Empty: any text that is not empty.
  bool (*assign)(store_address&, const std::string&);
};

template<class Member>
bool assign_text(Member& member, const std::string& text) {
  member = text;
  return !text.empty();
}

constexpr std::array parameters{
    parameter{"db", any, "a whole number from 0",
              [](store_address& a, const std::string& text) { return bool(read_database(text, a)); }},
    parameter{"ssl_ca_certs", is_encrypted, "a file",
              [](store_address& a, const std::string& text) { return assign_text(a.tls.authorities, text); }},
    parameter{"ssl_ca_path", is_encrypted, "a directory",
              [](store_address& a, const std::string& text) { return assign_text(a.tls.authorities, text); }},
    parameter{"ssl_certfile", is_encrypted, "a file",
              [](store_address& a, const std::string& text) { return assign_text(a.tls.certificate, text); }},
    parameter{"ssl_keyfile", is_encrypted, "a file",
              [](store_address& a, const std::string& text) { return assign_text(a.tls.key, text); }},
    parameter{"ssl_server_name", is_encrypted, "a host name",
              [](store_address& a, const std::string& text) { return assign_text(a.tls.server_name, text); }},
    parameter{"ssl_cert_reqs", is_encrypted, "required or none",
              [](store_address& a, const std::string& text) {
                bool required = false;
                const bool known = read_choice(text, "required", "none", required);
                if (!required)
                  a.tls.asked_for = store_tls::proof::none;
                return known;
              }},
    parameter{"ssl_check_hostname", is_encrypted, "true or false",
              [](store_address& a, const std::string& text) {
                bool checked = false;
                const bool known = read_choice(text, "true", "false", checked);
                if (!checked && a.tls.asked_for == store_tls::proof::name)
                  a.tls.asked_for = store_tls::proof::authority;
                return known;
              }},
    parameter{"sentinel_username", has_sentinels, "a name",
              [](store_address& a, const std::string& text) { return assign_text(a.sentinel_user, text); }},
    parameter{
        "sentinel_password", has_sentinels, "a password",
        [](store_address& a, const std::string& text) { return assign_text(a.sentinel_password, text); }},
    parameter{"read", has_sentinels, "master or replica",
              [](store_address& a, const std::string& text) {
                return read_choice(text, "replica", "master", a.read_replicas);
              }},
};

std::string names_for(const store_address& address) {
  std::string names;
  for (const auto& one : parameters)
    if (one.belongs(address))
      names += (names.empty() ? "" : ", ") + std::string(one.name);
  return names;
}

result<void> read_parameter(std::string_view text, store_address& address) {
  const auto equals = text.find('=');
  const auto name = text.substr(0, equals);
  const auto* const known = std::find_if(parameters.begin(), parameters.end(), [&](const parameter& one) {
    return one.name == name && one.belongs(address);
  });
  if (known == parameters.end())
    return wrong("parameter of the store's address", "one of " + names_for(address), name);
  const auto value =
      percent_decode(equals == std::string_view::npos ? std::string_view() : text.substr(equals + 1));
  if (!value || !known->assign(address, *value))
    return fail(fault::invalid_argument,
                std::string(name) + " of the store's address: expected " + std::string(known->expected));
  return {};
}

} // namespace

tl::unexpected<error> wrong(std::string_view part, std::string_view expected, std::string_view got) {
  std::string message(part);
  message.append(": expected ").append(expected).append(", got \"").append(got).append("\"");
  return fail(fault::invalid_argument, std::move(message));
}

result<void> read_database(std::string_view text, store_address& address) {
  const auto number = parse_integer<std::uint32_t>(text);
  if (!number)
    return wrong("database of the store's address", "a whole number from 0", text);
  address.database = *number;
  return {};
}

result<void> read_store_parameters(std::string_view query, store_address& address) {
  for (bool more = true; more;) {
    const auto end = query.find('&');
    if (auto read = read_parameter(query.substr(0, end), address); !read)
      return read;
    more = end != std::string_view::npos;
    query.remove_prefix(more ? end + 1 : query.size());
  }
  return {};
}

} // namespace winnow::store_address_parts
