#pragma once

#include <cstddef>
#include <gsl/span>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Private to this folder: commands in the Redis wire format, collected in one buffer that is sent unchanged.
class command_batch {
public:
  /// Adds one command: name and arguments, which may be any bytes.
  void add(std::initializer_list<std::string_view> words);
  void add(gsl::span<const std::string> words);
  void add(gsl::span<const std::string_view> words);

  /// Adds one that is encoded already.
  void add_encoded(std::string_view command);

  std::string_view command(std::size_t index) const; ///< Encoded.

  /// The key that decides which node of a cluster executes the command; empty: any.
  std::string_view key(std::size_t index) const;

  std::size_t size() const noexcept { return all_.size(); } ///< Number of commands, and of replies to expect.
  std::string_view bytes() const noexcept { return bytes_; }

private:
  template<class Words>
  void append(const Words& words);

  struct place {
    std::size_t begin;
    std::size_t key_begin; ///< In all bytes.
    std::size_t key_size;
  };

  std::string bytes_;
  std::vector<place> all_;
};

} // namespace winnow
