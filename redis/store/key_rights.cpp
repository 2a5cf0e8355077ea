#include "redis/store/key_rights.hpp"

#include <algorithm>

namespace winnow {

/// Most commands find what they have to say noted already: then nothing is written that other threads read.
void key_rights::note(store_use use, std::atomic<bool> tally::*what) noexcept {
  auto& flag = of(use).*what;
  if (!flag.load(std::memory_order_relaxed))
    flag.store(true, std::memory_order_relaxed);
}

void key_rights::probe_denied(store_use use) noexcept {
  auto& one = of(use);
  if (!one.probe_was_served.exchange(false))
    return;
  one.denied_rounds = most_denied_rounds;
  one.served = false;
}

void key_rights::end_round() noexcept {
  for (auto& one : tallies_) {
    const bool served = one.served.exchange(false), denied = one.denied.exchange(false);
    if (served)
      one.denied_rounds = 0;
    else if (denied)
      one.denied_rounds = std::min(one.denied_rounds + 1, most_denied_rounds);
  }
}

bool key_rights::are_served(store_use use) const noexcept {
  const auto& one = tallies_[static_cast<std::size_t>(use)];
  return one.served || one.denied_rounds < most_denied_rounds;
}

} // namespace winnow
