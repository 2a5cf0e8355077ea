#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace winnow {

/// Appends values to a piece of memory, in this machine's byte order.
class state_writer {
public:
  template<class T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  template<class T>
  void put_all(const T* values, std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T>);
    put<std::uint64_t>(count);
    bytes_.append(reinterpret_cast<const char*>(values), count * sizeof(T));
  }

  template<class T>
  void put_all(const std::vector<T>& values) {
    put_all(values.data(), values.size());
  }

  void put_text(std::string_view text) { put_all(text.data(), text.size()); }

  const std::string& bytes() const noexcept { return bytes_; }

private:
  std::string bytes_;
};

/// Reads what a `state_writer` wrote. After the first value that is not there, `is_broken` is true and all
/// further values are empty.
class state_reader {
public:
  explicit state_reader(std::string_view bytes) : left_(bytes) {}

  template<class T>
  T get() {
    T value{};
    if (const auto bytes = take(1, sizeof value); !bytes.empty())
      std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }

  template<class T>
  std::vector<T> get_all() {
    const auto count = get<std::uint64_t>();
    const auto bytes = take(count, sizeof(T));
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!values.empty())
      std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }

  std::string get_text() { return std::string(take(get<std::uint64_t>(), 1)); }

  bool is_broken() const noexcept { return broken_; }
  bool at_end() const noexcept { return left_.empty(); }

private:
  std::string_view take(std::uint64_t count, std::size_t size) {
    if (broken_ || count > left_.size() / size) {
      broken_ = true;
      return {};
    }
    const auto bytes = left_.substr(0, count * size);
    left_.remove_prefix(bytes.size());
    return bytes;
  }

  std::string_view left_;
  bool broken_ = false;
};

} // namespace winnow
