#include "config/settings/setting_table.hpp"

#include "config/settings/setting_kinds.hpp"

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
      number({"max-connections", group, "COUNT", "Further connections are answered 503"}, 1u, 1'000'000u,
             in(&http_settings::max_connections)),
      number({"max-header-bytes", group, "BYTES", "Longer request headers are answered 431"}, 1024u,
             1u << 20u, in(&http_settings::max_header_bytes)),
      number({"max-body-bytes", group, "BYTES", "Longer request bodies are answered 413"}, 1u, 1u << 30u,
             in(&http_settings::max_body_bytes)),
      duration({"header-timeout", group, {}, "For a request's headers to arrive"}, 1ms, 1h,
               in(&http_settings::header_timeout)),
      duration({"body-timeout", group, {}, "For a request's body to arrive"}, 1ms, 1h,
               in(&http_settings::body_timeout)),
      duration({"idle-timeout", group, {}, "A connection idle for longer is closed"}, 1ms, 24h,
               in(&http_settings::idle_timeout)),
      origin_list({"cors-origins", group, "ORIGINS", "Who may read answers in a browser; empty: nobody"},
                  in(&http_settings::cors_origins)),
      on_off({"access-log", group, {}, "Log every request"}, in(&http_settings::access_log)),
  };
}

table admin_table() {
  constexpr std::string_view group = "Admin";
  const auto in = [](auto member) { return at(&settings::admin, member); };
  return {
      admin({"admin", group, "ADDRESS", "Where operators find the daemon"}),
      secret(optional_text({"admin-token", group, "TEXT", "What operators must show; empty: nothing"},
                           in(&admin_settings::token))),
      duration({"stuck-after", group, {}, "An actor silent for longer is logged as stuck, a worker replaced"},
               100ms, 1h, in(&admin_settings::stuck_after)),
      on_off({"enable-faults", group, {}, "Allow operators to make stages fail, for tests"},
             in(&admin_settings::enable_faults)),
  };
}

table store_table() {
  constexpr std::string_view group = "Store";
  const auto in = [](auto member) { return at(&settings::store, member); };
  const auto part = [](auto member) { return at(&settings::store, &store_settings::address, member); };
  return {
      store({"store", group, "ADDRESS", "Where profiles are and lists go; wins over the redis-* settings"}),
      named("REDIS_HOST",
            text({"redis-host", group, "HOST", "The Redis server's host"}, part(&store_address::host))),
      named("REDIS_PORT", number({"redis-port", group, "PORT", "The Redis server's port"}, 1, 65535,
                                 part(&store_address::port))),
      named("REDIS_DB", number({"redis-db", group, "NUMBER", "The Redis database"}, 0u, 1'000'000u,
                               part(&store_address::database))),
      named("REDIS_USER",
            optional_text({"redis-user", group, "NAME", "The Redis user; empty: the default one"},
                          part(&store_address::user))),
      named("REDIS_PASSWORD",
            secret(optional_text({"redis-password", group, "TEXT", "The Redis password; empty: none"},
                                 part(&store_address::password)))),
      duration({"connect-timeout", group, {}, "For a connection to the store"}, 1ms, 1h,
               in(&store_settings::connect_timeout)),
      duration({"command-timeout", group, {}, "For the store's answer to a batch of commands"}, 1ms, 1h,
               in(&store_settings::command_timeout)),
      duration({"reconnect-min", group, {}, "First pause after a lost connection; it doubles"}, 1ms, 1h,
               in(&store_settings::reconnect_min)),
      duration({"reconnect-max", group, {}, "Longest pause between two attempts to connect"}, 1ms, 1h,
               in(&store_settings::reconnect_max)),
  };
}

