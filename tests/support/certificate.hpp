#pragma once

#include "support/child_process.hpp"
#include "support/temp_dir.hpp"

#include <stdexcept>
#include <string>

namespace winnow::test {

/// A new self-signed certificate for this machine, with its key in the same file.
class certificate {
public:
  explicit certificate(const std::string& name = "localhost") { write(name, file()); }

  std::string file() const { return directory_.path() + "/certificate.pem"; }

  /// Replaces the file by a new certificate with a new key.
  static void write(const std::string& name, const std::string& file) {
    const auto code =
        child_process({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                       "-nodes", "-days", "2", "-subj", "/CN=" + name, "-addext",
                       "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", file, "-out", file + ".part"},
                      file + ".log")
            .wait();
    const auto joined = child_process({"sh", "-c", "cat \"$0.part\" >> \"$0\"", file}, file + ".log").wait();
    if (code != 0 || joined != 0)
      throw std::runtime_error("openssl makes no certificate " + file);
  }

private:
  temp_dir directory_;
};

} // namespace winnow::test
