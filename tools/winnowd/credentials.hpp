#pragma once

#include "config/settings/settings.hpp"
#include "http/access/security.hpp"

#include <memory>

namespace winnow {

/// What winnowd reads at its start to know its clients, and to be known by them: the tokens' file and the
/// certificates. Read again on SIGHUP.
class credentials {
public:
  /// Errors name the setting, the file and the reason.
  static result<credentials> read(const settings& options);

  http::security of_public_port() const { return {identity_, tokens_}; }

  /// Null: the admin endpoint speaks plain HTTP. It asks for no certificates of clients, who need its token.
  const std::shared_ptr<http::tls_identity>& of_admin() const noexcept { return admin_identity_; }

  /// Reads all files again. What is broken stays as it was, which is logged.
  void reload() const;

private:
  std::shared_ptr<http::token_file> tokens_;
  std::shared_ptr<http::tls_identity> identity_;
  std::shared_ptr<http::tls_identity> admin_identity_;
};

} // namespace winnow
