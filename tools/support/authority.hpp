#pragma once

#include "tools/support/child_process.hpp"
#include "tools/support/temp_dir.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace winnow {

/// An authority of its own that issues certificates.
class authority {
public:
  /// PEM files.
  struct identity {
    std::string certificate;
    std::string key;
  };

  authority() {
    run({"req", "-x509", "-newkey", "ec", "-pkeyopt", curve, "-nodes", "-days", "2", "-subj", "/CN=authority",
         "-keyout", path("authority.key"), "-out", file()});
  }

  std::string file() const { return path("authority.pem"); }

  /// Issues a certificate, or issues it again.
  /// @param alternative_names As OpenSSL reads them, e.g. `DNS:localhost,IP:127.0.0.1`.
  /// @param days Until it expires; negative: it has.
  identity issue(const std::string& name, const std::string& alternative_names, int days = 2) const {
    identity made{path(name + ".pem"), path(name + ".key")};
    const auto request = path(name + ".csr");
    run({"req", "-newkey", "ec", "-pkeyopt", curve, "-nodes", "-subj", "/CN=" + name, "-addext",
         "subjectAltName=" + alternative_names, "-keyout", made.key, "-out", request});
    run({"x509", "-req", "-in", request, "-CA", file(), "-CAkey", path("authority.key"), "-copy_extensions",
         "copy", "-days", std::to_string(days), "-out", made.certificate});
    return made;
  }

private:
  static constexpr const char* curve = "ec_paramgen_curve:P-256";

  std::string path(const std::string& name) const { return directory_.path() + "/" + name; }

  void run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "openssl");
    if (child_process(arguments, path("log")).wait() != 0)
      throw std::runtime_error("openssl " + arguments[1] + " fails");
  }

  temp_dir directory_;
};

} // namespace winnow
