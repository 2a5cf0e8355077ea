#include "models/training/training_state.hpp"

#include "models/files/input_file.hpp"
#include "models/files/output_file.hpp"

#include <cstring>
#include <xxhash.h>

namespace winnow {

namespace {

constexpr std::string_view signature = "winnow training state 1\n";
constexpr std::uint64_t largest = std::uint64_t{64} << 30U;

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
  aligned_floats floats() {
    const auto bytes = take(number());
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

} // namespace

result<void> write_training_state(const std::filesystem::path& path, const training_state& state) {
  std::string bytes(signature);
  put(bytes, state.run);
  put(bytes, state.counters.size());
  for (const auto& [name, value] : state.counters) {
    put(bytes, name);
    put(bytes, value);
  }
  put(bytes, state.arrays.size());
  for (const auto& [name, values] : state.arrays) {
    put(bytes, name);
    put(bytes, std::string_view(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)));
  }
  put(bytes, XXH3_64bits(bytes.data(), bytes.size()));
  return write_file(path, bytes);
}

result<std::optional<training_state>> read_training_state(const std::filesystem::path& path,
                                                          const std::string& run) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return std::nullopt;
  const auto bytes = read_file(path, largest);
  if (!bytes)
    return tl::unexpected(bytes.error());
  const auto damaged = [&] {
    return fail(fault::malformed, path.string() + ": the training state is damaged; remove it to start over");
  };
  if (bytes->size() < signature.size() + sizeof(std::uint64_t) ||
      bytes->compare(0, signature.size(), signature) != 0)
    return damaged();
  const auto content = std::string_view(*bytes).substr(0, bytes->size() - sizeof(std::uint64_t));
  if (state_parser(std::string_view(*bytes).substr(content.size())).number() !=
      XXH3_64bits(content.data(), content.size()))
    return damaged();
  state_parser in(content.substr(signature.size()));
  training_state state;
  state.run = in.text();
  for (auto left = in.number(); left > 0 && !in.bad(); --left) {
    auto name = in.text();
    state.counters[name] = in.number();
  }
  for (auto left = in.number(); left > 0 && !in.bad(); --left) {
    auto name = in.text();
    state.arrays[name] = in.floats();
  }
  if (in.bad())
    return damaged();
  if (state.run != run)
    return std::nullopt;
  return state;
}

} // namespace winnow
