#include "models/training/interactions/row_report.hpp"

#include "models/files/part_files.hpp"

namespace winnow {

namespace {

constexpr std::size_t max_complaints = 10;

} // namespace

result<void> row_report::refuse(const error& reason, const reading_options& options, const char* what) {
  if (options.strict)
    return tl::unexpected(reason);
  ++refused;
  ++reasons[what];
  if (complaints.size() < max_complaints)
    complaints.push_back(reason.message);
  return {};
}

result<void> row_report::refuse_id(const csv_reader& row, std::size_t offset, std::string_view id,
                                   const reading_options& options) {
  return refuse(row.refuse(fault::malformed, offset,
                           "expected ids without control characters, got " + quoted_field(id)),
                options, "with control characters in an id");
}

std::uint64_t row_report::unused_rows() const noexcept {
  return refused + below + duplicates + others + without_items + not_taken;
}

void row_report::note_others_in(const std::filesystem::path& folder) {
  const auto names = left_out_beside_parts(folder);
  if (names.empty())
    return;
  const auto more = names.size() > 1 ? " and " + std::to_string(names.size() - 1) + " more" : std::string();
  remarks.push_back(folder.string() + ": of a folder, only files named part-… are read: " +
                    quoted_field(names.front()) + more + " left out");
}

std::string row_report::totals() const {
  std::string details;
  const auto count = [&](std::uint64_t number, const std::string& what) {
    if (number > 0)
      details += (details.empty() ? "; left out: " : ", ") + std::to_string(number) + " " + what;
  };
  for (const auto& [what, number] : reasons)
    count(number, what);
  count(below, "below the minimum rating");
  count(duplicates, "repeated");
  count(others, "of other items");
  count(not_taken, "of items not taken");
  count(without_items, "without an item");
  count(repeated_items, "repeated items in lists");
  return std::to_string(rows) + " rows read, " + std::to_string(rows - unused_rows()) + " used" + details;
}

std::vector<std::string> row_report::lines(const std::string& source) const {
  auto all = complaints;
  if (refused > complaints.size())
    all.push_back("… and " + std::to_string(refused - complaints.size()) +
                  " more rows that could not be read");
  for (const auto& remark : remarks)
    all.push_back(remark);
  all.push_back(source + ": " + totals());
  return all;
}

} // namespace winnow
