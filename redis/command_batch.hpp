#pragma once

#include <cstddef>
#include <gsl/span>
#include <initializer_list>
#include <string>
#include <string_view>

namespace winnow {

/// Private to this folder: commands in the Redis wire format, collected in one buffer that is sent unchanged.
class command_batch {
public:
  /// Adds one command: name and arguments, which may be any bytes.
  void add(std::initializer_list<std::string_view> words);
  void add(gsl::span<const std::string> words);

  std::size_t size() const noexcept { return size_; } ///< Number of commands, and of replies to expect.
  std::string_view bytes() const noexcept { return bytes_; }

private:
  template<class Words>
  void append(const Words& words);

  std::string bytes_;
  std::size_t size_ = 0;
};

} // namespace winnow
