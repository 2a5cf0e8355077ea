// A whole checkpoint file: the zip archive, the pickle in it, the tensors.
#include "models/checkpoint/checkpoint.hpp"

#include "tests/fuzz/memory_file.hpp"

#include <cmath>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  static fuzz::memory_file file;
  const auto loaded = load_checkpoint(file.put(fuzz::text_of(data, size)), {std::uint64_t{1} << 24U, 16});
  if (!loaded) {
    fuzz::require(!loaded.error().message.empty());
    return 0;
  }
  for (const auto& tensor : loaded->tensors())
    for (const float value : tensor.values)
      fuzz::require(std::isfinite(value));
  return 0;
}
