// How some values of the attributes are replaced.

#include "models/attributes/item_attributes.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace winnow {

namespace {

/// By row: its new value.
using column_changes = std::map<std::uint32_t, const attribute_value*>;

attribute_column numeric(const attribute_column& before, std::size_t rows, const column_changes& changes) {
  attribute_column column;
  column.name = before.name;
  column.type = before.type;
  column.is_added = before.is_added;
  column.numbers.reserve(rows);
  column.numbers = before.numbers;
  column.numbers.resize(rows, std::numeric_limits<double>::quiet_NaN());
  for (const auto& [row, value] : changes)
    column.numbers[row] = value->number;
  return column;
}

attribute_column textual(const attribute_column& before, std::size_t rows, const column_changes& changes) {
  attribute_column column;
  column.name = before.name;
  column.type = before.type;
  column.is_added = before.is_added;
  column.texts = before.texts;
  column.labels.reserve(before.labels.size() + changes.size());
  column.ends.reserve(rows + 1);
  const std::size_t known = before.ends.size() - 1;
  auto next = changes.begin();
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (next != changes.end() && next->first == row) {
      for (const auto& text : next->second->texts)
        column.labels.push_back(column.texts.insert(text).first);
      ++next;
    } else if (row < known) {
      const auto labels = before.labels_of(row);
      column.labels.insert(column.labels.end(), labels.begin(), labels.end());
    }
    column.ends.push_back(column.labels.size());
  }
  return column;
}

attribute_column changed(const attribute_column& before, std::size_t rows, const column_changes& changes) {
  return before.is_numeric() ? numeric(before, rows, changes) : textual(before, rows, changes);
}

} // namespace

bool attribute_column::is_empty() const noexcept {
  return labels.empty() &&
         std::all_of(numbers.begin(), numbers.end(), [](double number) { return std::isnan(number); });
}

item_attributes item_attributes::with(gsl::span<const item_values> changes) const {
  item_attributes all = *this;
  std::map<std::string_view, column_changes> by_attribute;
  std::shared_ptr<id_table> more; // only if there are new items: copying takes as long as building it
  for (const auto& change : changes) {
    auto row = more ? more->find(change.item_id) : ids_->find(change.item_id);
    if (!row) {
      if (!more)
        more = std::make_shared<id_table>(*ids_);
      row = more->insert(change.item_id).first;
    }
    for (const auto& [attribute, value] : change.values)
      by_attribute[attribute][*row] = &value;
  }
  if (more)
    all.ids_ = std::move(more);
  // The row of missing items becomes that of the first new one: both have no values.
  for (auto& column : all.columns_) {
    const auto found = by_attribute.find(column->name);
    if (found != by_attribute.end() || all.rows() != rows())
      column = std::make_shared<const attribute_column>(
          changed(*column, all.rows(), found == by_attribute.end() ? column_changes() : found->second));
    if (found == by_attribute.end())
      continue;
    by_attribute.erase(found);
    if (column->is_added && column->is_empty())
      column = nullptr;
  }
  all.columns_.erase(std::remove(all.columns_.begin(), all.columns_.end(), nullptr), all.columns_.end());
  for (const auto& [attribute, values] : by_attribute) {
    const auto known =
        std::find_if(values.begin(), values.end(), [](const auto& one) { return !one.second->is_missing(); });
    if (known == values.end())
      continue; // no item has the attribute
    attribute_column empty;
    empty.name = attribute;
    empty.type = known->second->type;
    empty.is_added = true;
    all.columns_.push_back(std::make_shared<const attribute_column>(changed(empty, all.rows(), values)));
  }
  return all;
}

} // namespace winnow
