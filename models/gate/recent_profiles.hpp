#pragma once

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace winnow {

/// A user and the newest items of their history, oldest first.
struct recent_profile {
  std::string user_id;
  std::shared_ptr<const std::vector<std::string>> items;
};

/// The profiles that were read last, one a user, to compare versions of the models with. Thread-safe.
class recent_profiles {
public:
  /// @param most How many are kept.
  explicit recent_profiles(std::size_t most) : most_(most) {}

  /// Keeps a profile, or of a long one the newest 200 items, in the place of the oldest.
  void add(std::string_view user_id, const std::shared_ptr<const std::vector<std::string>>& items);

  /// Keeps nothing of a user any more.
  void forget(std::string_view user_id);

  std::vector<recent_profile> all() const;

private:
  const std::size_t most_;
  mutable std::mutex mutex_; ///< Guards what follows.
  std::vector<recent_profile> kept_;
  std::unordered_map<std::string, std::size_t> by_user_; ///< Index into `kept_`.
  std::size_t next_ = 0;                                 ///< To be replaced once there is no room.
};

} // namespace winnow
