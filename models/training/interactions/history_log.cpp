#include "models/training/interactions/history_log.hpp"

#include "models/files/id_field.hpp"

#include <optional>

namespace winnow {

void history_log::add(std::string_view user, gsl::span<const std::string> items) {
  std::optional<std::uint32_t> row;
  for (const auto& id : items) {
    if (!is_item_id(id)) {
      ++damaged_;
      continue;
    }
    if (!row)
      row = log_.users.insert(user).first;
    const auto item = log_.items.insert(id).first;
    if (item == last_user_.size())
      last_user_.push_back(0);
    if (last_user_[item] == *row + 1) {
      ++repeated_;
      continue;
    }
    last_user_[item] = *row + 1;
    log_.events.push_back({*row, item, static_cast<std::int64_t>(log_.events.size())});
  }
}

interaction_log history_log::take() && {
  log_.has_times = true;
  return std::move(log_);
}

} // namespace winnow
