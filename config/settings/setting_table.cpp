#include "config/settings/setting_table.hpp"

#include "config/settings/setting_kinds.hpp"
#include "config/settings/store_setting_table.hpp"

namespace winnow {

namespace {

using namespace setting_kinds;
using namespace std::chrono_literals;
using table = std::vector<setting>;

table http_table() {
  constexpr std::string_view group = "HTTP";
  const auto in = [](auto member) { return at(&settings::http, member); };
  return {
      text({"host", group, "ADDRESS", "Address to listen on"}, in(&http_settings::host)),
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
      duration({"header-timeout", group, {}, "Time for a request's headers to arrive"}, 1ms, 1h,
               in(&http_settings::header_timeout)),
      duration({"body-timeout", group, {}, "Time for a request's body to arrive"}, 1ms, 1h,
               in(&http_settings::body_timeout)),
      duration({"idle-timeout", group, {}, "A connection that is idle for longer is closed"}, 1ms, 24h,
               in(&http_settings::idle_timeout)),
      origin_list(
          {"cors-origins", group, "ORIGINS", "Origins that may read answers in a browser; empty: none"},
          in(&http_settings::cors_origins)),
      on_off({"access-log", group, {}, "Log every request"}, in(&http_settings::access_log)),
      optional_text({"token-file", group, "FILE",
                     "Clients must send one of this file's tokens; empty: none; read again on SIGHUP"},
                    in(&http_settings::token_file)),
      choice({"open-probes", group, "true|false", "/livez, /readyz and /health need no token"},
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
      secret(optional_text(
          {"admin-token", group, "TEXT", "Token that operators must send; empty: only to steer"},
          in(&admin_settings::token))),
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

table models_table() {
  constexpr std::string_view group = "Models";
  const auto in = [](auto member) { return at(&settings::models, member); };
  return {
      named("MODEL_DIR",
            text({"model-dir", group, "DIRECTORY", "Directory of the models"}, in(&model_settings::dir))),
      optional_text({"item-features", group, "FILE",
                     "Item features; empty: item_features.csv in the model directory, if it exists"},
                    in(&model_settings::item_features)),
      optional_text(
          {"interactions", group, "FILE",
           "Interactions to count popularity from; empty: lightgcn_data.csv in the model directory"},
          in(&model_settings::interactions)),
      choice({"model-cache", group, "true|false",
              "Cache large parsed tables in .winnow-cache in the model directory"},
             "true or false", in(&model_settings::cache)),
      choice({"engine", group, "ENGINE",
              "What computes DIN and RankNet; torch is the slow reference and needs LibTorch"},
             "native or torch", in(&model_settings::engine)),
      optional_text({"deny-items", group, "FILE",
                     "Ids of items that no list may have, one a line; read again when it changes"},
                    in(&model_settings::deny_items)),
      optional_text(
          {"item-updates", group, "FILE",
           "File that keeps what PUT /items says; empty: .winnow-live/items in the model directory"},
          in(&model_settings::item_updates)),
      number({"approximate-from", group, "ITEMS",
              "From this many items on, an index finds nearly all of the best candidates; 0: never"},
             0u, 4'000'000'000u, in(&model_settings::approximate_from)),
      number({"models-in-memory", group, "COUNT",
              "Published versions that stay in memory, the one in force among them, to go back to at once"},
             1u, 100u, in(&model_settings::in_memory)),
      optional_text({"rules", group, "FILE", "Rules of the shop for lists and placements; empty: none"},
                    in(&model_settings::rules)),
  };
}

table gate_table() {
  constexpr std::string_view group = "Gate";
  const auto in = [](auto member) { return at(&settings::gate, member); };
  return {
      number({"gate-profiles", group, "COUNT",
              "Recent profiles with which a published version is compared before it is promoted; 0: no gate"},
             0u, 1'000'000u, in(&gate_settings::profiles)),
      fraction({"gate-overlap", group, "SHARE",
                "Least mean share of the first 20 items that it has in common with the version in force"},
               in(&gate_settings::least_overlap)),
      fraction({"gate-hits", group, "RATIO", "Least number of newest items found, relative to that version"},
               in(&gate_settings::least_hits)),
      fraction({"gate-coverage", group, "RATIO", "Least number of different items, likewise"},
               in(&gate_settings::least_coverage)),
      fraction({"gate-short", group, "SHARE",
                "Most lists that are short or popular items alone, more than that version has; 0: any"},
               in(&gate_settings::most_short)),
      factor({"gate-time", group, "RATIO", "Most computing time, relative to that version; 0: any"},
             in(&gate_settings::most_time)),
      factor({"gate-shift", group, "INDEX",
              "Most population stability index of the final scores; 0: any, as trainings need not share a "
              "scale"},
             in(&gate_settings::most_shift)),
  };
}

table cascade_table() {
  constexpr std::string_view group = "Cascade";
  const auto in = [](auto member) { return at(&settings::cascade, member); };
  constexpr cascade_widths fallback;
  return {
      width({"candidates", group, "COUNT",
             "Items that LightGCN proposes; unset: the value in model.json, if any"},
            fallback.candidates, in(&cascade_settings::candidates)),
      width({"din-keep", group, "COUNT", "How many of those DIN keeps; unset: likewise"}, fallback.din_keep,
            in(&cascade_settings::din_keep)),
      width({"ranknet-keep", group, "COUNT",
             "How many of those RankNet keeps, which is the list; unset: likewise"},
            fallback.ranknet_keep, in(&cascade_settings::ranknet_keep)),
  };
}

table pipeline_table() {
  constexpr std::string_view group = "Pipeline";
  const auto in = [](auto member) { return at(&settings::pipeline, member); };
  return {
      duration({"deadline", group, {}, "Time for one request, from arrival to answer"}, 1ms, 10min,
               in(&pipeline_settings::deadline)),
      number({"max-in-flight", group, "COUNT",
              "Maximum number of requests in the pipeline; further ones are answered with 503"},
             1u, 1'000'000u, in(&pipeline_settings::max_in_flight)),
      duration({"max-queue-age", group, {}, "Requests that would wait longer in the pipeline are refused"},
               1ms, 10min, in(&pipeline_settings::max_queue_age)),
      number({"background-in-flight", group, "COUNT",
              "How many requests in the pipeline may be for changed profiles"},
             1u, 1'000'000u, in(&pipeline_settings::background_in_flight)),
      number({"watch-taken", group, "USERS",
              "Users whose last lists are kept, to see whether they take what is on them; 0: none"},
             0u, 100'000'000u, in(&pipeline_settings::watched_users)),
      number({"max-batch", group, "COUNT", "Maximum number of requests that a worker takes at once"}, 1u,
             4096u, in(&pipeline_settings::max_batch)),
      number(
          {"stage-workers", group, "COUNT", "Workers per stage, and compute threads; 0: one per usable core"},
          0u, 1024u, in(&pipeline_settings::stage_workers)),
      duration({"shutdown-delay",
                group,
                {},
                "Time to serve on after SIGTERM, with /readyz at 503, until load balancers have noticed"},
               0ms, 1h, in(&pipeline_settings::shutdown_delay)),
      duration({"drain-timeout", group, {}, "Time for work in flight to finish after SIGTERM"}, 0ms, 1h,
               in(&pipeline_settings::drain_timeout)),
  };
}

table poller_table() {
  constexpr std::string_view group = "Changes";
  const auto in = [](auto member) { return at(&settings::poller, member); };
  return {
      duration({"poll-interval", group, {}, "Time between sweeps if the store cannot announce changes"}, 10ms,
               24h, in(&poller_settings::poll_interval)),
      duration({"sweep-interval", group, {}, "Time between sweeps if it announces them"}, 10ms, 24h,
               in(&poller_settings::sweep_interval)),
      on_off({"keep-lists", group, {}, "Keep the list of a user whose profile was removed"},
             in(&poller_settings::keep_lists)),
      duration({"remove-older-profiles",
                group,
                {},
                "Remove profiles with a timestamp that long ago, and their results, if the user has a newer "
                "one; 0: never"},
               0ms, 87'600h, in(&poller_settings::older_profiles)),
  };
}

table fleet_table() {
  constexpr std::string_view group = "Fleet";
  const auto in = [](auto member) { return at(&settings::fleet, member); };
  return {
      key_name({"fleet", group, "NAME",
                "Share the changes of one Redis with all replicas of this name; empty: this daemon is alone"},
               in(&fleet_settings::name)),
      duration({"fleet-claim-after",
                group,
                {},
                "Work that a replica does not renew for this time is taken over by another"},
               100ms, 1h, in(&fleet_settings::claim_after)),
  };
}

table learning_table() {
  constexpr std::string_view group = "Learning";
  const auto in = [](auto member) { return at(&settings::learning, member); };
  return {
      duration({"learn-interval",
                group,
                {},
                "Least time between two versions of what is learned from changed profiles; 0: learn nothing"},
               0ms, 1h, in(&learning_settings::interval)),
      duration({"learn-half-life", group, {}, "After it, an event counts half as much as a new one"}, 1s,
               87'600h, in(&learning_settings::half_life)),
      number({"learn-successors", group, "COUNT", "Learned transitions of an item; the heaviest stay"}, 1u,
             1024u, in(&learning_settings::successors)),
      number({"learn-transitions", group, "COUNT", "Learned transitions of all items; 8 bytes each"}, 1000u,
             1'000'000'000u, in(&learning_settings::most_transitions)),
      number({"learn-users", group, "COUNT", "Users from whom is learned; about 30 bytes each"}, 1u,
             4'000'000'000u, in(&learning_settings::most_users)),
      number({"adopt-after", group, "READERS",
              "An item that the catalogue lacks is recommended once this number of users took it; 0: never"},
             0u, 1'000'000u, in(&learning_settings::adopt_after)),
      number({"adopt-most", group, "ITEMS", "Adopted items until the next training"}, 1u, 1'000'000u,
             in(&learning_settings::most_adopted)),
      duration({"learn-save-interval", group, {}, "Time between two writes of what was learned"}, 1s, 24h,
               in(&learning_settings::save_interval)),
      optional_text({"learn-state", group, "FILE",
                     "File that keeps what was learned; empty: .winnow-live/learned in the model directory"},
                    in(&learning_settings::state)),
  };
}

table kafka_table() {
  constexpr std::string_view group = "Kafka";
  const auto in = [](auto member) { return at(&settings::kafka, member); };
  return {
      on_off({"kafka", group, {}, "Read profiles or events from Kafka and store them"},
             in(&kafka_settings::enabled)),
      named("KAFKA_BROKER", text({"kafka-brokers", group, "HOST:PORT", "Brokers, separated by commas"},
                                 in(&kafka_settings::brokers))),
      named("KAFKA_TOPIC",
            text({"kafka-topic", group, "TOPIC", "Topic to read"}, in(&kafka_settings::topic))),
      text({"kafka-group", group, "NAME", "Consumer group; daemons of one group share the partitions"},
           in(&kafka_settings::group)),
      choice({"kafka-format", group, "FORMAT", "What a message holds: a user's history, or one event"},
             "profiles or events", in(&kafka_settings::format)),
      number({"kafka-history", group, "ITEMS", "Of a user's events, the newest so many make the profile"}, 1u,
             100'000u, in(&kafka_settings::history)),
      optional_text(
          {"kafka-dead-letter", group, "TOPIC", "Topic for messages that cannot be used; empty: none"},
          in(&kafka_settings::dead_letter)),
      optional_text(
          {"kafka-results-topic", group, "TOPIC", "Topic for each list that was stored; empty: none"},
          in(&kafka_settings::results_topic)),
      properties({"kafka-option", group, "NAME=VALUE", "A property of librdkafka, such as security.protocol"},
                 in(&kafka_settings::options)),
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
  for (auto& part : {http_table(), admin_table(), store_setting_table(), models_table(), gate_table(),
                     cascade_table(), pipeline_table(), poller_table(), fleet_table(), learning_table(),
                     trace_table(), kafka_table(), log_table()})
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
