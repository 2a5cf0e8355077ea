#include "models/list_wishes.hpp"
#include "models/model_set.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

// How the final list is chosen from the last stage's: diversity, spread, and pins.

namespace winnow {

namespace {

/// Chooses items one by one from a ranking.
class arrangement {
public:
  arrangement(const model_set& models, const list_wishes& wishes, const ranked_list& ranked)
      : models_(models), wishes_(wishes), ranked_(ranked), taken_(ranked.items.size()),
        similarity_(ranked.items.size(), 0.0f) {
    if (wishes.diversity > 0)
      norms_ = norms();
    if (wishes.spread_by != nullptr)
      of_label_.resize(wishes.spread_by->texts.size());
  }

  /// The place in the ranking of the next item; nullopt if none is left.
  std::optional<std::size_t> next() {
    std::optional<std::size_t> best;
    float highest = 0;
    for (std::size_t place = 0; place < ranked_.items.size(); ++place) {
      if (taken_[place] || is_too_many(place))
        continue;
      const float value = worth(place);
      if (!best || value > highest) {
        best = place;
        highest = value;
      }
      if (wishes_.diversity == 0)
        break; // the ranking is in order
    }
    if (best)
      take(*best);
    return best;
  }

  void pass_over(std::uint32_t item) {
    for (std::size_t place = 0; place < ranked_.items.size(); ++place)
      if (ranked_.items[place].item == item)
        taken_[place] = true;
  }

private:
  std::vector<float> norms() const {
    std::vector<float> all;
    for (const auto& entry : ranked_.items) {
      const auto row = models_.item_embeddings.row(entry.item);
      all.push_back(std::sqrt(models_.item_embeddings.dot(entry.item, row)));
    }
    return all;
  }

  float worth(std::size_t place) const {
    if (wishes_.diversity == 0)
      return 0;
    const float greatest = ranked_.items.front().score, least = ranked_.items.back().score;
    const float relevance =
        greatest > least ? (ranked_.items[place].score - least) / (greatest - least) : 1.0f;
    return (1 - wishes_.diversity) * relevance - wishes_.diversity * similarity_[place];
  }

  void take(std::size_t chosen) {
    taken_[chosen] = true;
    for_labels(chosen, [this](std::uint32_t label) { ++of_label_[label]; });
    if (wishes_.diversity == 0)
      return;
    const auto row = models_.item_embeddings.row(ranked_.items[chosen].item);
    for (std::size_t place = 0; place < ranked_.items.size(); ++place) {
      const float lengths = norms_[chosen] * norms_[place];
      if (!taken_[place] && lengths > 0)
        similarity_[place] = std::max(similarity_[place],
                                      models_.item_embeddings.dot(ranked_.items[place].item, row) / lengths);
    }
  }

  bool is_too_many(std::size_t place) const {
    bool full = false;
    for_labels(place, [&](std::uint32_t label) { full = full || of_label_[label] >= wishes_.most_of_one; });
    return full;
  }

  template<class Visit>
  void for_labels(std::size_t place, Visit visit) const {
    if (wishes_.spread_by == nullptr)
      return;
    const auto row = models_.attributes->row_of(models_.items, ranked_.items[place].item);
    for (const auto label : wishes_.spread_by->labels_of(row))
      visit(label);
  }

  const model_set& models_;
  const list_wishes& wishes_;
  const ranked_list& ranked_;
  std::vector<bool> taken_;
  std::vector<float> similarity_; ///< By place: the greatest to an item that was chosen.
  std::vector<float> norms_;
  std::vector<std::size_t> of_label_;
};

} // namespace

std::vector<std::uint32_t> arrange_list(const model_set& models, const list_wishes& wishes,
                                        const ranked_list& ranked) {
  arrangement rest(models, wishes, ranked);
  for (const auto& pin : wishes.pins)
    rest.pass_over(pin.item);
  std::vector<std::uint32_t> list;
  auto pin = wishes.pins.begin();
  while (list.size() < wishes.offset + wishes.limit) {
    if (pin != wishes.pins.end() && pin->place == list.size() + 1) {
      list.push_back((pin++)->item);
      continue;
    }
    const auto place = rest.next();
    if (!place)
      break;
    list.push_back(ranked.items[*place].item);
  }
  for (; pin != wishes.pins.end() && list.size() < wishes.offset + wishes.limit; ++pin)
    list.push_back(pin->item); // the list ends before their places
  list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(std::min(wishes.offset, list.size())));
  return list;
}

} // namespace winnow
