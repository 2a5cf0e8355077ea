#include "models/files/checked_file.hpp"

#include "models/files/output_file.hpp"

#include <algorithm>

namespace winnow {

result<void> write_checked(const std::filesystem::path& to, std::vector<std::string_view> parts) {
  file_digest digest;
  for (const auto part : parts)
    digest.add_bytes(part);
  const auto checksum = digest.hex();
  parts.emplace_back(checksum);
  return write_file(to, parts, for_cache);
}

result<checked_file> checked_file::open(const std::filesystem::path& from) {
  auto file = input_file::open(from);
  if (!file)
    return tl::unexpected(file.error());
  return checked_file(from, std::move(*file));
}

bool checked_file::read(char* into, std::size_t bytes) {
  constexpr std::size_t chunk = std::size_t{1} << 18U; // still in the L2 cache when it is hashed
  for (std::size_t at = 0; at < bytes; at += chunk) {
    const auto wanted = std::min(chunk, bytes - at);
    const auto got = file_.read(into + at, wanted);
    if (!got || *got != wanted)
      return false;
    digest_.add_bytes({into + at, wanted});
  }
  return true;
}

bool checked_file::ends_as_checked() {
  char checksum[checksum_bytes];
  const auto got = file_.read(checksum, checksum_bytes);
  return got && *got == checksum_bytes && std::string_view(checksum, checksum_bytes) == digest_.hex();
}

tl::unexpected<error> checked_file::refuse(const char* reason) const {
  return fail(fault::malformed, from_.string() + ": " + reason);
}

} // namespace winnow
