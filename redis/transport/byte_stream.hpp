#pragma once

#include "config/error.hpp"

#include <cstddef>
#include <gsl/span>
#include <string_view>

namespace winnow {

/// Private to this folder: the bytes of a connection, plain or encrypted. No function waits. After an error
/// the owner must destroy the stream. Errors do not name the server. Used by one thread.
class byte_stream {
public:
  byte_stream() = default;
  byte_stream(const byte_stream&) = delete;
  byte_stream& operator=(const byte_stream&) = delete;
  virtual ~byte_stream() = default;

  /// Continues to connect. Returns 0 if the stream is connected, else what to wait for with poll() before the
  /// next call. Errors: `unavailable`; `denied` if one side rejects the other's certificate.
  virtual result<short> connect() = 0;

  /// Returns how many bytes were taken; 0: none at present.
  virtual result<std::size_t> write(std::string_view bytes) = 0;

  /// Returns how many bytes were stored in `room`; 0: there are none at present. A hang-up is an error.
  virtual result<std::size_t> read(gsl::span<char> room) = 0;

  /// Whether bytes can be read although the socket has none.
  virtual bool has_buffered() const noexcept = 0;

  virtual int descriptor() const noexcept = 0;
};

} // namespace winnow
