#pragma once

#include "actors/http_messages.hpp"
#include "actors/interfaces.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/rest/admission.hpp"
#include "actors/status/actor_record.hpp"
#include "actors/status/health_board.hpp"
#include "actors/tracing/tracer.hpp"
#include "config/settings/settings.hpp"
#include "http/server.hpp"

#include <memory>
#include <mutex>
#include <optional>

namespace winnow {

/// What the front needs.
struct http_front_parts {
  http_settings http;
  pipeline_settings pipeline;
  bool profile_writes = false;
  std::shared_ptr<health_board> health;
  std::shared_ptr<metrics> meters;
  http::security guard = {};   ///< Who may ask, and the certificate.
  tracer_ptr traces = nullptr; ///< Null: requests are not traced.
};

/// Owns the public HTTP server. It outlives the actor that answers the requests: while that actor restarts,
/// connections stay open and requests get 503. Admission control is here as well, so requests that cannot be
/// handled are refused cheaply on the I/O thread. Thread-safe.
class http_front {
public:
  explicit http_front(http_front_parts parts);
  ~http_front(); ///< Calls stop().
  http_front(const http_front&) = delete;
  http_front& operator=(const http_front&) = delete;

  /// Sets the actor that answers requests from now on, and the record that counts the exchanges.
  void serve_with(http_server_actor actor, actor_record_ptr record);

  /// Binds and serves. Returns the port, the same on every call, or an error that names the address.
  result<std::uint16_t> listen();

  /// Reports that a recommendation request received at this time succeeded. Admission control measures the
  /// rate of these reports.
  void served(admission::clock::time_point received) { door_->served(admission::clock::now() - received); }

  /// Why a request for a list must be refused, which is counted; nullopt if it is admitted. Then it has a
  /// place, which `place` keeps. For requests that were not checked on arrival because their cost was
  /// unknown.
  std::optional<error> enter() const;

  /// Counts a request for a list that is refused. Returns the reason.
  error refused(error why) const;

  /// How many lists of batches may be computed at a time: as many as a stage computes together.
  std::size_t most_batched() const noexcept { return parts_.pipeline.max_batch; }

  /// Lets in some of the lists of a batch, see `admission::enter_some`. Each has a place, which `place`
  /// keeps.
  std::size_t enter_some(std::size_t wanted) const;

  /// The place of a request that was let in. It ends with the last copy.
  std::shared_ptr<const admission::place> place() const;

  void stop_accepting();
  http::server_counts counts() const;

  /// Brings the metrics of connections and unsent answers up to date, and returns counts().
  http::server_counts publish();

  /// Closes all connections and releases the actor, which must not outlive its actor system.
  void stop();

private:
  std::optional<error> admit(http_call_ptr& call) const;
  void take(http_call_ptr call);
  void note(const http::exchange& done);
  std::shared_ptr<http::server> server() const;

  const http_front_parts parts_;
  const std::shared_ptr<admission> door_;
  mutable std::mutex mutex_; ///< Guards the members below.
  http_server_actor actor_;
  actor_record_ptr record_;
  std::shared_ptr<http::server> server_;
  std::optional<std::uint16_t> port_;
  std::uint64_t refused_ = 0; ///< Refused connections that are already in the metrics.
};

} // namespace winnow
