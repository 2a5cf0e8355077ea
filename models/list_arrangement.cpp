#include "config/settings/values/cascade_widths.hpp"
#include "models/kernels/recall_kernels.hpp"
#include "models/kernels/sum_of_squares.hpp"
#include "models/list_wishes.hpp"
#include "models/model_set.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

// How the final list is chosen: the order of the stages, diversity, spread, and pins.

namespace winnow {

namespace {

/// Counts the values that the items of a list have of an attribute.
class value_counts {
public:
  value_counts(const model_set& models, const list_wishes& wishes) : models_(models), wishes_(wishes) {
    if (wishes.spread_by == nullptr)
      return;
    counts_.resize(wishes.spread_by->texts.size());
    for (const auto& pin : wishes.pins)
      add(pin.item);
  }

  void add(std::uint32_t item) {
    for (const auto value : values_of(item))
      ++counts_[value];
  }

  /// Whether the list has as many items with one of this item's values as it may have.
  bool are_full_for(std::uint32_t item) const {
    const auto values = values_of(item);
    return std::any_of(values.begin(), values.end(),
                       [&](std::uint32_t value) { return counts_[value] >= wishes_.most_of_one; });
  }

private:
  gsl::span<const std::uint32_t> values_of(std::uint32_t item) const {
    if (wishes_.spread_by == nullptr)
      return {};
    return wishes_.spread_by->labels_of(models_.attributes->row_of(models_.items, item));
  }

  const model_set& models_;
  const list_wishes& wishes_;
  std::vector<std::size_t> counts_; ///< By value.
};

/// Embeddings of some items one after the other, each of unit length; zeros stay zeros.
class unit_rows {
public:
  explicit unit_rows(const embedding_table& table) : table_(table) {}

  void assign(gsl::span<const scored_item> items) {
    numbers_.resize(items.size() * table_.width());
    starts_.resize(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto row = table_.row(items[i].item);
      const double squares = sum_of_squares(row);
      const auto scale = squares > 0 ? static_cast<float>(1 / std::sqrt(squares)) : 0.0f;
      float* const unit = numbers_.data() + i * table_.width();
      std::transform(row.data(), row.data() + row.size(), unit,
                     [scale](float number) { return number * scale; });
      starts_[i] = unit;
    }
    products_.resize(items.size());
  }

  gsl::span<const float> row(std::size_t i) const { return {starts_[i], table_.width()}; }

  /// The cosine of each row with a vector of unit length. Valid until the next call.
  gsl::span<const float> cosines(gsl::span<const float> unit) {
    kernels::multiply_rows(unit.data(), unit.size(), starts_.data(), starts_.size(), products_.data());
    return products_;
  }

private:
  const embedding_table& table_;
  std::vector<float> numbers_, products_;
  std::vector<const float*> starts_;
};

/// The last items that were chosen, as vectors of unit length.
class last_chosen {
public:
  explicit last_chosen(std::size_t width) : width_(width) {}

  void add(gsl::span<const float> unit) {
    if (numbers_.size() == most * width_)
      numbers_.erase(numbers_.begin(), numbers_.begin() + static_cast<std::ptrdiff_t>(width_));
    numbers_.insert(numbers_.end(), unit.begin(), unit.end());
  }

  std::size_t count() const { return numbers_.size() / width_; }
  gsl::span<const float> operator[](std::size_t i) const { return {numbers_.data() + i * width_, width_}; }

private:
  static constexpr std::size_t most = 20;

  std::size_t width_;
  std::vector<float> numbers_;
};

/// Chooses one item after the other from a few that follow each other in the order of one stage.
class diverse_window {
public:
  diverse_window(const model_set& models, float diversity)
      : diversity_(diversity), rows_(models.item_embeddings), before_(models.item_embeddings.width()) {}

