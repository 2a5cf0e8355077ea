// Tables of numbers, of items' metadata, of counts and of histories. The first byte chooses the reader.
#include "models/catalogue/float_table.hpp"
#include "models/catalogue/item_counts.hpp"
#include "models/training/interactions/history_order.hpp"
#include "models/training/interactions/item_metadata.hpp"
#include "models/transitions/transition_file.hpp"
#include "tests/fuzz/memory_file.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  if (size == 0)
    return 0;
  static fuzz::memory_file file;
  static const id_table items = [] {
    id_table ids;
    for (const auto* id : {"a", "b", "1", "2"})
      ids.insert(id);
    return ids;
  }();
  const auto& path = file.put(fuzz::text_of(data + 1, size - 1));
  row_report report;
  if (data[0] % 5 == 0) {
    if (const auto table = load_float_table(path))
      fuzz::require(table->values.size() == table->width * table->ids.size());
  } else if (data[0] % 5 == 1) {
    if (const auto metadata = read_item_metadata(path, items, {}, report))
      fuzz::require(metadata->values.size() == items.size() * metadata->columns.size());
  } else if (data[0] % 5 == 2) {
    if (const auto counts = count_items(path, items))
      fuzz::require(counts->taken.size() == items.size());
  } else if (data[0] % 5 == 3) {
    interaction_log log;
    if (order_by_histories(path, {}, report, log))
      for (const auto& event : log.events)
        fuzz::require(event.user < log.users.size() && event.item < log.items.size());
  } else {
    static_cast<void>(read_transitions(path, items));
  }
  return 0;
}
