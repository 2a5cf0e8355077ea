#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/rest/admission.hpp"
#include "actors/status/actor_record.hpp"
#include "actors/status/health_board.hpp"
#include "config/settings/settings.hpp"
#include "http/server.hpp"

#include <memory>
#include <mutex>
#include <optional>

namespace winnow {

/// What the front works with.
struct http_front_parts {
  http_settings http;
  pipeline_settings pipeline;
  bool profile_writes = false;
  std::shared_ptr<health_board> health;
  std::shared_ptr<metrics> meters;
};

/// The public HTTP server's sockets. They outlive the actor that answers: while that one is started anew, no
/// connection breaks and requests get 503. The door is here, too: what cannot be taken is refused on the I/O
/// thread, before it costs anything. Thread-safe.
class http_front {
public:
  explicit http_front(http_front_parts parts);
  ~http_front(); ///< stop().
  http_front(const http_front&) = delete;
  http_front& operator=(const http_front&) = delete;

  /// From now on this actor answers, and its record accounts for the exchanges.
  void serve_with(http_server_actor actor, actor_record_ptr record);

  /// Binds and serves; the port, also when it is asked again. An error names the address.
  result<std::uint16_t> listen();

  /// A request for a list got one: what the rate at which requests can leave is measured by.
  void served(admission::clock::time_point received) { door_->served(admission::clock::now() - received); }

  void stop_accepting();
  http::server_counts counts() const;

  /// The same, after counting the connections that were turned away since.
  http::server_counts publish();

  /// Closes everything and lets go of the actor, which must not outlive its system.
  void stop();

private:
  std::optional<error> admit(http_call_ptr& call) const;
  void take(http_call_ptr call);
  void note(const http::exchange& done);
  std::shared_ptr<http::server> server() const;

  const http_front_parts parts_;
  const std::shared_ptr<admission> door_;
  mutable std::mutex mutex_; ///< For what follows.
  http_server_actor actor_;
  actor_record_ptr record_;
  std::shared_ptr<http::server> server_;
  std::optional<std::uint16_t> port_;
  std::uint64_t refused_ = 0; ///< Connections that were turned away and are counted.
};

} // namespace winnow
