#pragma once

#include "config/settings/values/store_address.hpp"
#include "redis/transport/byte_stream.hpp"
#include "redis/transport/socket.hpp"

#include <memory>
#include <string>

struct ssl_st; // of OpenSSL: SSL

namespace winnow {

/// Private to this folder: the bytes of a socket in TLS 1.2 or 1.3. OpenSSL does the encryption and the
/// certificates, so that Redis needs no TLS in hiredis, which Debian 12 does not have.
class tls_stream final : public byte_stream {
public:
  /// Reads the files of certificates, so that new ones count from the next connection on.
  /// @param host What the address names; the server's certificate must name it or `how.server_name`.
  /// Error: `invalid_argument`, if a file cannot be used.
  static result<std::unique_ptr<byte_stream>> open(socket dialling, const store_tls& how,
                                                   const std::string& host);

  tls_stream(const tls_stream&) = delete;
  ~tls_stream() override;

  result<short> connect() override;
  result<std::size_t> write(std::string_view bytes) override;
  result<std::size_t> read(gsl::span<char> room) override;
  bool has_buffered() const noexcept override;
  int descriptor() const noexcept override { return socket_.descriptor(); }

  /// For OpenSSL, which moves the encrypted bytes with these. As of `socket`.
  std::ptrdiff_t send(std::string_view bytes) noexcept;
  std::ptrdiff_t receive(gsl::span<char> room) noexcept;

private:
  struct deleter {
    void operator()(ssl_st* tls) const noexcept;
  };

  tls_stream(socket dialling, std::string name) : socket_(std::move(dialling)), name_(std::move(name)) {}

  tl::unexpected<error> broken_at_write();
  tl::unexpected<error> broken(const std::string& during) const;

  socket socket_;
  std::string name_; ///< That the certificate must have.
  std::unique_ptr<ssl_st, deleter> tls_;
  std::ptrdiff_t failure_ = 0; ///< Of the socket; 0: none.
  enum class step { dialling, dialled, connected } step_ = step::dialling;
};

} // namespace winnow
