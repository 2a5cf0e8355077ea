#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace winnow {

/// Private to this folder: commands in Redis' wire form, gathered into one buffer that goes out as it is.
class command_batch {
public:
  /// Adds one command: its name and its arguments, any bytes.
  void add(std::initializer_list<std::string_view> words);

  std::size_t size() const noexcept { return size_; } ///< How many replies are to come.
  std::string_view bytes() const noexcept { return bytes_; }

private:
  std::string bytes_;
  std::size_t size_ = 0;
};

} // namespace winnow