table models_table() {
  constexpr std::string_view group = "Models";
  const auto in = [](auto member) { return at(&settings::models, member); };
  return {
      named("MODEL_DIR",
            text({"model-dir", group, "DIRECTORY", "The directory of the models"}, in(&model_settings::dir))),
      optional_text({"item-features", group, "FILE",
                     "Item features; empty: item_features.csv of the model directory, if there is one"},
                    in(&model_settings::item_features)),
      optional_text({"interactions", group, "FILE",
                     "Pairs to count popularity in; empty: lightgcn_data.csv of the model directory"},
                    in(&model_settings::interactions)),
      choice({"model-cache", group, "true|false",
              "Keep large parsed tables in .winnow-cache of the model directory"},
             "true or false", in(&model_settings::cache)),
      choice({"engine", group, "ENGINE",
              "What computes DIN and RankNet; torch, the slow reference, needs LibTorch"},
             "native or torch", in(&model_settings::engine)),
      number({"approximate-from", group, "ITEMS",
              "From so many items on an index finds nearly all of the best candidates; 0: never"},
             0u, 4'000'000'000u, in(&model_settings::approximate_from)),
  };
}

table cascade_table() {
  constexpr std::string_view group = "Cascade";
  const auto in = [](auto member) { return at(&settings::cascade, member); };
  constexpr cascade_widths fallback;
  return {
      width({"candidates", group, "COUNT",
             "Items that LightGCN proposes; not set: as model.json says, if it does"},
            fallback.candidates, in(&cascade_settings::candidates)),
      width({"din-keep", group, "COUNT", "Of those, how many DIN keeps; not set: the same"},
            fallback.din_keep, in(&cascade_settings::din_keep)),
      width({"ranknet-keep", group, "COUNT", "Of those, how many RankNet keeps: the list; not set: the same"},
            fallback.ranknet_keep, in(&cascade_settings::ranknet_keep)),
  };
}

table pipeline_table() {
  constexpr std::string_view group = "Pipeline";
  const auto in = [](auto member) { return at(&settings::pipeline, member); };
  return {
      duration({"deadline", group, {}, "For one request, from its arrival to its answer"}, 1ms, 10min,
               in(&pipeline_settings::deadline)),
      number({"max-in-flight", group, "COUNT", "Requests at work at once; further ones are answered 503"}, 1u,
             1'000'000u, in(&pipeline_settings::max_in_flight)),
      duration(
          {"max-queue-age", group, {}, "Requests that would wait longer in the pipeline are turned away"},
          1ms, 10min, in(&pipeline_settings::max_queue_age)),
      number({"background-in-flight", group, "COUNT", "Of those, at most this many for changed profiles"}, 1u,
             1'000'000u, in(&pipeline_settings::background_in_flight)),
      number({"max-batch", group, "COUNT", "Requests that a stage's worker takes at once"}, 1u, 4096u,
             in(&pipeline_settings::max_batch)),
      number({"stage-workers", group, "COUNT",
              "Workers of each stage, and threads that compute; 0: one per usable core"},
             0u, 1024u, in(&pipeline_settings::stage_workers)),
      duration({"drain-timeout", group, {}, "For work in flight to finish after SIGTERM"}, 0ms, 1h,
               in(&pipeline_settings::drain_timeout)),
  };
}

table poller_table() {
  constexpr std::string_view group = "Changes";
  const auto in = [](auto member) { return at(&settings::poller, member); };
  return {
      duration({"poll-interval", group, {}, "Between sweeps where the store cannot announce changes"}, 10ms,
               24h, in(&poller_settings::poll_interval)),
      duration({"sweep-interval", group, {}, "Between sweeps where it does announce them"}, 10ms, 24h,
               in(&poller_settings::sweep_interval)),
  };
}

table log_table() {
  constexpr std::string_view group = "Log";
  const auto in = [](auto member) { return at(&settings::log, member); };
  return {
      choice({"log-level", group, "LEVEL", "The least severe events that are logged"},
             "trace, debug, info, warning or error", in(&log_settings::level)),
      choice({"log-format", group, "FORMAT", "How events are written"}, "text or json",
             in(&log_settings::format)),
  };
}

table make_table() {
  table all;
  for (auto& part : {http_table(), admin_table(), store_table(), models_table(), cascade_table(),
                     pipeline_table(), poller_table(), log_table()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

template<class Value>
bool in_order(const Value& low, const Value& high) {
  return low <= high;
}

/// What nobody asked for gives way later, once the model directory has had its say.
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
