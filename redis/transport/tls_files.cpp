#include "redis/transport/tls_files.hpp"

#include "config/files/library_files.hpp"
#include "config/text/text_file.hpp"

#include <filesystem>
#include <memory>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <system_error>

namespace winnow {
namespace {

template<auto Free>
struct freeing {
  template<class Object>
  void operator()(Object* object) const noexcept {
    Free(object);
  }
};
using bio_ptr = std::unique_ptr<BIO, freeing<BIO_free>>;
using certificate_ptr = std::unique_ptr<X509, freeing<X509_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freeing<EVP_PKEY_free>>;

/// Called for a key with a passphrase, which would otherwise be asked for on the terminal.
int no_passphrase(char* /*into*/, int /*size*/, int /*writing*/, void* /*given*/) {
  return -1;
}

tl::unexpected<error> refused(const std::string& file, const std::string& expected, const std::string& why) {
  ERR_clear_error();
  return fail(fault::invalid_argument, file + ": expected " + expected + ": " + why);
}

/// The text of a file. An error says what was expected of the file.
result<std::string> read_pem(const std::string& file, const std::string& expected) {
  auto text = read_text_file(file);
  if (text)
    return text;
  std::string why = text.error().message;
  if (const auto name = file + ": "; why.compare(0, name.size(), name) == 0)
    why.erase(0, name.size());
  return refused(file, expected, why);
}

bio_ptr memory_of(const std::string& pem) {
  return bio_ptr(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

/// Adds all certificates and lists of revoked ones. @return How many.
std::size_t add_authorities(X509_STORE* store, const std::string& pem) {
  const auto source = memory_of(pem);
  STACK_OF(X509_INFO)* const all = PEM_X509_INFO_read_bio(source.get(), nullptr, no_passphrase, nullptr);
  std::size_t added = 0;
  for (int i = 0; all != nullptr && i < sk_X509_INFO_num(all); ++i) {
    const X509_INFO* const one = sk_X509_INFO_value(all, i);
    if (one->x509 != nullptr && X509_STORE_add_cert(store, one->x509) == 1)
      ++added;
    if (one->crl != nullptr && X509_STORE_add_crl(store, one->crl) == 1)
      ++added;
  }
  sk_X509_INFO_pop_free(all, X509_INFO_free);
  return added;
}

result<void> use_authorities_of_file(SSL_CTX* context, const std::string& file) {
  const std::string expected = "certificates of authorities in PEM form";
  const auto pem = read_pem(file, expected);
  if (!pem)
    return tl::unexpected<error>(pem.error());
  if (add_authorities(SSL_CTX_get_cert_store(context), *pem) == 0)
    return refused(file, expected, ERR_peek_error() == 0 ? "there is none" : first_tls_reason());
  ERR_clear_error();
  return {};
}

/// OpenSSL reads from the directory what it needs, when it needs it.
result<void> use_authorities_of_directory(SSL_CTX* context, const std::string& directory) {
  if (auto checked = check_authorities(directory); !checked)
    return checked;
  if (SSL_CTX_load_verify_dir(context, directory.c_str()) != 1)
    return refused(directory, "certificates of authorities in PEM form", first_tls_reason());
  return {};
}

/// Uses the first certificate, and sends the others, which are those of its issuers, along with it.
bool use_chain(SSL_CTX* context, const std::string& pem) {
  const auto source = memory_of(pem);
  const certificate_ptr own(PEM_read_bio_X509_AUX(source.get(), nullptr, no_passphrase, nullptr));
  if (!own || SSL_CTX_use_certificate(context, own.get()) != 1)
    return false;
  SSL_CTX_clear_chain_certs(context);
  while (X509* const issuer = PEM_read_bio_X509(source.get(), nullptr, no_passphrase, nullptr)) {
    if (SSL_CTX_add0_chain_cert(context, issuer) != 1) {
      X509_free(issuer);
      return false;
    }
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (at_end)
    ERR_clear_error();
  return at_end;
}

bool use_key(SSL_CTX* context, const std::string& pem) {
  const auto source = memory_of(pem);
  const key_ptr key(PEM_read_bio_PrivateKey(source.get(), nullptr, no_passphrase, nullptr));
  return key && SSL_CTX_use_PrivateKey(context, key.get()) == 1;
}

} // namespace

result<void> use_authorities(SSL_CTX* context, const store_tls& how) {
  if (how.authorities.empty()) {
    if (auto checked = check_system_authorities(); !checked)
      return checked;
    if (SSL_CTX_set_default_verify_paths(context) != 1)
      return refused("the system", "certificates of authorities", first_tls_reason());
    return {};
  }
  std::error_code ignored;
  return std::filesystem::is_directory(how.authorities, ignored)
             ? use_authorities_of_directory(context, how.authorities)
             : use_authorities_of_file(context, how.authorities);
}

result<void> use_own_certificate(SSL_CTX* context, const store_tls& how) {
  if (how.certificate.empty())
    return {};
  const std::string expected_certificate = "a certificate in PEM form";
  const auto chain = read_pem(how.certificate, expected_certificate);
  if (!chain)
    return tl::unexpected<error>(chain.error());
  if (!use_chain(context, *chain))
    return refused(how.certificate, expected_certificate, first_tls_reason());
  const auto& file = how.key.empty() ? how.certificate : how.key;
  const auto expected_key = "the key of " + how.certificate + " in PEM form, without a passphrase";
  const auto key = how.key.empty() ? chain : read_pem(file, expected_key);
  if (!key)
    return tl::unexpected<error>(key.error());
  if (!use_key(context, *key))
    return refused(file, expected_key, first_tls_reason());
  return {};
}

std::string first_tls_reason() {
  // The later entries come from calls that the first one spoiled.
  const auto code = ERR_peek_error();
  const char* const reason = ERR_reason_error_string(code);
  std::string text = ERR_SYSTEM_ERROR(code) ? "cannot be read" : reason != nullptr ? reason : "unknown error";
  ERR_clear_error();
  return text;
}

} // namespace winnow
