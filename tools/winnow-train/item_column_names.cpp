#include "tools/winnow-train/item_column_names.hpp"

#include "config/text/starts_with.hpp"
#include "models/files/csv_field.hpp"
#include "models/ranking/stage_features.hpp"

#include <set>
#include <string_view>

namespace winnow {

namespace {

/// Whether a name is the prefix and a number.
bool is_numbered(std::string_view name, std::string_view prefix) {
  return name.size() > prefix.size() && starts_with(name, prefix) &&
         name.find_first_not_of("0123456789", prefix.size()) == std::string_view::npos;
}

/// Whether the models have a column of this name, or may have one.
bool is_of_models(const std::string& name) {
  return name == "popularity" || name == "item_id" || is_numbered(name, "emb_") ||
         is_numbered(name, "din_") || stage_feature_named(name).has_value();
}

} // namespace

std::vector<std::string> rename_taken_columns(item_metadata& metadata,
                                              const std::vector<std::string>& of_lightgcn) {
  const std::set<std::string> given(metadata.columns.begin(), metadata.columns.end());
  std::set<std::string> taken(of_lightgcn.begin(), of_lightgcn.end());
  std::vector<std::string> lines;
  for (auto& name : metadata.columns) {
    if (!is_of_models(name) && taken.insert(name).second)
      continue;
    auto other = name;
    do
      other.insert(0, "item_");
    while (is_of_models(other) || given.count(other) > 0 || taken.count(other) > 0);
    lines.push_back("the column " + quoted_field(name) + " is called " + quoted_field(other) +
                    " in the models, which have another of that name");
    taken.insert(other);
    name = std::move(other);
  }
  return lines;
}

} // namespace winnow
