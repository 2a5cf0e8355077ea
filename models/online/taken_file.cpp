#include "models/online/taken_file.hpp"

#include "models/learning/state_frame.hpp"

namespace winnow {

namespace {

// Identifies the file format; change it with every change of the format.
constexpr std::uint64_t form = 0x336E656B61746E77;
constexpr std::uint64_t most_bytes = std::uint64_t{16} << 30U;

} // namespace

result<void> write_taken(const std::filesystem::path& path, const taken_watch& watch) {
  state_writer content;
  watch.save(content);
  return write_state_frame(path, form, content);
}

result<void> read_taken(const std::filesystem::path& path, taken_watch& watch) {
  const auto frame = state_frame::read(path, form, most_bytes);
  if (!frame)
    return tl::unexpected(frame.error());
  if (auto whole = frame->check(); !whole)
    return whole;
  auto content = frame->content();
  if (!watch.restore(content))
    return frame->refuse("cut off");
  return {};
}

} // namespace winnow
