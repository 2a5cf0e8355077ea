#include "models/training/networks/start_weights.hpp"

#include <algorithm>

namespace winnow {

namespace {

std::string size_of(const named_tensor& tensor) {
  std::string text;
  for (const auto one : tensor.shape)
    text += (text.empty() ? "" : " × ") + std::to_string(one);
  return text;
}

result<const named_tensor*> find(const checkpoint& from, const std::string& name) {
  const auto* found = from.find(name);
  return found != nullptr ? result<const named_tensor*>(found)
                          : fail(fault::unsupported, from.file() + ": expected a tensor " + name);
}

tl::unexpected<error> another_size(const checkpoint& from, const named_tensor& tensor,
                                   const std::string& wanted) {
  return fail(fault::unsupported,
              from.file() + ": " + tensor.name + ": expected " + wanted + " numbers, got " + size_of(tensor));
}

} // namespace

column_map map_columns(const std::vector<std::string>& columns, const std::vector<std::string>& earlier) {
  column_map map;
  for (const auto& name : columns) {
    const auto found = std::find(earlier.begin(), earlier.end(), name);
    map.push_back(found == earlier.end() ? std::optional<std::size_t>()
                                         : std::optional(static_cast<std::size_t>(found - earlier.begin())));
  }
  return map;
}

result<void> take_tensor(const checkpoint& from, const std::string& name, parameter& into) {
  const auto tensor = find(from, name);
  if (!tensor)
    return tl::unexpected(tensor.error());
  const auto& shape = (*tensor)->shape;
  const bool fits = (*tensor)->values.size() == into.value.size() &&
                    (shape.size() != 2 || static_cast<std::size_t>(shape[0]) == into.rows);
  if (!fits)
    return another_size(from, **tensor, std::to_string(into.rows) + " × " + std::to_string(into.columns));
  std::copy((*tensor)->values.begin(), (*tensor)->values.end(), into.value.begin());
  return {};
}

result<void> take_projection(const checkpoint& from, const std::string& name, const column_map& columns,
                             const column_scale& scale, parameter& weight, parameter& bias) {
  if (auto taken = take_tensor(from, name + ".bias", bias); !taken)
    return taken;
  const auto tensor = find(from, name + ".weight");
  if (!tensor)
    return tl::unexpected(tensor.error());
  const auto& shape = (*tensor)->shape;
  std::size_t needed = 1;
  for (const auto& one : columns)
    needed = std::max(needed, one ? *one + 1 : 0);
  if (shape.size() != 2 || static_cast<std::size_t>(shape[0]) != weight.rows ||
      static_cast<std::size_t>(shape[1]) < needed || columns.size() != weight.columns)
    return another_size(from, **tensor,
                        std::to_string(weight.rows) + " × " + std::to_string(needed) + " or more");
  const auto width = static_cast<std::size_t>(shape[1]);
  for (std::size_t row = 0; row < weight.rows; ++row)
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const float raw = columns[k] ? (*tensor)->values[row * width + *columns[k]] : 0;
      const bool is_scaled = k < scale.width();
      weight.row(row)[k] = is_scaled ? raw * scale.deviation[k] : raw;
      if (is_scaled)
        bias.value[row] += raw * scale.mean[k];
    }
  return {};
}

} // namespace winnow
