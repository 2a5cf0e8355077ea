#include "actors/poller/write_refusals.hpp"

#include <utility>

namespace winnow {

namespace {

// Beyond it, users are forgotten, which costs each of them one more try.
constexpr std::size_t most_denied = 100'000;

} // namespace

void write_refusals::stored(const std::string& user) {
  ++stored_;
  refusing_ = false;
  pauses_.succeeded();
  if (!denied_.empty())
    denied_.erase(user);
}

bool write_refusals::is_denied_alone(const std::string& user) {
  if (denied_.size() >= most_denied)
    denied_.clear();
  const auto [known, is_new] = denied_.try_emplace(user, stored_);
  return !is_new && stored_ > std::exchange(known->second, stored_);
}

void write_refusals::refused() {
  refusing_ = true;
  pauses_.failed();
}

} // namespace winnow
