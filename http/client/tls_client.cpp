#include "http/client/tls_client.hpp"

#include <boost/system/error_code.hpp>

namespace winnow::http {

result<boost::asio::ssl::context> client_tls_context(const std::string& ca) {
  boost::asio::ssl::context context(boost::asio::ssl::context::tls_client);
  boost::system::error_code failed;
  if (ca.empty())
    context.set_default_verify_paths(failed);
  else
    context.load_verify_file(ca, failed);
  if (failed)
    return fail(fault::invalid_argument, "cannot read certificates from " +
                                             (ca.empty() ? "the system's authorities" : ca) + ": " +
                                             failed.message());
  return context;
}

} // namespace winnow::http
