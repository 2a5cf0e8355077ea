#include "models/transitions/transition_file.hpp"

#include "models/catalogue/id_column.hpp"
#include "models/files/csv_field.hpp"
#include "models/files/csv_reader.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace winnow {

namespace {

struct transition {
  std::uint32_t item = 0;
  scored_item next;
  std::uint64_t line = 0;
};

result<void> read_header(csv_reader& reader, const std::string& file) {
  const auto more = reader.next();
  if (!more)
    return tl::unexpected(more.error());
  const std::vector<std::string_view> expected = {"item_id", "next_item_id", "weight"};
  if (!*more || reader.fields() != expected)
    return fail(fault::malformed, file + ":1:1: expected a header item_id,next_item_id,weight");
  return {};
}

result<float> weight_of(csv_reader& reader) {
  const auto field = reader.fields()[2];
  float weight = 0;
  const auto [end, status] = std::from_chars(field.data(), field.data() + field.size(), weight);
  if (status != std::errc() || end != field.data() + field.size() || !(weight > 0) ||
      weight > std::numeric_limits<float>::max())
    return reader.refuse(fault::malformed, reader.offset_of(2),
                         "expected a positive number, got " + quoted_field(field));
  return weight;
}

/// Sorts the rows and puts them into lists by item.
result<transition_counts> group(std::vector<transition> rows, const id_table& items,
                                const std::string& file) {
  std::sort(rows.begin(), rows.end(), [](const transition& a, const transition& b) {
    return a.item != b.item ? a.item < b.item : a.next.item < b.next.item;
  });
  const auto twice =
      std::adjacent_find(rows.begin(), rows.end(), [](const transition& a, const transition& b) {
        return a.item == b.item && a.next.item == b.next.item;
      });
  if (twice != rows.end())
    return fail(fault::malformed, file + ":" + std::to_string(std::max(twice->line, (twice + 1)->line)) +
                                      ":1: expected each pair once, got " + quoted_field(items[twice->item]) +
                                      " and " + quoted_field(items[twice->next.item]) + " again");
  transition_counts counts;
  counts.ends.assign(items.size() + 1, 0);
  counts.successors.reserve(rows.size());
  for (const auto& row : rows) {
    counts.successors.push_back(row.next);
    ++counts.ends[row.item + 1];
  }
  for (std::size_t item = 0; item < items.size(); ++item) {
    counts.ends[item + 1] += counts.ends[item];
    std::sort(counts.successors.begin() + static_cast<std::ptrdiff_t>(counts.ends[item]),
              counts.successors.begin() + static_cast<std::ptrdiff_t>(counts.ends[item + 1]), ranks_before);
  }
  return counts;
}

} // namespace

result<transition_counts> read_transitions(const std::filesystem::path& path, const id_table& items) {
  constexpr auto dialect = served_table_form();
  auto reader = csv_reader::open(path, dialect);
  if (!reader)
    return tl::unexpected(reader.error());
  if (auto header = read_header(*reader, path.string()); !header)
    return tl::unexpected(header.error());
  id_column items_before(path, dialect, 0), items_after(path, dialect, 1);
  std::vector<transition> rows;
  while (true) {
    const auto more = reader->next();
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      return group(std::move(rows), items, path.string());
    const auto& fields = reader->fields();
    if (fields.size() != 3)
      return reader->refuse(fault::malformed, 0, "expected 3 fields, got " + std::to_string(fields.size()));
    const auto weight = weight_of(*reader);
    if (!weight)
      return tl::unexpected(weight.error());
    const auto item = items.find(items_before.id_in(fields[0], reader->is_quoted(0)));
    const auto next = items.find(items_after.id_in(fields[1], reader->is_quoted(1)));
    if (item && next)
      rows.push_back({*item, {*next, *weight}, reader->line()});
  }
}

} // namespace winnow
