#include "models/training/training_state.hpp"

#include "models/files/input_file.hpp"
#include "models/files/sealed_file.hpp"
#include "models/training/run_difference.hpp"

#include <cstring>
#include <utility>
#include <vector>

namespace winnow {

namespace {

constexpr std::string_view signature = "winnow training state 2\n";

void put(std::string& out, std::uint64_t number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}
void put(std::string& out, std::string_view text) {
  put(out, text.size());
  out += text;
}

/// Parses a state. Once data is missing, it stays `bad`.
class state_parser {
public:
  explicit state_parser(std::string_view bytes) : left_(bytes) {}
  bool bad() const { return bad_; }

  std::uint64_t number() {
    std::uint64_t value = 0;
    const auto bytes = take(sizeof value);
    if (!bad_)
      std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  std::string text() { return std::string(take(number())); }
  aligned_floats floats(std::uint64_t size) {
    const auto bytes = take(size);
    aligned_floats values(bytes.size() / sizeof(float));
    if (!values.empty())
      std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
    return values;
  }

private:
  std::string_view take(std::uint64_t count) {
    bad_ = bad_ || count > left_.size();
    if (bad_)
      return {};
    const auto taken = left_.substr(0, count);
    left_.remove_prefix(count);
    return taken;
  }

  std::string_view left_;
  bool bad_ = false;
};

/// Whether the file is what versions before the sealed form wrote.
bool is_of_earlier_form(const std::filesystem::path& path) {
  constexpr std::string_view earlier = "winnow training state 1\n";
  auto file = input_file::open(path);
  char beginning[earlier.size()];
  return file && file->read(beginning, sizeof beginning).value_or(0) == sizeof beginning &&
         std::string_view(beginning, sizeof beginning) == earlier;
}

tl::unexpected<error> damaged(const std::filesystem::path& path) {
  return fail(fault::malformed, path.string() + ": the training state is damaged; remove it to start over");
}

tl::unexpected<error> of_another_run(const std::filesystem::path& path, const std::string& differences) {
  return fail(fault::invalid_argument, path.string() +
                                           ": expected the training state of this run, got that of one with "
                                           "other settings or data (" +
                                           differences + "); remove it to start over");
}

/// Opens a whole state. @return nullopt if there is no file.
result<std::optional<sealed_file>> open_state(const std::filesystem::path& path) {
  auto file = sealed_file::open(path);
  if (!file && file.error().cause == fault::not_found)
    return std::nullopt;
  if (!file && file.error().cause == fault::malformed && is_of_earlier_form(path))
    return fail(fault::unsupported,
                path.string() +
                    ": an earlier version of Winnow wrote the training state; remove it to start over");
  if (!file)
    return file.error().cause == fault::malformed ? damaged(path) : tl::unexpected(file.error());
  if (!file->is_whole() || file->body().substr(0, signature.size()) != signature)
    return damaged(path);
  return std::optional(std::move(*file));
}

} // namespace

result<void> write_training_state(const std::filesystem::path& path, const std::string& run,
                                  const state_to_keep& state) {
  std::string head(signature);
  put(head, run);
  put(head, state.counters.size());
  for (const auto& [name, value] : state.counters) {
    put(head, name);
    put(head, value);
  }
  put(head, state.arrays.size());
  std::vector<std::string_view> parts(1);
  for (const auto& [name, values] : state.arrays) {
    put(head, name);
    put(head, values.size_bytes());
    parts.emplace_back(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  }
  parts.front() = head;
  return write_sealed(path, parts);
}

result<std::optional<training_state>> read_training_state(const std::filesystem::path& path,
                                                          const std::string& run) {
  const auto file = open_state(path);
  if (!file)
    return tl::unexpected(file.error());
  if (!*file)
    return std::nullopt;
  state_parser in((*file)->body().substr(signature.size()));
  training_state state;
  state.run = in.text();
  if (!in.bad() && state.run != run)
    return of_another_run(path, difference_of_runs(state.run, run));
  for (auto left = in.number(); left > 0 && !in.bad(); --left) {
    auto name = in.text();
    state.counters[name] = in.number();
  }
  std::vector<std::pair<std::string, std::uint64_t>> sizes;
  for (auto left = in.number(); left > 0 && !in.bad(); --left) {
    auto name = in.text();
    sizes.emplace_back(std::move(name), in.number());
  }
  for (const auto& [name, size] : sizes)
    state.arrays[name] = in.floats(size);
  if (in.bad())
    return damaged(path);
  return state;
}

result<bool> has_training_state(const std::filesystem::path& path, const std::string& run) {
  const auto file = open_state(path);
  if (!file)
    return tl::unexpected(file.error());
  if (!*file)
    return false;
  state_parser in((*file)->body().substr(signature.size()));
  const auto kept = in.text();
  if (in.bad())
    return damaged(path);
  if (const auto differences = difference_of_runs(kept, run); !differences.empty())
    return of_another_run(path, differences);
  return true;
}

} // namespace winnow
