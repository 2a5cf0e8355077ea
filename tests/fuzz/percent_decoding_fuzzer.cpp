// Percent-encoded paths and queries.
#include "http/percent_decoding.hpp"
#include "tests/fuzz/fuzzer.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  const auto text = fuzz::text_of(data, size);
  std::string decoded;
  if (http::percent_decode(text, false, decoded))
    fuzz::require(decoded.size() <= size);
  std::vector<std::string> segments;
  const auto path = "/" + std::string(text);
  if (http::split_path(path, segments))
    for (const auto& segment : segments)
      fuzz::require(segment.find('\0') == std::string::npos || text.find('\0') != std::string_view::npos);
  http::name_values pairs;
  http::split_query(text, pairs);
  return 0;
}
