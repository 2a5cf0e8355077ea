#include "models/feature_columns.hpp"

#include "models/catalogue/float_table.hpp"
#include "models/catalogue/table_headers.hpp"

#include <algorithm>

namespace winnow {

namespace {

std::vector<column_selection::column> all_columns(std::size_t count) {
  std::vector<column_selection::column> columns(count);
  for (std::size_t i = 0; i < count; ++i)
    columns[i] = {i, i};
  return columns;
}

using names = std::vector<std::string>;

/// Appends the column with this name. @return Whether there is one; `malformed` if there are two.
/// @param source What the columns are of, for the message.
result<bool> look_up(const names& there, const std::string& name, const std::string& source, std::size_t at,
                     std::vector<column_selection::column>& into) {
  const auto place = static_cast<std::size_t>(std::find(there.begin(), there.end(), name) - there.begin());
  if (place == there.size())
    return false;
  if (const auto second = place_of_namesake(there, place); second < there.size())
    return fail(fault::malformed, "column \"" + name + "\" is twice in " + source + ", as features " +
                                      std::to_string(place + 1) + " and " + std::to_string(second + 1));
  into.push_back({place, at});
  return true;
}

result<column_selection> select(const column_sources& sources, const names& file_names,
                                const std::string& place, const std::optional<names>& chosen_names) {
  column_selection chosen;
  if (!chosen_names) {
    if (sources.file.empty())
      chosen.of_embeddings = all_columns(sources.embedding_names.size());
    else
      chosen.of_file = all_columns(file_names.size());
    return chosen;
  }
  for (std::size_t i = 0; i < chosen_names->size(); ++i) {
    const auto& name = (*chosen_names)[i];
    auto found = look_up(file_names, name, sources.file.string(), i, chosen.of_file);
    if (found && !*found)
      found = look_up(sources.embedding_names, name, "the item embeddings", i, chosen.of_embeddings);
    if (!found)
      return fail(found.error().cause, place + ": " + found.error().message);
    if (!*found)
      return fail(fault::malformed,
                  place + ": column \"" + name + "\" is in neither " +
                      (sources.file.empty() ? "a feature file (there is none)" : sources.file.string()) +
                      " nor the item embeddings");
  }
  return chosen;
}

std::shared_ptr<feature_table> empty_table(const column_selection& chosen, std::size_t items) {
  auto table = std::make_shared<feature_table>();
  table->width = chosen.width();
  table->values.own().assign(items * table->width, 0.0f);
  return table;
}

void copy_columns(const std::vector<column_selection::column>& columns, gsl::span<const float> row,
                  std::uint32_t item, feature_table& table) {
  float* const out = table.values.own().data() + item * table.width;
  for (const auto& column : columns)
    out[column.to] = row[column.from];
}

/// A table under construction.
struct draft {
  const column_selection* chosen;
  feature_table* table;
};

void fill_from_embeddings(const column_sources& sources, const std::vector<draft>& drafts) {
  for (std::uint32_t item = 0; item < sources.items.size(); ++item)
    for (const auto& one : drafts)
      copy_columns(one.chosen->of_embeddings, sources.embeddings.row(item), item, *one.table);
}

result<void> fill_from_file(float_table_reader& reader, const column_sources& sources,
                            const std::vector<draft>& drafts, chosen_features& report) {
  std::vector<float> row(reader.width());
  id_table seen;
  while (true) {
    auto more = reader.next(row);
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      break;
    if (const auto [first, is_new] = seen.insert(reader.id()); !is_new)
      return reader.refuse_duplicate(first);
    if (const auto item = sources.items.find(reader.id()))
      for (const auto& one : drafts)
        copy_columns(one.chosen->of_file, row, *item, *one.table);
    else
      ++report.features_without_item;
  }
  report.items_without_features = sources.items.size() - (seen.size() - report.features_without_item);
  return {};
}

} // namespace

result<chosen_features> choose_features(const column_sources& sources, const column_choice& choice) {
  std::optional<float_table_reader> reader;
  std::vector<std::string> file_names;
  if (!sources.file.empty()) {
    auto opened = float_table_reader::open(sources.file);
    if (!opened)
      return tl::unexpected(opened.error());
    file_names = opened->columns();
    reader.emplace(std::move(*opened));
  }
  const auto for_din = select(sources, file_names, choice.named_in.string() + ": din.columns", choice.din);
  if (!for_din)
    return tl::unexpected(for_din.error());
  const auto for_ranknet =
      select(sources, file_names, choice.named_in.string() + ": ranknet.columns", choice.ranknet);
  if (!for_ranknet)
    return tl::unexpected(for_ranknet.error());

  if (!choice.din || !choice.ranknet)
    warn_of_namesakes(sources.file, file_names);
  chosen_features features;
  std::vector<draft> drafts;
  const auto table_for = [&](const column_selection& chosen) -> std::shared_ptr<const feature_table> {
    if (chosen == column_selection{{}, all_columns(sources.embeddings.width())})
      return sources.embeddings.table();
    auto table = empty_table(chosen, sources.items.size());
    drafts.push_back({&chosen, table.get()});
    return table;
  };
  features.din = table_for(*for_din);
  features.ranknet = *for_ranknet == *for_din ? features.din : table_for(*for_ranknet);
  features.plan = {sources.file, file_names, *for_din, *for_ranknet};
  const auto any = [&](auto columns) {
    return std::any_of(drafts.begin(), drafts.end(),
                       [&](const draft& one) { return !(one.chosen->*columns).empty(); });
  };
  if (any(&column_selection::of_embeddings))
    fill_from_embeddings(sources, drafts);
  if (any(&column_selection::of_file))
    if (auto filled = fill_from_file(*reader, sources, drafts, features); !filled)
      return tl::unexpected(filled.error());
  return features;
}

} // namespace winnow
