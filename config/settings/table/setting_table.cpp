#include "config/settings/table/setting_table.hpp"

#include "config/settings/table/address_kinds.hpp"
#include "config/settings/table/setting_table_parts.hpp"

namespace winnow {

namespace {

using namespace setting_kinds;
using namespace std::chrono_literals;
using table = std::vector<setting>;

table http_table() {
  constexpr std::string_view group = "HTTP";
  const auto in = [](auto member) { return at(&settings::http, member); };
  return {
      host({"host", group, "ADDRESS", "Address to listen on"}, in(&http_settings::host)),
      number({"port", group, "PORT", "Port to listen on; 0 picks a free one, which is printed"}, 0, 65535,
             in(&http_settings::port)),
      number({"max-connections", group, "COUNT",
              "Maximum number of open connections; further ones are answered with 503"},
             1u, 1'000'000u, in(&http_settings::max_connections)),
      number({"max-client-connections", group, "COUNT",
              "Of these, those of one client address; 0: half; loopback and Unix sockets are exempt"},
             0u, 1'000'000u, in(&http_settings::max_client_connections)),
      networks({"trusted-proxies", group, "ADDRESSES",
                "Proxies that are believed when they name the client (X-Forwarded-For, Forwarded)"},
               in(&http_settings::trusted_proxies)),
      number({"max-header-bytes", group, "BYTES", "Longer request headers are answered with 431"}, 1024u,
             1u << 20u, in(&http_settings::max_header_bytes)),
      number({"max-body-bytes", group, "BYTES", "Longer request bodies are answered with 413"}, 1u, 1u << 30u,
             in(&http_settings::max_body_bytes)),
      number({"max-unsent-bytes", group, "BYTES",
              "Memory of answers that wait for clients; over it, the one that stood still longest is cut"},
             std::size_t{1} << 20u, std::size_t{1} << 40u, in(&http_settings::max_unsent_bytes)),
      duration({"header-timeout", group, {}, "Time for a request's headers to arrive"}, 1ms, 1h,
               in(&http_settings::header_timeout)),
      duration({"body-timeout",
                group,
                {},
                "Time for a request's body to arrive, and for a client to take each 64 KiB of an answer"},
               1ms, 1h, in(&http_settings::body_timeout)),
      duration({"idle-timeout", group, {}, "A connection that is idle for longer is closed"}, 1ms, 24h,
               in(&http_settings::idle_timeout)),
      origin_list(
          {"cors-origins", group, "ORIGINS", "Origins that may read answers in a browser; empty: none"},
          in(&http_settings::cors_origins)),
      on_off({"access-log", group, {}, "Log every request, whatever the log level"},
             in(&http_settings::access_log)),
      optional_text({"token-file", group, "FILE",
                     "Clients must send one of this file's tokens; empty: none; read again on SIGHUP"},
                    in(&http_settings::token_file)),
      choice({"open-probes", group, "true|false", "/livez, /readyz, /health and /docs need no token"},
             "true or false", in(&http_settings::open_probes)),
      number({"rate-limit", group, "COUNT",
              "Requests per second of one client or token; further ones are answered with 429; 0: no limit"},
             0u, 1'000'000u, in(&http_settings::rate_limit)),
      number({"rate-burst", group, "COUNT", "How many of these may come at once; 0: those of one second"}, 0u,
             1'000'000u, in(&http_settings::rate_burst)),
      optional_text({"tls-certificate", group, "FILE",
                     "Serve HTTPS with this certificate (PEM, with its chain); read again on SIGHUP"},
                    in(&http_settings::tls_certificate)),
      optional_text({"tls-key", group, "FILE", "Its key (PEM); empty: in the certificate's file"},
                    in(&http_settings::tls_key)),
      optional_text({"tls-client-ca", group, "FILE",
                     "Clients need a certificate of one of these authorities (PEM); empty: none"},
                    in(&http_settings::tls_client_ca)),
      on_off({"legacy-metrics", group, {}, "/metrics also has the names of the service that Winnow replaces"},
             in(&http_settings::legacy_metrics)),
  };
}

table admin_table() {
  constexpr std::string_view group = "Admin";
  const auto in = [](auto member) { return at(&settings::admin, member); };
  return {
      admin({"admin", group, "ADDRESS", "Address of the admin endpoint, for operators"}),
      // Blanks around it could not be sent in a header.
      secret(without_blanks(optional_text(
          {"admin-token", group, "TEXT", "Token that operators must send; empty: only to steer"},
          in(&admin_settings::token)))),
      optional_text({"admin-token-file", group, "FILE",
                     "File that holds the token to steer with, made at each start, for winnowctl"},
                    in(&admin_settings::token_file)),
      duration({"stuck-after",
                group,
                {},
                "An actor that is silent for longer is logged as stuck; a stuck worker is replaced"},
               100ms, 1h, in(&admin_settings::stuck_after)),
      on_off({"enable-faults", group, {}, "Allow operators to make stages fail, for tests"},
             in(&admin_settings::enable_faults)),
  };
}

table log_table() {
  constexpr std::string_view group = "Log";
  const auto in = [](auto member) { return at(&settings::log, member); };
  return {
      choice({"log-level", group, "LEVEL", "Lowest level that is logged"},
             "trace, debug, info, warning or error", in(&log_settings::level)),
      choice({"log-format", group, "FORMAT", "Format of log events"}, "text or json",
             in(&log_settings::format)),
  };
}

table trace_table() {
  constexpr std::string_view group = "Traces";
  const auto in = [](auto member) { return at(&settings::tracing, member); };
  return {
      named(
          "OTEL_EXPORTER_OTLP_ENDPOINT",
          url({"otlp-endpoint", group, "URL",
               "OpenTelemetry collector that gets traces (OTLP/HTTP), at /v1/traces below this; empty: none"},
              in(&trace_settings::endpoint))),
      named("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            url({"otlp-traces-endpoint", group, "URL", "The same, but used as it is; overrides it"},
                in(&trace_settings::traces_endpoint))),
      named("OTEL_EXPORTER_OTLP_HEADERS",
            secret(pairs({"otlp-headers", group, "PAIRS", "Headers for the collector, such as its token"},
                         in(&trace_settings::headers)))),
      named("OTEL_EXPORTER_OTLP_TRACES_HEADERS",
            secret(pairs({"otlp-traces-headers", group, "PAIRS", "Headers in place of otlp-headers"},
                         in(&trace_settings::traces_headers)))),
      named("OTEL_SERVICE_NAME", text({"service-name", group, "NAME", "Name of this service in its traces"},
                                      in(&trace_settings::service_name))),
      named("OTEL_RESOURCE_ATTRIBUTES",
            pairs({"resource-attributes", group, "PAIRS", "Further attributes of this service in its traces"},
                  in(&trace_settings::resource_attributes))),
      named("OTEL_TRACES_SAMPLER",
            choice({"trace-sampler", group, "SAMPLER",
                    "Which traces are exported; parentbased: those of a request with a parent as its sender "
                    "decided"},
                   "always_on, always_off or traceidratio, each also as parentbased_…",
                   in(&trace_settings::sampler))),
      named("OTEL_TRACES_SAMPLER_ARG",
            fraction({"trace-ratio", group, "RATIO", "Share of the traces that traceidratio exports"},
                     in(&trace_settings::ratio))),
      duration({"trace-slow", group, {}, "Requests that take this long are exported in any case; 0: none"},
               0ms, 10min, in(&trace_settings::slow)),
      duration({"slow-log",
                group,
                {},
                "Requests that take this long are logged, with the time of each step; "
                "0: none"},
               0ms, 10min, in(&trace_settings::slow_log)),
  };
}

table make_table() {
  table all;
  for (const auto& part :
       {http_table(), admin_table(), store_setting_table(), models_setting_table(), gate_setting_table(),
        cascade_setting_table(), pipeline_setting_table(), poller_setting_table(), fleet_setting_table(),
        learning_setting_table(), trace_table(), kafka_setting_table(), log_table()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

template<class Value>
bool in_order(const Value& low, const Value& high) {
  return low <= high;
}

/// Unset widths are adjusted later, by `widths_for`.
template<class Value>
bool in_order(const std::optional<Value>& low, const std::optional<Value>& high) {
  return !low || !high || *low <= *high;
}

template<class Section, class Value>
order_rule rule(std::string_view smaller, Value Section::*low, std::string_view larger, Value Section::*high,
                Section settings::*section) {
  return {smaller, larger,
          [=](const settings& all) { return in_order(all.*section.*low, all.*section.*high); },
          [=](settings& all) { all.*section.*low = all.*section.*high; }};
}

} // namespace

const std::vector<setting>& setting_table() {
  static const auto table = make_table();
  return table;
}

std::optional<std::size_t> find_setting(std::string_view name) {
  const auto& table = setting_table();
  for (std::size_t i = 0; i < table.size(); ++i)
    if (table[i].name == name)
      return i;
  return std::nullopt;
}

const std::vector<order_rule>& order_rules() {
  static const std::vector<order_rule> rules{
      rule("din-keep", &cascade_settings::din_keep, "candidates", &cascade_settings::candidates,
           &settings::cascade),
      rule("ranknet-keep", &cascade_settings::ranknet_keep, "din-keep", &cascade_settings::din_keep,
           &settings::cascade),
      rule("ranknet-keep", &cascade_settings::ranknet_keep, "candidates", &cascade_settings::candidates,
           &settings::cascade),
      rule("reconnect-min", &store_settings::reconnect_min, "reconnect-max", &store_settings::reconnect_max,
           &settings::store),
      rule("background-in-flight", &pipeline_settings::background_in_flight, "max-in-flight",
           &pipeline_settings::max_in_flight, &settings::pipeline),
      rule("poll-interval", &poller_settings::poll_interval, "sweep-interval",
           &poller_settings::sweep_interval, &settings::poller),
  };
  return rules;
}

} // namespace winnow
