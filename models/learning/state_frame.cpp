#include "models/learning/state_frame.hpp"

#include "config/files/file_name.hpp"
#include "models/files/file_digest.hpp"
#include "models/files/input_file.hpp"
#include "models/files/output_file.hpp"

#include <algorithm>
#include <string_view>

namespace winnow {

namespace {

constexpr std::size_t checksum_bytes = 16;

} // namespace

result<void> write_state_frame(const std::filesystem::path& path, std::uint64_t format,
                               const state_writer& content) {
  const auto head = bytes_of(&format, 1);
  file_digest digest;
  digest.add_bytes(head);
  digest.add_bytes(content.bytes());
  return write_file(path, {digest.hex(), head, content.bytes()});
}

result<state_frame> state_frame::read(const std::filesystem::path& path, std::uint64_t format,
                                      std::uint64_t most_bytes) {
  if (is_absent(path))
    return fail(fault::not_found, path.string() + ": does not exist");
  auto bytes = read_file(path, most_bytes);
  if (!bytes)
    return tl::unexpected(bytes.error());
  state_frame frame(path, std::move(*bytes));
  if (state_reader(frame.after_checksum()).get<std::uint64_t>() != format)
    return frame.refuse("written in another format version");
  return frame;
}

std::string_view state_frame::after_checksum() const {
  return std::string_view(bytes_).substr(std::min(bytes_.size(), checksum_bytes));
}

state_reader state_frame::content() const {
  state_reader content(after_checksum());
  content.get<std::uint64_t>(); // the format
  return content;
}

result<void> state_frame::check() const {
  file_digest digest;
  digest.add_bytes(after_checksum());
  if (std::string_view(bytes_).substr(0, checksum_bytes) != digest.hex())
    return refuse("its checksum does not match");
  return {};
}

tl::unexpected<error> state_frame::refuse(const char* reason) const {
  return fail(fault::malformed, path_.string() + ": " + reason);
}

} // namespace winnow
