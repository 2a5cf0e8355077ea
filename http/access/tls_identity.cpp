#include "http/access/tls_identity.hpp"

#include "config/log/log.hpp"
#include "config/text/text_file.hpp"

#include <boost/asio/ssl/context.hpp>
#include <openssl/pem.h>
#include <openssl/ssl.h>

namespace winnow::http {

namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;
using context = asio::ssl::context;

tl::unexpected<error> refused(const std::string& file, const std::string& expected, const std::string& why) {
  return fail(fault::invalid_argument, file + ": expected " + expected + ": " + why);
}

/// Called for a key with a passphrase, which would otherwise be asked for on the terminal.
int no_passphrase(char* /*into*/, int /*size*/, int /*writing*/, void* /*given*/) {
  return -1;
}

void restrict(context& tls) {
  SSL_CTX* const raw = tls.native_handle();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(raw, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);         // idle connections need no buffers
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF); // clients resume with tickets instead
  constexpr unsigned char name[] = "winnow";
  SSL_CTX_set_session_id_context(raw, name, sizeof(name) - 1); // needed to resume with client certificates
  SSL_CTX_set_default_passwd_cb(raw, no_passphrase);
}

result<void> use_certificate(context& tls, const std::string& file) {
  const auto pem = read_text_file(file);
  if (!pem)
    return tl::unexpected<error>(pem.error());
  error_code ec;
  if (tls.use_certificate_chain(asio::buffer(*pem), ec))
    return refused(file, "a certificate in PEM form", ec.message());
  const X509* const certificate = SSL_CTX_get0_certificate(tls.native_handle());
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
    log_event(log_level::warning, "http", "the certificate has expired", {{"file", file}});
  return {};
}

result<void> use_key(context& tls, const std::string& file, const std::string& certificate) {
  const auto pem = read_text_file(file);
  if (!pem)
    return tl::unexpected<error>(pem.error());
  error_code ec;
  if (tls.use_private_key(asio::buffer(*pem), context::pem, ec))
    return refused(file, "the key of " + certificate + " in PEM form, without a passphrase", ec.message());
  return {};
}

result<void> require_clients_of(context& tls, const std::string& file) {
  const auto pem = read_text_file(file);
  if (!pem)
    return tl::unexpected<error>(pem.error());
  SSL_CTX* const raw = tls.native_handle();
  const std::unique_ptr<BIO, int (*)(BIO*)> source(
      BIO_new_mem_buf(pem->data(), static_cast<int>(pem->size())), BIO_free);
  std::size_t authorities = 0;
  while (X509* const one = PEM_read_bio_X509(source.get(), nullptr, no_passphrase, nullptr)) {
    const std::unique_ptr<X509, void (*)(X509*)> kept(one, X509_free);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(raw), one);
    SSL_CTX_add_client_CA(raw, one); // clients choose their certificate by it
    ++authorities;
  }
  ERR_clear_error();
  if (authorities == 0)
    return refused(file, "certificates of authorities in PEM form", "there is none");
  error_code ec;
  tls.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert, ec);
  if (ec)
    return refused(file, "authorities that OpenSSL accepts", ec.message());
  return {};
}

result<std::shared_ptr<context>> read(const tls_files& files) {
  auto tls = std::make_shared<context>(context::tls_server);
  restrict(*tls);
  auto used = use_certificate(*tls, files.certificate);
  if (used)
    used = use_key(*tls, files.key.empty() ? files.certificate : files.key, files.certificate);
  if (used && !files.client_ca.empty())
    used = require_clients_of(*tls, files.client_ca);
  if (!used)
    return tl::unexpected<error>(used.error());
  return tls;
}

} // namespace

result<std::shared_ptr<tls_identity>> tls_identity::load(const tls_files& files) {
  std::shared_ptr<tls_identity> made(new tls_identity(files));
  if (auto loaded = made->reload(); !loaded)
    return tl::unexpected<error>(loaded.error());
  return made;
}

result<void> tls_identity::reload() {
  auto fresh = read(files_);
  if (!fresh)
    return tl::unexpected<error>(fresh.error());
  log_event(log_level::info, "http", "certificate read", {{"file", files_.certificate}});
  const std::lock_guard lock(mutex_);
  current_ = std::move(*fresh);
  return {};
}

std::shared_ptr<context> tls_identity::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

} // namespace winnow::http
