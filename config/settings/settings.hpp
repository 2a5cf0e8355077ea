#pragma once

#include "config/settings/admin_address.hpp"
#include "config/settings/cascade_widths.hpp"
#include "config/settings/store_address.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace winnow {

/// Where profiles are read and lists are written, and how long the store may take.
struct store_settings {
  store_address address; ///< Default: redis:// built from REDIS_HOST, REDIS_PORT, REDIS_DB.
  std::chrono::milliseconds connect_timeout{1000};
  std::chrono::milliseconds command_timeout{
      1000}; ///< For one pipeline, from its first byte to its last reply.
  std::chrono::milliseconds reconnect_min{
      100}; ///< First pause after a lost connection; doubles, with jitter.
  std::chrono::milliseconds reconnect_max{5000}; ///< Longest pause between two attempts.
};

/// The REST server.
struct http_settings {
  std::string host = "0.0.0.0";          ///< Address to listen on.
  std::uint16_t port = 8001;             ///< 0 picks a free one, which is printed.
  std::string unix_socket;               ///< Set: listens on this path instead, for its own user alone.
  std::size_t max_connections = 1024;    ///< Further ones are answered 503 and closed.
  std::size_t max_header_bytes = 8192;   ///< Beyond: 431.
  std::size_t max_body_bytes = 1u << 20; ///< Beyond: 413.
  std::chrono::milliseconds header_timeout{
      10'000}; ///< From a request's first byte to the end of its headers: 408.
  std::chrono::milliseconds body_timeout{
      10'000}; ///< From the end of the headers to the end of the body: 408.
  std::chrono::milliseconds idle_timeout{
      60'000};                    ///< Between two requests of a kept connection: closed silently.
  std::string cors_origins = "*"; ///< `*`, or a comma-separated list of origins; empty: no CORS headers.
  bool access_log = false;        ///< One log event a request.
};

/// What operators watch and steer the daemon through, beside the REST server.
struct admin_settings {
  admin_address address;
  bool asked_for = false; ///< Somebody set the address: it has to be had.
  std::string token;      ///< Requests must bear it; empty: none, which only a loopback address may have.
  std::chrono::milliseconds stuck_after{
      3000}; ///< An actor silent for longer is logged as stuck; a stage's worker is replaced.
  bool enable_faults = false; ///< Operators may make stages fail, to see that the rest holds.
};

/// What computes DIN and RankNet: Winnow's own kernels, or LibTorch in double precision, which they are held
/// to.
enum class ranker_engine { native, torch };

/// The model directory; its layout is that of the service Winnow replaces.
struct model_settings {
  std::string dir = "/app/model_output";
  std::string item_features; ///< Empty: `<dir>/item_features.csv` where it exists, else the item embeddings.
  std::string
      interactions;  ///< `user_id,item_id` pairs to count popularity in; empty: `<dir>/lightgcn_data.csv`.
  bool cache = true; ///< Keep large parsed tables in `<dir>/.winnow-cache` for the next start.
  ranker_engine engine = ranker_engine::native;
  std::size_t approximate_from =
      200'000; ///< Items from which on candidates are looked for in an approximate index; 0: never.
};

/// Bounds on the work in the pipeline.
struct pipeline_settings {
  std::chrono::milliseconds deadline{500}; ///< For one request, from its arrival to its answer.
  std::size_t max_in_flight = 512;         ///< Requests in the pipeline; beyond, HTTP gets 503.
  std::chrono::milliseconds max_queue_age{
      20}; ///< Once a request would wait for longer in the pipeline, HTTP gets 503 at once; while the queue
           ///< does not drain, for a quarter of it.
  std::size_t background_in_flight =
      128;                       ///< Of those, at most this many for profiles that changed in the store.
  std::size_t max_batch = 32;    ///< Requests that a stage worker takes at once.
  std::size_t stage_workers = 0; ///< Workers a stage, and threads that compute; 0: one per usable core.
  std::chrono::milliseconds drain_timeout{10'000}; ///< How long work in flight may take after SIGTERM.
};

/// Learning of changed profiles.
struct poller_settings {
  std::chrono::milliseconds poll_interval{1000}; ///< Between sweeps where the server cannot announce changes.
  std::chrono::milliseconds sweep_interval{
      60'000}; ///< Between sweeps where it does: they find what was missed.
};

enum class log_format { text, json };
enum class log_level { trace, debug, info, warning, error };

struct log_settings {
  log_level level = log_level::info;
  log_format format = log_format::text;
};

/// Everything that can be set, validated, with defaults; read once at start and passed down by value.
struct settings {
  store_settings store;
  http_settings http;
  admin_settings admin;
  model_settings models;
  cascade_settings cascade; ///< What is not asked for is as the model directory says.
  pipeline_settings pipeline;
  poller_settings poller;
  log_settings log;
};

} // namespace winnow
