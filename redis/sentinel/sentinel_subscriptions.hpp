#pragma once

#include "config/settings/settings.hpp"
#include "redis/backoff.hpp"
#include "redis/connection/redis_connection.hpp"

#include <functional>
#include <optional>
#include <thread>
#include <vector>

namespace winnow {

/// Private to this folder: a thread that is subscribed to the failovers of a master at each of its sentinels.
class sentinel_subscriptions {
public:
  /// @param announced Called on the thread with the new master, once for each sentinel.
  sentinel_subscriptions(const store_settings& settings, std::function<void(const store_place&)> announced);
  ~sentinel_subscriptions();
  sentinel_subscriptions(const sentinel_subscriptions&) = delete;
  sentinel_subscriptions& operator=(const sentinel_subscriptions&) = delete;

private:
  using clock = redis_connection::clock;

  struct subscription {
    store_place sentinel;
    backoff pauses;
    std::optional<redis_connection> connection;
    clock::time_point next_ping{};
    bool pinged = false; ///< And nothing was heard since.
  };

  void run();
  void subscribe(subscription& one);
  void wait();
  void read(subscription& one);
  void beat(subscription& one) const;
  void lose(subscription& one, const error& why) const;

  store_settings settings_;
  std::function<void(const store_place&)> announced_;
  std::vector<subscription> all_;
  int stop_; ///< An eventfd: readable once the thread should end.
  std::thread thread_;
};

} // namespace winnow