  void open(gsl::span<const scored_item> items) {
    items_ = items;
    taken_.assign(items.size(), false);
    similarity_.assign(items.size(), 0.0f);
    rows_.assign(items);
    const auto [least, greatest] =
        std::minmax_element(items.begin(), items.end(),
                            [](const scored_item& a, const scored_item& b) { return a.score < b.score; });
    const float range = greatest->score - least->score;
    relevance_.resize(items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
      relevance_[i] = (1 - diversity_) * (range > 0 ? (items[i].score - least->score) / range : 1.0f);
    for (std::size_t i = 0; i < before_.count(); ++i)
      compare_with(before_[i]);
  }

  /// The item that is worth most; nullopt if none is left. @param is_wanted Takes an item.
  template<class Wanted>
  std::optional<std::uint32_t> next(Wanted is_wanted) {
    std::optional<std::size_t> best;
    float highest = 0;
    for (std::size_t place = 0; place < items_.size(); ++place) {
      if (taken_[place])
        continue;
      const float worth = relevance_[place] - diversity_ * similarity_[place];
      if ((best && worth <= highest) || !is_wanted(items_[place].item))
        continue;
      best = place;
      highest = worth;
    }
    if (!best)
      return std::nullopt;
    taken_[*best] = true;
    before_.add(rows_.row(*best));
    compare_with(rows_.row(*best));
    return items_[*best].item;
  }

private:
  void compare_with(gsl::span<const float> chosen) {
    const auto cosines = rows_.cosines(chosen);
    for (std::size_t place = 0; place < items_.size(); ++place)
      similarity_[place] = std::max(similarity_[place], cosines[place]);
  }

  float diversity_;
  gsl::span<const scored_item> items_;
  std::vector<bool> taken_;
  std::vector<float> similarity_; ///< By place: the greatest to an item that was chosen.
  std::vector<float> relevance_;  ///< By place: the score's part of the item's worth.
  unit_rows rows_;
  last_chosen before_;
};

/// Chooses items one by one from the parts of a list. Pinned items are none of them.
class arrangement {
public:
  arrangement(const model_set& models, const list_wishes& wishes, const list_parts& parts)
      : values_(models, wishes), diversity_(wishes.diversity), window_(models, wishes.diversity),
        left_(parts) {
    for (const auto& pin : wishes.pins)
      pinned_.push_back(pin.item);
    std::sort(pinned_.begin(), pinned_.end());
  }

  /// Nullopt if none is left.
  std::optional<std::uint32_t> next() {
    const auto item = diversity_ > 0 ? next_diverse() : next_in_order();
    if (item)
      values_.add(*item);
    return item;
  }

private:
  static constexpr std::size_t window_size = 100;

  bool is_wanted(std::uint32_t item) const {
    return !std::binary_search(pinned_.begin(), pinned_.end(), item) && !values_.are_full_for(item);
  }

  /// Takes the first items of what is left of a part: at most `count`, none if nothing is left.
  gsl::span<const scored_item> take(std::size_t count) {
    while (part_ < left_.size() && left_[part_].empty())
      ++part_;
    if (part_ == left_.size())
      return {};
    auto& part = left_[part_];
    const auto taken = part.first(std::min<std::size_t>(count, part.size()));
    part = part.subspan(taken.size());
    return taken;
  }

  std::optional<std::uint32_t> next_in_order() {
    for (auto one = take(1); !one.empty(); one = take(1))
      if (is_wanted(one[0].item))
        return one[0].item;
    return std::nullopt;
  }

  std::optional<std::uint32_t> next_diverse() {
    for (;;) {
      if (const auto item = window_.next([this](std::uint32_t one) { return is_wanted(one); }))
        return item;
      const auto items = take(window_size);
      if (items.empty())
        return std::nullopt;
      window_.open(items);
    }
  }

  value_counts values_;
  float diversity_;
  diverse_window window_;
  list_parts left_;
  std::size_t part_ = 0; ///< The first that may have something left.
  std::vector<std::uint32_t> pinned_;
};

} // namespace

list_parts parts_of(const ranked_list& ranked, const ranked_list& by_din, const ranked_list& candidates,
                    const cascade_widths& widths) {
  const auto behind = [](const ranked_list& list, std::size_t count) {
    const gsl::span<const scored_item> items(list.items);
    return items.subspan(std::min<std::size_t>(count, items.size()));
  };
  return {ranked.items, behind(by_din, widths.din_keep), behind(candidates, widths.candidates)};
}

arranged_list arrange_list(const model_set& models, const list_wishes& wishes, const list_parts& parts) {
  arrangement rest(models, wishes, parts);
  arranged_list made;
  auto& list = made.items;
  const auto wanted = wishes.offset + wishes.limit;
  auto pin = wishes.pins.begin();
  while (list.size() < wanted && !made.ran_out) {
    if (pin != wishes.pins.end() && pin->place == list.size() + 1)
      list.push_back((pin++)->item);
    else if (const auto item = rest.next())
      list.push_back(*item);
    else
      made.ran_out = true;
  }
  for (; pin != wishes.pins.end() && list.size() < wanted; ++pin)
    list.push_back(pin->item); // the list ends before their places
  list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(std::min(wishes.offset, list.size())));
  return made;
}

} // namespace winnow
