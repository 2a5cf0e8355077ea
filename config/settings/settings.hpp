#pragma once

#include "config/settings/values/admin_address.hpp"
#include "config/settings/values/cascade_widths.hpp"
#include "config/settings/values/store_address.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace winnow {

/// Where profiles are read and lists are written, and the store's time limits.
struct store_settings {
  store_address address; ///< Default: redis:// built from REDIS_HOST, REDIS_PORT, REDIS_DB.
  std::chrono::milliseconds connect_timeout{1000};
  std::chrono::milliseconds command_timeout{1000}; ///< Longest silence of a server that owes replies.
  /// First pause after a lost connection; each further pause doubles, with jitter.
  std::chrono::milliseconds reconnect_min{100};
  std::chrono::milliseconds reconnect_max{5000}; ///< Longest pause between two attempts.
  bool list_records = true;                      ///< Whether to record beside each list what it was made of.
  std::chrono::milliseconds list_ttl{0};         ///< Time to live of lists; 0: they do not expire.
  /// Memory that the embedded store may take, in bytes; 0: a quarter of this machine's, or of its
  /// container's.
  std::size_t memory_limit = 0;
};

/// The REST server.
struct http_settings {
  std::string host = "0.0.0.0";       ///< Address to listen on.
  std::uint16_t port = 8001;          ///< 0 picks a free port, which is printed.
  std::string unix_socket;            ///< If set, listens on this path instead, for its own user only.
  std::size_t max_connections = 1024; ///< Further ones are answered with 503 and closed.
  /// Of these, those of one client address; 0: half of `max_connections`. Loopback and Unix sockets are
  /// exempt.
  std::size_t max_client_connections = 0;
  /// Proxies that are believed when they name the client: addresses and networks, separated by commas.
  std::string trusted_proxies;
  std::size_t max_header_bytes = 8192;   ///< Longer headers are answered with 431.
  std::size_t max_body_bytes = 1u << 20; ///< Longer bodies are answered with 413.
  /// Memory of answers that wait for their clients; over it, the one that has stood still for longest is cut.
  std::size_t max_unsent_bytes = 256u << 20;
  /// From a request's first byte to the end of its headers; then 408.
  std::chrono::milliseconds header_timeout{10'000};
  /// From the end of the headers to the end of the body; then 408. Also for a client to take each further 64
  /// KiB of an answer that waits for it; then the answer is cut.
  std::chrono::milliseconds body_timeout{10'000};
  /// Between two requests of a kept connection; then it is closed silently. Longer than the 60 s after which
  /// load balancers close theirs: the client that reuses a connection must also be the one that closes it.
  std::chrono::milliseconds idle_timeout{75'000};
  std::string cors_origins = "*"; ///< `*`, or a comma-separated list of origins; empty: no CORS headers.
  /// Of failures of one kind, at most one line per interval is logged.
  std::chrono::milliseconds failure_interval{60'000};
  bool access_log = false;     ///< One log event per request, whatever the log level.
  std::string token_file;      ///< Clients must send one of its tokens; empty: everyone may ask.
  bool open_probes = true;     ///< /livez, /readyz, /health and the page /docs need no token.
  std::size_t rate_limit = 0;  ///< Requests per second of one client or token; then 429. 0: no limit.
  std::size_t rate_burst = 0;  ///< Of these, how many at once; 0: those of one second.
  std::string tls_certificate; ///< PEM file, the server's certificate first; empty: no TLS.
  std::string tls_key;         ///< PEM file; empty: the key is in the certificate's file.
  std::string tls_client_ca;   ///< Clients need a certificate of one of its authorities; empty: none.
  bool legacy_metrics = false; ///< /metrics also has the names of the service that Winnow replaces.
};

/// The endpoint for operators, who watch and control the daemon through it. Separate from the REST server.
struct admin_settings {
  admin_address address;
  bool asked_for = false; ///< The address was set, so the daemon must be able to listen on it.
  std::string token;      ///< Requests must carry it. Empty: none, which is allowed only for a local address.
  /// File for the token that steering needs if `token` is empty; empty: see `admin_token_file.hpp`.
  std::string token_file;
  /// An actor that is silent for longer is logged as stuck; a stuck worker of a stage is replaced.
  std::chrono::milliseconds stuck_after{3000};
  bool enable_faults = false; ///< Operators may make stages fail, to test that the rest keeps working.
};

/// What computes DIN and RankNet: Winnow's own kernels, or LibTorch in double precision, the reference for
/// the kernels.
enum class ranker_engine { native, torch };

/// How the numbers of the users' tables are kept: as floats, or as 16-bit floats (IEEE 754 binary16), which
/// take half of the memory.
enum class table_precision { single, half };

/// The model directory. Its layout is that of the service that Winnow replaces.
struct model_settings {
  std::string dir = "/app/model_output";
  std::string item_features; ///< Empty: `<dir>/item_features.csv` if it exists, else the item embeddings.
  /// `user_id,item_id` pairs to count popularity from; empty: `<dir>/lightgcn_data.csv`.
  std::string interactions;
  bool cache = true; ///< Keep large parsed tables in `<dir>/.winnow-cache` for the next start.
  bool lock = false; ///< Keep the cached tables in memory (mlock).
  table_precision precision = table_precision::single; ///< Of the users' tables.
  ranker_engine engine = ranker_engine::native;
  std::string deny_items; ///< File of item ids that no list may have, one a line; empty: none.
  /// File that keeps what clients said about items; empty: `<dir>/.winnow-live/items`.
  std::string item_updates;
  /// From this many items on, candidates are searched in an approximate index; 0: never.
  std::size_t approximate_from = 200'000;
  std::size_t in_memory = 2; ///< Versions that stay in memory, the one in force among them, to go back to.
  /// The version of `<dir>/versions` to read; empty: what `current` names. Not set by users.
  std::string version;
  std::string rules; ///< File with the shop's rules for lists; empty: none.
};

/// What a new version of the models must fulfil, beside the one in force, before it is promoted. Zero
/// switches a condition off.
struct gate_settings {
  std::size_t profiles = 2000; ///< Recent profiles to compare with; 0: every version is promoted.
  double least_overlap = 0.05; ///< Share of the first 20 items that both versions recommend, on average.
  double least_hits = 0.8;     ///< Found newest items, as a share of those that the version in force finds.
  double least_coverage = 0.5; ///< Different items on all lists, relative to the version in force.
  double most_short = 0.02;    ///< Additional share of the lists that are short, or popular items alone.
  double most_time = 3;        ///< Computing time, relative to the version in force.
  double most_shift = 0;       ///< Population stability index of the final scores.
};

/// Limits of the work in the pipeline.
struct pipeline_settings {
  std::chrono::milliseconds deadline{500}; ///< For one request, from arrival to answer.
  std::size_t max_in_flight = 512;         ///< Requests in the pipeline; further ones get HTTP 503.
  /// A request that would wait longer in the pipeline gets HTTP 503 at once. While the queue does not drain,
  /// the limit is a quarter of this.
  std::chrono::milliseconds max_queue_age{20};
  /// How many of `max_in_flight` may be for profiles that changed in the store.
  std::size_t background_in_flight = 128;
  /// Users whose last lists are kept, to see whether they take what is on them; 0: nothing is watched.
  std::size_t watched_users = 100'000;
  std::size_t max_batch = 32;    ///< Requests that a stage worker takes at once.
  std::size_t stage_workers = 0; ///< Workers per stage, and compute threads; 0: one per usable core.
  /// After SIGTERM, for how long the daemon serves on while it reports that it is not ready, so that load
  /// balancers stop sending requests; 0: it stops at once.
  std::chrono::milliseconds shutdown_delay{0};
  std::chrono::milliseconds drain_timeout{10'000}; ///< Then, time for work in flight to finish.
};

/// How changed profiles are found.
struct poller_settings {
  std::chrono::milliseconds poll_interval{1000}; ///< Between sweeps if the server cannot announce changes.
  /// Between sweeps if it can; these find the changes that were missed.
  std::chrono::milliseconds sweep_interval{60'000};
  bool keep_lists = false; ///< Whether the list of a removed profile stays.
  /// Profiles that are not their user's newest, and their results, are removed when their timestamps are this
  /// long ago; 0: never.
  std::chrono::milliseconds older_profiles{0};
};

/// Learning from changed profiles while the models serve.
struct learning_settings {
  std::chrono::milliseconds interval{1000}; ///< Between two versions of what was learned; 0: learn nothing.
  /// After it, an event counts half as much as a new one.
  std::chrono::milliseconds half_life{std::chrono::hours(90 * 24)};
  std::size_t successors = 128;              ///< Learned transitions of an item; the heaviest stay.
  std::size_t most_transitions = 12'000'000; ///< Of all items together; 8 bytes each.
  std::size_t most_users = 4'000'000;        ///< Whose new items are recognised; about 30 bytes each.
  std::size_t adopt_after = 3;               ///< Readers before a new item is adopted; 0: never.
  std::size_t most_adopted = 10'000;         ///< Items.
  std::chrono::milliseconds save_interval{60'000};
  std::string state; ///< File that keeps what was learned; empty: `<dir>/.winnow-live/learned`.
};

/// Which traces are exported, by the names of OpenTelemetry. The `parentbased` ones decide only for requests
/// without a parent; the others follow the parent's decision.
enum class trace_sampler {
  always_on,
  always_off,
  traceidratio,
  parentbased_always_on,
  parentbased_always_off,
  parentbased_traceidratio
};

/// Traces of requests, exported to an OpenTelemetry collector, and slow requests.
struct trace_settings {
  std::string endpoint;        ///< URL of the collector, to which `/v1/traces` is added; empty: none.
  std::string traces_endpoint; ///< URL that is used as it is, in place of `endpoint`; empty: none.
  std::string headers;         ///< For the collector, as `key=value,…`, percent-encoded.
  std::string traces_headers;  ///< The same, in place of `headers`; empty: none.
  std::string service_name = "winnowd";
  std::string resource_attributes; ///< As `key=value,…`, percent-encoded.
  trace_sampler sampler = trace_sampler::parentbased_traceidratio;
  double ratio = 1;                      ///< Of the traces, from 0 to 1, for the `traceidratio` samplers.
  std::chrono::milliseconds slow{0};     ///< Requests that take this long are exported in any case; 0: none.
  std::chrono::milliseconds slow_log{0}; ///< Requests that take this long are logged; 0: none.
};

/// What a message of the Kafka topic holds: a user's whole history, or one event of a user.
enum class kafka_format { profiles, events };

/// Reading profiles or events from Kafka.
struct kafka_settings {
  bool enabled = false;
  std::string brokers = "localhost:9092"; ///< `host:port`, separated by commas.
  std::string topic = "user_behavior";
  std::string group = "winnow"; ///< Daemons with the same group share the topic's partitions.
  kafka_format format = kafka_format::profiles;
  std::size_t history = 500; ///< Of the events of a user, the newest so many make the profile.
  std::string dead_letter;   ///< Topic for messages that are no profiles or events; empty: none.
  std::string results_topic; ///< Topic for each stored list; empty: none.
  /// Properties of librdkafka by name; they override those that the daemon sets.
  std::vector<std::pair<std::string, std::string>> options;
};

/// Replicas that share the changes of one store.
struct fleet_settings {
  std::string name; ///< The same for all replicas; empty: this daemon is alone.
  /// What a replica has in hand and does not renew for this time is taken over by another.
  std::chrono::milliseconds claim_after{2000};
};

enum class log_format { text, json };
enum class log_level { trace, debug, info, warning, error };

struct log_settings {
  log_level level = log_level::info;
  log_format format = log_format::text;
};

/// All settings, validated, with defaults. Read once at the start and passed down by value.
struct settings {
  store_settings store;
  http_settings http;
  admin_settings admin;
  model_settings models;
  gate_settings gate;
  cascade_settings cascade; ///< Unset widths come from the model directory.
  pipeline_settings pipeline;
  poller_settings poller;
  learning_settings learning;
  kafka_settings kafka;
  fleet_settings fleet;
  log_settings log;
  trace_settings tracing;
};

} // namespace winnow
