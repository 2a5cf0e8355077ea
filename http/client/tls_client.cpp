#include "http/client/tls_client.hpp"

#include "config/files/library_files.hpp"
#include "config/text/text_file.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <utility>

namespace winnow::http {

namespace {

using boost::asio::ssl::context;

tl::unexpected<error> unreadable(const std::string& what, const std::string& why) {
  return fail(fault::invalid_argument, "cannot read certificates from " + what + ": " + why);
}

result<void> trust_system(context& client) {
  constexpr const char* name = "the system's authorities";
  if (const auto checked = check_system_authorities(); !checked)
    return unreadable(name, checked.error().message);
  boost::system::error_code failed;
  if (client.set_default_verify_paths(failed))
    return unreadable(name, failed.message());
  return {};
}

/// OpenSSL's own way of opening a file waits at a FIFO.
result<void> trust_file(context& client, const std::string& file) {
  const auto pem = read_text_file(file);
  if (!pem)
    return unreadable(file, pem.error().message);
  boost::system::error_code failed;
  if (client.add_certificate_authority(boost::asio::buffer(*pem), failed))
    return unreadable(file, failed.message());
  return {};
}

} // namespace

result<boost::asio::ssl::context> client_tls_context(const std::string& ca) {
  boost::asio::ssl::context context(boost::asio::ssl::context::tls_client);
  if (auto trusted = ca.empty() ? trust_system(context) : trust_file(context, ca); !trusted)
    return tl::unexpected<error>(std::move(trusted.error()));
  return context;
}

} // namespace winnow::http
