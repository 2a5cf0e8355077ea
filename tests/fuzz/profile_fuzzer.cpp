// Profiles, as programs write them into Redis. What is read, written and read again must be the same.
#include "redis/records/profile.hpp"

#include "tests/fuzz/fuzzer.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  const profile_limits limits{std::size_t{1} << 20U, 1000};
  const auto stored = parse_stored_profile(fuzz::text_of(data, size), limits);
  const auto read = parse_profile(fuzz::text_of(data, size), limits);
  fuzz::require(stored || !read);
  if (!read) {
    fuzz::require(!read.error().message.empty());
    return 0;
  }
  const std::vector<std::string_view> ids(read->items.begin(), read->items.end());
  const auto again = parse_profile(to_json(ids));
  fuzz::require(again.has_value() && again->items.size() == read->items.size());
  return 0;
}
