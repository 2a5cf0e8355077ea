#pragma once

#include "redis/store/store_use.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace winnow {

/// Private to this folder: whether an ACL serves the keys of users, for each use, by what commands for users
/// brought. An ACL may serve the keys of some users only; what it says of the key of a probe, which is no
/// user's, then means nothing. Thread-safe.
class key_rights {
public:
  /// A round ends with a probe. The keys of users count as denied after this many rounds with commands that
  /// were all denied their keys. Rounds without commands count for nothing.
  static constexpr std::uint32_t most_denied_rounds = 16;

  void served(store_use use) noexcept { note(use, &tally::served); }
  void denied(store_use use) noexcept { note(use, &tally::denied); }

  void probe_served(store_use use) noexcept { of(use).probe_was_served = true; }

  /// If the key of the probe was served before, the rights have changed: what commands brought until then
  /// means nothing any more.
  void probe_denied(store_use use) noexcept;

  void end_round() noexcept;

  /// Whether the keys of some users at least are served, as far as commands have shown.
  bool are_served(store_use use) const noexcept;

private:
  struct tally {
    std::atomic<bool> served{false}, denied{false}; ///< In the present round.
    std::atomic<bool> probe_was_served{false};
    std::atomic<std::uint32_t> denied_rounds{most_denied_rounds}; ///< As if denied until one is served.
  };

  tally& of(store_use use) noexcept { return tallies_[static_cast<std::size_t>(use)]; }
  void note(store_use use, std::atomic<bool> tally::*what) noexcept;

  std::array<tally, store_uses> tallies_;
};

} // namespace winnow
