#include "redis/cluster/cluster_change_tracker.hpp"

#include <algorithm>
#include <iterator>
#include <poll.h>
#include <utility>

namespace winnow {
namespace {

using namespace std::chrono_literals;

constexpr auto look_interval = 1s;
constexpr auto look_interval_in_trouble = 100ms;

void append(change_batch& batch, change_batch more) {
  batch.lost |= more.lost;
  if (!more.interrupted.empty())
    batch.interrupted = std::move(more.interrupted);
  batch.changed.insert(batch.changed.end(), std::make_move_iterator(more.changed.begin()),
                       std::make_move_iterator(more.changed.end()));
}

} // namespace

cluster_change_tracker::cluster_change_tracker(const store_settings& settings)
    : settings_(settings), places_(settings.address.nodes) {}

result<change_batch> cluster_change_tracker::wait(std::chrono::milliseconds timeout) {
  const auto until = clock::now() + timeout;
  change_batch batch;
  for (;;) {
    const auto found = find_masters(batch);
    auto trouble = read_all(batch);
    if (!found)
      trouble = found.error();
    if (batch.lost || !batch.changed.empty() || !batch.interrupted.empty())
      return batch;
    await(until);
    if (clock::now() < until)
      continue;
    if (trouble)
      return tl::unexpected<error>(std::move(*trouble));
    return batch;
  }
}

void cluster_change_tracker::rest() {
  for (auto& [place, tracker] : masters_)
    tracker->rest();
}

result<void> cluster_change_tracker::find_masters(change_batch& batch) {
  const auto now = clock::now();
  if (now < next_look_)
    return {};
  next_look_ = now + look_interval;
  const auto table = fetch_slots(settings_, places_, now + settings_.connect_timeout);
  if (!table) {
    next_look_ = clock::now() + look_interval_in_trouble;
    return tl::unexpected<error>(table.error());
  }
  std::map<std::string, std::unique_ptr<redis_change_tracker>> masters;
  for (const auto& place : table->masters) {
    auto known = masters_.extract(to_string(place));
    masters[to_string(place)] =
        known.empty() ? std::make_unique<redis_change_tracker>(settings_for_node(settings_, place))
                      : std::move(known.mapped());
  }
  batch.lost |= !masters_.empty(); // some are gone, and their keys are elsewhere
  masters_ = std::move(masters);
  return {};
}

/// Takes what has been announced, without waiting. Returns the error of a master that cannot be followed.
std::optional<error> cluster_change_tracker::read_all(change_batch& batch) {
  std::optional<error> trouble;
  for (auto& [place, tracker] : masters_) {
    if (auto more = tracker->wait(0ms); more)
      append(batch, std::move(*more));
    else
      trouble = std::move(more.error());
  }
  if (trouble)
    next_look_ = std::min(next_look_, clock::now() + look_interval_in_trouble);
  return trouble;
}

/// Waits until a master announces something, or something is due.
void cluster_change_tracker::await(clock::time_point until) const {
  std::vector<pollfd> entries;
  for (const auto& [place, tracker] : masters_)
    tracker->add_descriptors(entries);
  constexpr auto longest = 50ms; // heartbeats may be due
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
  ::poll(entries.data(), entries.size(), static_cast<int>(std::clamp(left, 0ms, longest + 0ms).count()));
}

} // namespace winnow
