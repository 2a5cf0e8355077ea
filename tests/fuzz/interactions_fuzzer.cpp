// Interaction files of any form, also gzipped. The first byte chooses the options.
#include "models/training/interactions/interaction_reader.hpp"

#include "tests/fuzz/memory_file.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  if (size == 0)
    return 0;
  static fuzz::memory_file file;
  reading_options options;
  options.strict = (data[0] & 1U) != 0;
  if ((data[0] & 2U) != 0)
    options.columns = {"u", "i", "r", ""};
  if ((data[0] & 4U) != 0)
    options.columns = {"2", "1", "", "3"};
  row_report report;
  const auto log = read_interactions(file.put(fuzz::text_of(data + 1, size - 1)), options, report);
  fuzz::require(!report.totals().empty());
  if (!log)
    return 0;
  for (const auto& event : log->events)
    fuzz::require(event.user < log->users.size() && event.item < log->items.size());
  return 0;
}
