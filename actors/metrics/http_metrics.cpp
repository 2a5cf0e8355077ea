#include "actors/metrics/http_metrics.hpp"

#include "actors/metrics/metric_families.hpp"

#include <string>

namespace winnow {

http_metrics::http_metrics(prometheus::Registry& registry)
    : requests_(
          counters(registry, "winnow_http_requests_total", "HTTP requests answered, by route and code."),
          {"route", "code"}),
      duration_(histograms(registry, "winnow_http_duration_seconds", "Time to answer an HTTP request."),
                {"route"}, duration_buckets()),
      connections_(gauge(registry, "winnow_http_connections", "Open HTTP connections.")),
      refused_connections_(counter(registry, "winnow_http_connections_refused_total",
                                   "Connections over the limit, answered 503 or closed.")),
      refused_clients_(counters(registry, "winnow_http_refused_clients_total",
                                "Requests without the right token (401, 403) or over the rate (429)."),
                       {"reason"}),
      failed_handshakes_(
          counters(registry, "winnow_http_failed_handshakes_total", "TLS connections that failed."),
          {"reason"}),
      cut_answers_(counters(registry, "winnow_http_answers_cut_total", "Answers that were not sent whole."),
                   {"reason"}),
      unsent_bytes_(
          gauge(registry, "winnow_http_unsent_bytes", "Memory of answers that wait for their clients.")) {
  for (const char* reason : {"no_token", "unknown_token", "read_only_token", "rate"})
    refused_clients_.expose({reason});
  for (const char* reason : {"timeout", "not_tls", "certificate", "other"})
    failed_handshakes_.expose({reason});
  for (const char* reason : {"timeout", "memory", "disconnected", "shutdown"})
    cut_answers_.expose({reason});
}

void http_metrics::route(std::string_view route) const {
  for (const char* refusal : {"500", "503", "504"})
    requests_.expose({route, refusal});
}

void http_metrics::exchange(std::string_view route, unsigned status, std::chrono::nanoseconds took) {
  requests_.at({route, std::to_string(status)}).Increment();
  duration_.at({route}).Observe(to_seconds(took));
}

void http_metrics::connections(std::size_t count) {
  connections_.Set(static_cast<double>(count));
}

void http_metrics::connections_refused(std::uint64_t count) {
  refused_connections_.Increment(static_cast<double>(count));
}

void http_metrics::refused_client(std::string_view reason) {
  refused_clients_.at({reason}).Increment();
}

void http_metrics::failed_handshake(std::string_view reason) {
  failed_handshakes_.at({reason}).Increment();
}

void http_metrics::answer_cut(std::string_view reason) {
  cut_answers_.at({reason}).Increment();
}

void http_metrics::unsent_bytes(std::size_t bytes) {
  unsent_bytes_.Set(static_cast<double>(bytes));
}

} // namespace winnow
