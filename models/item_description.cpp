#include "models/item_description.hpp"

#include "models/asking/item_choice.hpp"
#include "models/model_set.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::ordered_json;

/// Null if the value is missing.
ordered_json value_of(const attribute_column& column, std::uint32_t row) {
  if (column.is_numeric()) {
    const double number = column.numbers[row];
    if (std::isnan(number))
      return nullptr;
    if (column.type == attribute_type::boolean)
      return number != 0;
    constexpr double exact = 9007199254740992; // 2^53
    return std::trunc(number) == number && std::abs(number) < exact
               ? ordered_json(static_cast<std::int64_t>(number))
               : ordered_json(number);
  }
  auto labels = ordered_json::array();
  for (const auto label : column.labels_of(row))
    labels.push_back(std::string(column.texts[label]));
  if (labels.empty())
    return nullptr;
  return column.type == attribute_type::text ? labels.front() : labels;
}

} // namespace

ordered_json attributes_json(const item_attributes& attributes, std::uint32_t row,
                             const std::vector<std::string>& names) {
  auto all = ordered_json::object();
  for (const auto& column : attributes.columns())
    if (names.empty() || std::find(names.begin(), names.end(), column->name) != names.end())
      if (auto value = value_of(*column, row); !value.is_null())
        all[column->name] = std::move(value);
  return all;
}

ordered_json attributes_json(const model_set& models, std::uint32_t item,
                             const std::vector<std::string>& names) {
  if (!models.attributes)
    return ordered_json::object();
  return attributes_json(models.attributes->table(), models.attributes->row_of(models.items, item), names);
}

std::vector<scored_item> most_taken(const model_set& models, popularity_window window, std::size_t count,
                                    const item_choice* allowed) {
  const bool recent = window == popularity_window::recent;
  if (recent ? !models.recent_counts : !models.item_counts)
    return {};
  std::vector<scored_item> items;
  for (std::uint32_t item = 0; item < models.items.size(); ++item)
    if (const float taken = recent ? models.taken_recently(item) : models.taken(item);
        taken > 0 && !models.is_withheld(item) && (allowed == nullptr || allowed->allows(item)))
      items.push_back({item, taken});
  const auto end = items.begin() + static_cast<std::ptrdiff_t>(std::min(count, items.size()));
  std::partial_sort(items.begin(), end, items.end(), ranks_before);
  items.erase(end, items.end());
  return items;
}

} // namespace winnow
