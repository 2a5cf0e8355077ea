// The headers traceparent and tracestate: the first line of the input, and the rest.
#include "http/trace_context.hpp"
#include "tests/fuzz/fuzzer.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  const auto text = fuzz::text_of(data, size);
  const auto line = text.substr(0, text.find('\n'));
  if (const auto parent = http::parse_traceparent(line)) {
    // What is passed on means the same.
    const auto again = http::parse_traceparent(http::to_traceparent(*parent));
    fuzz::require(again && again->trace == parent->trace && again->span == parent->span &&
                  again->sampled == parent->sampled);
  }
  const auto state = http::tracestate_to_pass_on(text.substr(line.size()));
  fuzz::require(state.size() <= 512);
  fuzz::require(http::tracestate_to_pass_on(state) == state);
  return 0;
}
