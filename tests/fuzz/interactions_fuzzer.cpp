// Interaction files of any form, also gzipped. The first byte chooses the options.
#include "models/training/interactions/interaction_reader.hpp"

#include "tests/fuzz/memory_file.hpp"

#include <array>

namespace {

/// In the order of the roles.
void choose(winnow::reading_options& options,
            const std::array<const char*, winnow::number_of_roles>& columns) {
  for (const auto& facts : winnow::column_roles())
    options.columns[facts.role] = columns[static_cast<std::size_t>(facts.role)];
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  if (size == 0)
    return 0;
  static fuzz::memory_file file;
  reading_options options;
  options.strict = (data[0] & 1U) != 0;
  if ((data[0] & 2U) != 0)
    choose(options, {"u", "i", "r", ""});
  if ((data[0] & 4U) != 0)
    choose(options, {"2", "1", "", "3"});
  row_report report;
  const auto log = read_interactions(file.put(fuzz::text_of(data + 1, size - 1)), options, report);
  fuzz::require(!report.totals().empty());
  if (!log)
    return 0;
  for (const auto& event : log->events)
    fuzz::require(event.user < log->users.size() && event.item < log->items.size());
  return 0;
}
