#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace winnow::http {

/// Limits the requests of each client per second, as a token bucket does: `burst` at once, then one per
/// interval. Thread-safe.
class request_rates {
public:
  using clock = std::chrono::steady_clock;

  /// @param per_second 0: no limit.
  /// @param burst How many may come at once after a pause; 0: as many as in a second.
  /// @param most_clients Of more, the one that has asked last the longest time ago is forgotten, so that it
  /// has
  ///                     a full bucket again.
  request_rates(std::size_t per_second, std::size_t burst, std::size_t most_clients = 65'536);
  request_rates(const request_rates&) = delete;
  request_rates& operator=(const request_rates&) = delete;

  bool is_on() const noexcept { return interval_ > clock::duration::zero(); }

  /// Counts a request of the client. If it is over the limit, it does not count; returns how long to wait.
  std::optional<clock::duration> take(const std::string& client, clock::time_point now);

private:
  struct bucket {
    std::string client;
    clock::time_point full_at; ///< When the client may again send a whole burst.
  };

  const clock::duration interval_;
  const clock::duration burst_;
  const std::size_t most_clients_;
  std::mutex mutex_;
  std::list<bucket> buckets_; ///< The client that has asked last comes first.
  std::unordered_map<std::string, std::list<bucket>::iterator> by_client_;
};

} // namespace winnow::http
