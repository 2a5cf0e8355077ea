#include "actors/poller/known_timestamps.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

void known_timestamps::note(const profile_key& key, const entry& known) {
  const auto hash = std::hash<profile_key>()(key);
  seen_[hash] = known;
  if (const auto found = in_sweep_.find(hash); found != in_sweep_.end())
    found->second = known;
}

void known_timestamps::announced(const profile_key& key) {
  note(key, {});
  if (sweeping_) // it may be behind the sweep, which would forget it
    in_sweep_[std::hash<profile_key>()(key)] = {};
}

void known_timestamps::lacks_result(const profile_key& key) {
  const auto known = seen_.find(std::hash<profile_key>()(key));
  if (known == seen_.end() || known->second.what != state::refused)
    note(key, {});
}

bool known_timestamps::recalls(const profile_key& key, std::uint64_t content) {
  const auto known = seen_.find(std::hash<profile_key>()(key));
  if (known == seen_.end() || known->second.what != state::trusted)
    return false;
  stored(key, content);
  return true;
}

bool known_timestamps::is_due(const profile_key& key) const {
  const auto known = seen_.find(std::hash<profile_key>()(key));
  return known != seen_.end() && known->second.what == state::due;
}

bool known_timestamps::needs_result(const profile_key& key, std::uint64_t content) {
  const auto known = seen_.find(std::hash<profile_key>()(key));
  if (known == seen_.end() || known->second.what == state::due)
    return true;
  if (known->second.what == state::trusted)
    stored(key, content);
  return known->second.content != content;
}

void known_timestamps::begin_sweep() {
  in_sweep_.clear();
  sweeping_ = true;
}

bool known_timestamps::found(const profile_key& key) {
  const auto [known, is_new] =
      seen_.insert({std::hash<profile_key>()(key), {0, swept_ ? state::due : state::trusted}});
  in_sweep_.insert(*known);
  return is_new && swept_;
}

void known_timestamps::forget(const profile_key& key) {
  const auto hash = std::hash<profile_key>()(key);
  seen_.erase(hash);
  in_sweep_.erase(hash);
}

bool known_timestamps::finish_sweep() {
  const bool all_found = std::all_of(seen_.begin(), seen_.end(),
                                     [this](const auto& known) { return in_sweep_.count(known.first) > 0; });
  seen_ = std::exchange(in_sweep_, {});
  swept_ = true;
  sweeping_ = false;
  return !all_found;
}

} // namespace winnow
