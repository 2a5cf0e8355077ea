// Requests of a connection, in two pieces: what is read must not depend on where the bytes were cut.
#include "http/connection/request_reader.hpp"

#include "tests/fuzz/fuzzer.hpp"

#include <string>

namespace {

using winnow::http::request_reader;
using progress = request_reader::progress;

/// Reads all requests; returns a summary of them.
std::string read_all(std::string_view first, std::string_view second) {
  request_reader reader(8192, 65536);
  std::string buffered(first), seen;
  bool more = !second.empty();
  for (;;) {
    std::size_t used = 0;
    const auto got = reader.advance(buffered, used);
    winnow::fuzz::require(used <= buffered.size());
    buffered.erase(0, used);
    if (got == progress::refused)
      return seen + "!" + std::to_string(reader.why().status);
    if (got == progress::complete) {
      seen += reader.incoming().target + " " + std::to_string(reader.incoming().seen.body.size()) + ";";
      if (!reader.keeps_alive())
        return seen;
      reader.reset();
      continue;
    }
    if (got == progress::routable || used > 0)
      continue;
    if (!more)
      return seen + "…";
    buffered.append(second);
    more = false;
  }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2)
    return 0;
  const auto bytes = winnow::fuzz::text_of(data + 1, size - 1);
  const auto cut = std::size_t{data[0]} * bytes.size() / 256;
  winnow::fuzz::require(read_all(bytes, {}) == read_all(bytes.substr(0, cut), bytes.substr(cut)));
  return 0;
}
