#pragma once

#include "http/access/tls_identity.hpp"
#include "http/access/token_file.hpp"

#include <memory>

namespace winnow::http {

/// How a server tells who its clients are, and how they tell that it is the right one.
struct security {
  std::shared_ptr<tls_identity> identity;   ///< Null: no TLS.
  std::shared_ptr<const token_file> tokens; ///< Null: no token is needed.
};

} // namespace winnow::http
