// Logs of the embedded store: what a crash or a bad disk leaves of them.
#include "redis/embedded/record.hpp"
#include "tests/fuzz/fuzzer.hpp"

namespace {

using namespace winnow;

/// Reads records until one is damaged. What was read and is written again must be the same bytes.
std::size_t read_all(std::string_view bytes) {
  std::string again;
  store_record record;
  std::size_t read = 0;
  while (const auto size = read_record(bytes.substr(read), record)) {
    append_record(again, record);
    read += size;
  }
  fuzz::require(again == bytes.substr(0, read));
  return read;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  read_all(text);
  // The input as key and value, as its checksum could hardly match.
  const auto half = size / 2;
  std::string log;
  append_record(log, {store_record::kind::set, text.substr(0, half), text.substr(half)});
  const auto first = log.size();
  append_record(log, {store_record::kind::erase, text, {}});
  fuzz::require(read_all(log) == log.size());
  for (const auto cut : {first + 1, log.size() - 1})
    fuzz::require(read_all(std::string_view(log).substr(0, cut)) == first);
  if (size > 0) { // a changed byte
    log[data[0] % first] ^= static_cast<char>(data[size - 1] | 1U);
    fuzz::require(read_all(log) == 0);
  }
  return 0;
}
