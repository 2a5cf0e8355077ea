#include "redis/transport/tls_stream.hpp"

#include "redis/transport/tls_context.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <utility>

namespace winnow {
namespace {

// How OpenSSL moves encrypted bytes. Its own way of writing to a socket raises SIGPIPE.

tls_stream& stream_of(BIO* bio) {
  return *static_cast<tls_stream*>(BIO_get_data(bio));
}

int write_bytes(BIO* bio, const char* bytes, int size) {
  const auto written = stream_of(bio).send({bytes, static_cast<std::size_t>(size)});
  BIO_clear_retry_flags(bio);
  if (written == 0)
    BIO_set_retry_write(bio);
  return written > 0 ? static_cast<int>(written) : -1;
}

int read_bytes(BIO* bio, char* room, int size) {
  const auto received = stream_of(bio).receive({room, static_cast<std::size_t>(size)});
  BIO_clear_retry_flags(bio);
  if (received == 0)
    BIO_set_retry_read(bio);
  return received > 0 ? static_cast<int>(received) : -1;
}

long control(BIO* /*bio*/, int what, long /*number*/, void* /*pointer*/) {
  return what == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* socket_method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "winnow socket");
    BIO_meth_set_write(made, write_bytes);
    BIO_meth_set_read(made, read_bytes);
    BIO_meth_set_ctrl(made, control);
    return made;
  }();
  return method;
}

bool is_number(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return ::inet_pton(AF_INET, host.c_str(), ignored.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), ignored.data()) == 1;
}

/// What the certificate must name, and what the server is told that it is called.
bool set_name(SSL* tls, const std::string& name, bool verified) {
  if (is_number(name)) // SNI has names only
    return !verified || X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), name.c_str()) == 1;
  SSL_set_hostflags(tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set_tlsext_host_name(tls, name.c_str()) == 1 &&
         (!verified || SSL_set1_host(tls, name.c_str()) == 1);
}

} // namespace

void tls_stream::deleter::operator()(ssl_st* tls) const noexcept {
  SSL_free(tls);
}

result<std::unique_ptr<byte_stream>> tls_stream::open(socket dialling, const store_tls& how,
                                                      const std::string& host) {
  const auto context = make_tls_context(how);
  if (!context)
    return tl::unexpected<error>(context.error());
  std::unique_ptr<tls_stream> made(
      new tls_stream(std::move(dialling), how.server_name.empty() ? host : how.server_name));
  made->tls_.reset(SSL_new(context->get())); // keeps the context
  BIO* const bio = BIO_new(socket_method());
  if (!made->tls_ || bio == nullptr)
    return fail(fault::internal, "OpenSSL: out of memory");
  BIO_set_data(bio, made.get());
  BIO_set_init(bio, 1);
  SSL_set_bio(made->tls_.get(), bio, bio); // owns it
  if (!set_name(made->tls_.get(), made->name_, how.asked_for == store_tls::proof::name))
    return fail(fault::invalid_argument, "\"" + made->name_ + "\" cannot be the name in a certificate");
  return made;
}

tls_stream::~tls_stream() {
  // Says good-bye if the socket takes it at once, so that the server does not log a broken connection.
  if (step_ == step::connected && failure_ == 0) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());
    ERR_clear_error();
  }
}

result<short> tls_stream::connect() {
  if (step_ == step::dialling) {
    step_ = step::dialled;
    return POLLOUT;
  }
  if (const auto dialled = socket_.finish_dialling(); !dialled)
    return tl::unexpected<error>(dialled.error());
  ERR_clear_error();
  const int outcome = SSL_connect(tls_.get());
  if (outcome == 1) {
    step_ = step::connected;
    return 0;
  }
  switch (SSL_get_error(tls_.get(), outcome)) {
  case SSL_ERROR_WANT_READ:
    return POLLIN;
  case SSL_ERROR_WANT_WRITE:
    return POLLOUT;
  default:
    return broken("TLS handshake: ");
  }
}

result<std::size_t> tls_stream::write(std::string_view bytes) {
  if (bytes.empty())
    return 0;
  ERR_clear_error();
  std::size_t written = 0;
  if (const int outcome = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &written); outcome != 1) {
    const int kind = SSL_get_error(tls_.get(), outcome);
    if (kind != SSL_ERROR_WANT_WRITE && kind != SSL_ERROR_WANT_READ)
      return broken_at_write();
  }
  return written;
}

result<std::size_t> tls_stream::read(gsl::span<char> room) {
  ERR_clear_error();
  std::size_t received = 0;
  if (const int outcome = SSL_read_ex(tls_.get(), room.data(), room.size(), &received); outcome != 1) {
    const int kind = SSL_get_error(tls_.get(), outcome);
    if (kind == SSL_ERROR_ZERO_RETURN)
      failure_ = socket::hung_up;
    if (kind != SSL_ERROR_WANT_WRITE && kind != SSL_ERROR_WANT_READ)
      return broken("");
  }
  return received;
}

bool tls_stream::has_buffered() const noexcept {
  return SSL_pending(tls_.get()) > 0;
}

std::ptrdiff_t tls_stream::send(std::string_view bytes) noexcept {
  const auto written = socket_.write(bytes);
  failure_ = std::min<std::ptrdiff_t>(written, 0);
  return written;
}

std::ptrdiff_t tls_stream::receive(gsl::span<char> room) noexcept {
  const auto received = socket_.read(room);
  failure_ = std::min<std::ptrdiff_t>(received, 0);
  return received;
}

/// A server that does not accept a certificate says so, and hangs up. That says more than the hang-up.
tl::unexpected<error> tls_stream::broken_at_write() {
  auto failure = broken("cannot send: ");
  std::array<char, 1> room{};
  if (const auto said = read(room); !said && said.error().cause == fault::denied)
    return tl::unexpected<error>(said.error());
  return failure;
}

/// The reason, from the certificate, the socket or the protocol.
tl::unexpected<error> tls_stream::broken(const std::string& during) const {
  const auto verification = SSL_get_verify_result(tls_.get());
  if (step_ != step::connected && verification != X509_V_OK &&
      (SSL_get_verify_mode(tls_.get()) & SSL_VERIFY_PEER) != 0) {
    ERR_clear_error();
    return fail(fault::denied, during + certificate_fault(verification, name_));
  }
  if (failure_ != 0) {
    ERR_clear_error();
    return fail(fault::unavailable, during + socket_error_text(failure_));
  }
  auto reason = tls_fault();
  return fail(reason.cause, during + reason.message);
}

} // namespace winnow
