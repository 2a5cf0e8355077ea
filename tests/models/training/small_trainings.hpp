#pragma once

#include "models/training/interactions/interaction_split.hpp"
#include "models/training/training_observer.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace winnow::test {

/// Keeps what is reported to the user, and stops when told to.
struct quiet_observer : training_observer {
  void begin_stage(std::string_view, std::size_t) override {}
  bool step(std::size_t, std::size_t, std::size_t) override { return go_on; }
  void end_epoch(std::size_t, double, const std::string&) override {}
  void end_stage(const std::string&) override {}
  bool wants_state() const override { return false; }
  void note(const std::string& text) override { notes.push_back(text); }

  bool go_on = true;
  std::vector<std::string> notes;
};

/// Users who walk through a ring of items in one direction, each from another place; the next item is held
/// back.
inline interaction_split ring(std::size_t items, bool with_validation) {
  constexpr std::uint32_t length = 6;
  interaction_split split;
  std::vector<interaction> train, valid;
  for (std::uint32_t item = 0; item < items; ++item)
    split.items.insert("item " + std::to_string(item));
  for (std::uint32_t user = 0; user < items; ++user) {
    split.users.insert("user " + std::to_string(user));
    for (std::uint32_t step = 0; step < length; ++step)
      train.push_back({user, static_cast<std::uint32_t>((user + step) % items), 0});
    if (with_validation)
      valid.push_back({user, static_cast<std::uint32_t>((user + length) % items), 0});
  }
  split.train = item_lists::group(items, train);
  split.valid = item_lists::group(items, valid);
  split.test = item_lists(items);
  return split;
}

} // namespace winnow::test
