#pragma once

#include "config/settings/values/store_address.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace winnow {

/// Private to this folder: the failovers that sentinels announced, and the connections that
/// end with them. The old master may take writes for seconds, which are lost then. Thread-safe.
class failover_record {
public:
  /// While it exists, a failover to another server than `place` shuts down the socket, so that its owner sees
  /// that the server has hung up.
  class membership {
  public:
    /// @param known How many failovers there were when the sentinels were asked for the place: one since then
    ///        counts as well.
    membership(std::shared_ptr<failover_record> record, std::uint64_t known, const store_place& place,
               int descriptor);
    membership(const membership&) = delete;
    membership& operator=(const membership&) = delete;
    ~membership();

  private:
    std::shared_ptr<failover_record> record_;
    std::uint64_t number_;
  };

  /// How many failovers were announced: a new number is the time to connect again.
  std::shared_ptr<const std::atomic<std::uint64_t>> failovers() const noexcept { return failovers_; }

  /// The master that was announced last; its host is empty if none was.
  store_place announced() const;

  /// A sentinel announced this master. All sentinels announce the same failover, one after the other.
  void announce(const store_place& master);

  /// A connection to this master was opened though another one was announced: an announcement was missed.
  void note(const store_place& master);

private:
  struct member {
    std::uint64_t number;
    store_place place;
    int descriptor;
  };

  std::uint64_t add(std::uint64_t known, const store_place& place, int descriptor);
  void remove(std::uint64_t number);

  mutable std::mutex mutex_;
  std::vector<member> members_;
  std::uint64_t last_number_ = 0;
  store_place announced_;
  std::shared_ptr<std::atomic<std::uint64_t>> failovers_ = std::make_shared<std::atomic<std::uint64_t>>(0);
};

} // namespace winnow
