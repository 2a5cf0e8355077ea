#include "models/training/warm_start/id_vectors.hpp"

#include <algorithm>
#include <string>

namespace winnow {

namespace {

/// The places of the columns `din_0`, `din_1` …; empty if there are not exactly `width`.
std::vector<std::size_t> vector_columns(const float_table& features, std::size_t width) {
  const auto& names = features.columns;
  std::vector<std::size_t> places;
  for (std::size_t k = 0; k <= width; ++k) {
    const auto found = std::find(names.begin(), names.end(), "din_" + std::to_string(k));
    if ((found == names.end()) != (k == width))
      return {};
    if (k < width)
      places.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  return places;
}

} // namespace

std::vector<float> continue_id_vectors(const float_table& features, std::size_t width, const id_table& items,
                                       const item_lists& train) {
  const auto columns = vector_columns(features, width);
  if (columns.size() != width)
    return {};
  std::vector<float> vectors(items.size() * width, 0.0f);
  std::vector<bool> is_new(items.size(), true);
  for (std::size_t item = 0; item < items.size(); ++item)
    if (const auto old = features.ids.find(items[item])) {
      is_new[item] = false;
      for (std::size_t k = 0; k < width; ++k)
        vectors[item * width + k] = features.values[*old * features.width + columns[k]];
    }
  std::vector<std::uint32_t> neighbours(items.size(), 0);
  const auto add = [&](std::uint32_t item, std::uint32_t neighbour) {
    if (!is_new[item] || is_new[neighbour])
      return;
    ++neighbours[item];
    for (std::size_t k = 0; k < width; ++k)
      vectors[item * width + k] += vectors[neighbour * width + k];
  };
  for (std::size_t user = 0; user < train.users(); ++user) {
    const auto history = train.of(user);
    for (std::size_t at = 1; at < history.size(); ++at) {
      add(history[at], history[at - 1]);
      add(history[at - 1], history[at]);
    }
  }
  for (std::size_t item = 0; item < items.size(); ++item)
    for (std::size_t k = 0; k < width && neighbours[item] > 0; ++k)
      vectors[item * width + k] /= static_cast<float>(neighbours[item]);
  return vectors;
}

std::vector<std::size_t> first_new_items(const user_marks& counted, const id_table& users,
                                         const id_table& items, const item_lists& train) {
  std::vector<std::size_t> first(train.users(), 0);
  std::vector<std::string_view> history;
  for (std::size_t user = 0; user < train.users(); ++user) {
    const auto mark = counted.find(user_marks::hash_of(users[user]));
    if (!mark)
      continue;
    history.clear();
    for (const auto item : train.of(user))
      history.push_back(items[item]);
    first[user] = first_new_item(*mark, history).value_or(0);
  }
  return first;
}

item_lists some_lists(const item_lists& lists, const std::vector<bool>& marked, std::size_t least) {
  std::vector<std::uint32_t> others;
  std::vector<bool> kept(lists.users(), false);
  std::size_t count = 0;
  for (std::uint32_t user = 0; user < lists.users(); ++user) {
    if (lists.of(user).empty())
      continue;
    kept[user] = user < marked.size() && marked[user];
    if (kept[user])
      ++count;
    else
      others.push_back(user);
  }
  const auto more = count >= least ? 0 : std::min(others.size(), least - count);
  for (std::size_t i = 0; i < more; ++i)
    kept[others[i * others.size() / more]] = true;
  std::vector<interaction> pairs;
  for (std::uint32_t user = 0; user < lists.users(); ++user)
    for (const auto item : lists.of(user))
      if (kept[user])
        pairs.push_back({user, item, 0});
  return item_lists::group(lists.users(), pairs);
}

} // namespace winnow
