#include "redis/connection/failover_record.hpp"

#include "config/log/log.hpp"

#include <algorithm>
#include <string>
#include <sys/socket.h>
#include <utility>

namespace winnow {

void failover_record::announce(const store_place& master) {
  const std::lock_guard lock(mutex_);
  if (announced_ == master)
    return;
  announced_ = master;
  for (const auto& one : members_)
    if (!(one.place == master))
      ::shutdown(one.descriptor, SHUT_RDWR);
  ++*failovers_;
  log_event(log_level::warning, "sentinels", "failover", {{"master", to_string(master)}});
}

void failover_record::note(const store_place& master) {
  const std::lock_guard lock(mutex_);
  announced_ = master;
}

store_place failover_record::announced() const {
  const std::lock_guard lock(mutex_);
  return announced_;
}

std::uint64_t failover_record::add(std::uint64_t known, const store_place& place, int descriptor) {
  const std::lock_guard lock(mutex_);
  if (*failovers_ != known && !(announced_ == place))
    ::shutdown(descriptor, SHUT_RDWR);
  members_.push_back({++last_number_, place, descriptor});
  return last_number_;
}

void failover_record::remove(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  members_.erase(std::find_if(members_.begin(), members_.end(),
                              [number](const member& one) { return one.number == number; }));
}

failover_record::membership::membership(std::shared_ptr<failover_record> record, std::uint64_t known,
                                        const store_place& place, int descriptor)
    : record_(std::move(record)), number_(record_->add(known, place, descriptor)) {}

failover_record::membership::~membership() {
  record_->remove(number_);
}

} // namespace winnow
