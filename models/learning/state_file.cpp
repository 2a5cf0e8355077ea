#include "models/learning/state_file.hpp"

#include "models/learning/state_frame.hpp"

namespace winnow {

namespace {

// Identifies the file format; change it with every change of the format.
constexpr std::uint64_t form = 0x3264656E7261654C;
constexpr std::uint64_t most_bytes = std::uint64_t{8} << 30U;

} // namespace

result<void> write_state(const std::filesystem::path& path, const live_learner& learner) {
  state_writer content;
  content.put_text(learner.trained().learning_version);
  learner.save(content);
  return write_state_frame(path, form, content);
}

result<void> read_state(const std::filesystem::path& path, live_learner& learner) {
  const auto frame = state_frame::read(path, form, most_bytes);
  if (!frame)
    return tl::unexpected(frame.error());
  auto content = frame->content();
  if (const auto version = content.get_text(); version != learner.trained().learning_version)
    return fail(fault::conflict, path.string() + ": expected what was learned with model version " +
                                     learner.trained().learning_version + ", got " + version);
  if (auto whole = frame->check(); !whole)
    return whole;
  if (!learner.restore(content))
    return frame->refuse("cut off");
  return {};
}

} // namespace winnow
