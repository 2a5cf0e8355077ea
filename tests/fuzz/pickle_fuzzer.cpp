// The pickle of a checkpoint, without the archive whose checksum an input would have to match.
#include "models/checkpoint/pickle_reader.hpp"
#include "models/checkpoint/state_dict.hpp"
#include "tests/fuzz/fuzzer.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  const auto read = read_pickle(fuzz::text_of(data, size), {std::size_t{1} << 20U, 100'000});
  if (!read) {
    fuzz::require(!read.error().message.empty());
    return 0;
  }
  find_settings(*read);
  const auto found = find_state_dict(*read);
  if (!found)
    return 0;
  for (const auto& entry : found->tensors)
    fuzz::require(entry.tensor->kind == pickle_kind::tensor && entry.tensor->items.size() == 3 &&
                  !entry.name.empty());
  return 0;
}
