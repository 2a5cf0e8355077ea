#pragma once

#include "actors/metrics/labelled_metrics.hpp"

#include <chrono>
#include <cstdint>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <string_view>

namespace winnow {

/// Metrics of the public HTTP server's connections and requests. Thread-safe.
class http_metrics {
public:
  explicit http_metrics(prometheus::Registry& registry);

  /// Declares a route, so that its refusal counters start at zero.
  void route(std::string_view route) const;

  /// A request was answered.
  void exchange(std::string_view route, unsigned status, std::chrono::nanoseconds took);

  /// Sets the number of open connections.
  void connections(std::size_t count);

  /// `count` more connections were refused.
  void connections_refused(std::uint64_t count);

  /// A client had no right to its request, or asked too often; see `http::observer`.
  void refused_client(std::string_view reason);

  /// A TLS connection did not come about; see `http::observer`.
  void failed_handshake(std::string_view reason);

  /// A client did not get all of its answer; see `http::exchange::cut`.
  void answer_cut(std::string_view reason);

  /// Sets the memory of the answers that wait for their clients.
  void unsent_bytes(std::size_t bytes);

private:
  labelled_metrics<prometheus::Counter, 2> requests_;
  labelled_metrics<prometheus::Histogram, 1> duration_;
  prometheus::Gauge& connections_;
  prometheus::Counter& refused_connections_;
  labelled_metrics<prometheus::Counter, 1> refused_clients_;
  labelled_metrics<prometheus::Counter, 1> failed_handshakes_;
  labelled_metrics<prometheus::Counter, 1> cut_answers_;
  prometheus::Gauge& unsent_bytes_;
};

} // namespace winnow
