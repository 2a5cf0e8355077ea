// `.env` files.
#include "config/settings/sources/env_file.hpp"
#include "tests/fuzz/fuzzer.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  const auto text = fuzz::text_of(data, size);
  for (const auto& entry : parse_env_text(text, {{"HOME", "/root"}, {"EMPTY", ""}}))
    fuzz::require(entry.line >= 1 && entry.line <= size + 1);
  return 0;
}
