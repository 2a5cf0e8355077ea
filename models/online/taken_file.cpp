#include "models/online/taken_file.hpp"

#include "models/files/file_digest.hpp"
#include "models/files/output_file.hpp"
#include "models/files/text_file.hpp"
#include "models/learning/state_bytes.hpp"

#include <algorithm>
#include <string_view>
#include <system_error>

namespace winnow {

namespace {

// Identifies the file format; change it with every change of the format. A machine with the other byte order
// also reads a different number.
constexpr std::uint64_t form = 0x316E656B61746E77;
constexpr std::size_t checksum_bytes = 16;
constexpr std::uint64_t most_bytes = std::uint64_t{16} << 30U;

std::string checksum_of(std::string_view bytes) {
  file_digest digest;
  digest.add_bytes(bytes);
  return digest.hex();
}

} // namespace

result<void> write_taken(const std::filesystem::path& path, const taken_watch& watch) {
  state_writer content;
  content.put(form);
  watch.save(content);
  return write_file(path, {checksum_of(content.bytes()), content.bytes()});
}

result<void> read_taken(const std::filesystem::path& path, taken_watch& watch) {
  if (std::error_code ignored; !std::filesystem::exists(path, ignored))
    return fail(fault::not_found, path.string() + ": does not exist");
  const auto text = read_file(path, most_bytes);
  if (!text)
    return tl::unexpected(text.error());
  const auto bytes = std::string_view(*text);
  const auto content = bytes.substr(std::min(bytes.size(), checksum_bytes));
  state_reader reader(content);
  if (reader.get<std::uint64_t>() != form)
    return fail(fault::malformed, path.string() + ": written in another format version");
  if (bytes.substr(0, checksum_bytes) != checksum_of(content))
    return fail(fault::malformed, path.string() + ": its checksum does not match");
  if (!watch.restore(reader))
    return fail(fault::malformed, path.string() + ": cut off");
  return {};
}

} // namespace winnow
