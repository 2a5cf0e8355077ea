#pragma once

#include "redis/transport/byte_stream.hpp"
#include "redis/transport/socket.hpp"

#include <utility>

namespace winnow {

/// Private to this folder: the bytes of a socket as they are.
class plain_stream final : public byte_stream {
public:
  explicit plain_stream(socket dialling) : socket_(std::move(dialling)) {}

  result<short> connect() override;
  result<std::size_t> write(std::string_view bytes) override;
  result<std::size_t> read(gsl::span<char> room) override;
  bool has_buffered() const noexcept override { return false; }
  int descriptor() const noexcept override { return socket_.descriptor(); }

private:
  socket socket_;
  bool dialling_ = true;
};

} // namespace winnow
