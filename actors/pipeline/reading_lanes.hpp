#pragma once

#include "actors/pipeline/profile_reader.hpp"
#include "actors/runtime/cost_turns.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <utility>

namespace winnow {

/// Where profiles are read and looked up that are too long to be read between other requests. There are two
/// lanes, so that long profiles do not wait for huge ones. In each, what costs more waits longer.
class reading_lanes {
public:
  /// From this size on, a profile is long: it takes longer to read than to pass on to another thread. The
  /// profiles of most users are shorter.
  static constexpr std::size_t long_bytes = 8u << 10;

  struct lane {
    profile_reader_actor reader;
    std::shared_ptr<cost_turns> turns;
  };

  /// @param pauses Between huge ones.
  explicit reading_lanes(cost_turns::pauses pauses)
      : lanes_{lane{{}, std::make_shared<cost_turns>()},
               lane{{}, std::make_shared<cost_turns>(std::move(pauses))}} {}

  /// What a profile with this number of items costs, in bytes of its JSON.
  static constexpr std::size_t bytes_of(std::size_t items) noexcept { return items * bytes_per_item; }

  const lane& of(std::size_t bytes) const noexcept {
    return lanes_[bytes < cost_turns::costly_bytes ? 0 : 1];
  }
  const lane& of_huge() const noexcept { return lanes_[1]; }

  void use(std::array<profile_reader_actor, 2> readers) {
    for (std::size_t i = 0; i < lanes_.size(); ++i)
      lanes_[i].reader = std::move(readers[i]);
  }

  /// Drops what waits.
  void abandon() {
    for (const auto& one : lanes_)
      one.turns->abandon();
  }

private:
  static constexpr std::size_t bytes_per_item = 14; // an id of ten characters, quotes, comma and blank

  std::array<lane, 2> lanes_;
};

} // namespace winnow
