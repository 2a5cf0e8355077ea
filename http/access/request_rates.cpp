#include "http/access/request_rates.hpp"

#include <algorithm>

namespace winnow::http {

request_rates::request_rates(std::size_t per_second, std::size_t burst, std::size_t most_clients)
    : interval_(per_second == 0 ? clock::duration::zero()
                                : clock::duration(std::chrono::seconds(1)) / static_cast<long>(per_second)),
      burst_(interval_ * static_cast<long>(burst == 0 ? per_second : burst)), most_clients_(most_clients) {}

std::optional<request_rates::clock::duration> request_rates::take(const std::string& client,
                                                                  clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const auto found = by_client_.find(client);
  if (found == by_client_.end()) {
    if (by_client_.size() >= most_clients_) {
      by_client_.erase(buckets_.back().client);
      buckets_.pop_back();
    }
    buckets_.push_front({client, now + interval_});
    by_client_.emplace(client, buckets_.begin());
    return std::nullopt;
  }
  buckets_.splice(buckets_.begin(), buckets_, found->second);
  auto& full_at = found->second->full_at;
  const auto then = std::max(full_at, now) + interval_;
  if (then - now > burst_)
    return then - now - burst_;
  full_at = then;
  return std::nullopt;
}

} // namespace winnow::http
