#pragma once

#include "config/error.hpp"

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <string>
#include <string_view>

namespace winnow {

/// Private to this folder: a socket that does not block and is not inherited by other programs. Closed by the
/// destructor.
class socket {
public:
  /// Begins to connect over TCP.
  /// @param address In numbers.
  static result<socket> dial(const std::string& address, std::uint16_t port);

  /// Begins to connect to a Unix socket.
  static result<socket> dial_path(const std::string& path);

  socket(socket&& other) noexcept;
  socket& operator=(socket&& other) noexcept;
  ~socket();

  /// Once the socket is writable: whether it is connected.
  result<void> finish_dialling() const;

  /// As of `byte_stream`. An error is a number of the system, negative; `hung_up` at the end of the stream.
  std::ptrdiff_t write(std::string_view bytes) const noexcept;
  std::ptrdiff_t read(gsl::span<char> room) const noexcept;
  static constexpr std::ptrdiff_t hung_up = -1'000'000;

  int descriptor() const noexcept { return descriptor_; }

private:
  explicit socket(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

/// The system's text for an error that `write` or `read` returned.
std::string socket_error_text(std::ptrdiff_t negative_number);

} // namespace winnow
