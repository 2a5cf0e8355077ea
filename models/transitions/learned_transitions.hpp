#pragma once

#include "models/recall/scored_item.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <memory>
#include <vector>

namespace winnow {

/// What an event adds to the weight of the transition from `item` to `next`.
struct transition_gain {
  std::uint32_t item = 0;
  std::uint32_t next = 0;
  float weight = 0;
};

/// Transitions that were counted while serving: a bounded list of successors for each item. Immutable. The
/// lists are kept in pages of neighbouring items, and a new version shares the pages that did not change with
/// its predecessor, so that a version costs what changed and not what is known.
class transition_pages {
public:
  /// The successors of an item, in ascending order of their index.
  gsl::span<const scored_item> after(std::uint32_t item) const noexcept {
    const std::size_t at = item / page_items;
    return at < pages_.size() && pages_[at] ? pages_[at]->after(item % page_items)
                                            : gsl::span<const scored_item>();
  }

  /// The transitions of all lists.
  std::size_t size() const noexcept { return size_; }

  /// Returns a version with these gains. If a list would become longer than `most_successors`, its lightest
  /// transitions are dropped.
  transition_pages with(const std::vector<transition_gain>& gains, std::size_t most_successors) const;

  /// Returns a version in which each weight is multiplied by `factor`.
  transition_pages scaled(float factor) const;

  /// Returns a version without about this share (0 to 1) of all transitions, the lightest.
  transition_pages without_lightest(double share) const;

  /// Calls `take(item, successors)` for each item that has successors.
  template<class Take>
  void for_each(Take take) const {
    for (std::size_t at = 0; at < pages_.size(); ++at)
      for (std::size_t slot = 0; pages_[at] && slot < page_items; ++slot)
        if (const auto successors = pages_[at]->after(slot); !successors.empty())
          take(static_cast<std::uint32_t>(at * page_items + slot), successors);
  }

private:
  static constexpr std::size_t page_items = 32;

  struct page {
    std::array<std::uint32_t, page_items + 1> ends = {};
    std::vector<scored_item> successors;

    gsl::span<const scored_item> after(std::size_t slot) const noexcept {
      return {successors.data() + ends[slot], static_cast<std::size_t>(ends[slot + 1] - ends[slot])};
    }

    page without_lighter(float least, std::size_t& equal_left) const;
  };

  float weight_at(double share) const;
  static page merged(const page* old, gsl::span<const transition_gain> gains, std::size_t most_successors);

  std::vector<std::shared_ptr<const page>> pages_; ///< Null if no item of the page has successors.
  std::size_t size_ = 0;
};

/// What a daemon has learned about transitions since the training. All weights and counts are in units of an
/// event at the training's time: newer events weigh more, which is how older ones fade.
struct learned_transitions {
  /// Already normalised by the popularity that the items had in the training.
  transition_pages pages;
  /// By item: how much the normalisation by popularity has changed since the training.
  std::shared_ptr<const std::vector<float>> damping;
  float trained_share = 1; ///< What the trained transitions still count.
};

} // namespace winnow
