#pragma once

#include "config/error.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace boost::asio::ssl {
class context;
}

namespace winnow::http {

/// The PEM files of a TLS server.
struct tls_files {
  std::string certificate; ///< The server's certificate first, then those of its issuers.
  std::string key;         ///< Empty: the key is in the certificate's file.
  std::string client_ca;   ///< Clients must present a certificate of one of these authorities; empty: none.
};

/// A server's certificate and key, which may change while it runs. TLS 1.2 and 1.3. Thread-safe.
class tls_identity {
public:
  /// Reads the files. Errors name the file and the reason. A key with a passphrase is refused.
  static result<std::shared_ptr<tls_identity>> load(const tls_files& files);

  /// Reads the files again, for connections from now on. If they are broken, the certificate in force stays.
  result<void> reload();

  std::shared_ptr<boost::asio::ssl::context> current() const;

private:
  explicit tls_identity(tls_files files) : files_(std::move(files)) {}

  const tls_files files_;
  mutable std::mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> current_;
};

} // namespace winnow::http
