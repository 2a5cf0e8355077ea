#include "http/connection/listener.hpp"

#include "config/log/log.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <sys/un.h>

namespace winnow::http {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::chrono::milliseconds pause_after_failure{100};

fault cause_of(const boost::system::error_code& ec) {
  if (ec == asio::error::address_in_use)
    return fault::conflict;
  if (ec == asio::error::access_denied)
    return fault::denied;
  if (ec == boost::system::errc::address_not_available)
    return fault::invalid_argument;
  return fault::io_error;
}

std::uint16_t port_of(const stream_protocol::endpoint& where) {
  tcp::endpoint bound;
  bound.resize(where.size());
  std::memcpy(bound.data(), where.data(), where.size());
  return bound.port();
}

std::string name_of(const http_settings& settings) {
  return settings.unix_socket.empty() ? settings.host + " port " + std::to_string(settings.port)
                                      : settings.unix_socket;
}

result<stream_protocol::endpoint> resolve(asio::io_context& context, const http_settings& settings) {
  if (settings.unix_socket.size() >= sizeof(sockaddr_un::sun_path))
    return fail(fault::invalid_argument,
                "cannot listen on " + settings.unix_socket + ": the path is too long");
  if (!settings.unix_socket.empty())
    return asio::local::stream_protocol::endpoint(settings.unix_socket);
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(settings.host, ec);
  if (!ec)
    return tcp::endpoint(address, settings.port);
  const auto found = tcp::resolver(context).resolve(settings.host, "", ec);
  if (ec || found.empty())
    return fail(fault::invalid_argument, "cannot listen on '" + settings.host +
                                             "': expected an address of this machine: " + ec.message());
  return tcp::endpoint(found.begin()->endpoint().address(), settings.port);
}

void log_failure(const flood_limit::report& some) {
  log_event(log_level::warning, "http", "accept_failed", {{"times", some.count}, {"reason", some.cause}});
}

} // namespace

listener::listener(server_state& shared, workers& all)
    : shared_(shared), all_(all), acceptor_(all.front()->context()), pause_(all.front()->context()),
      report_(all.front()->context()), failures_(log_failure, shared.settings.failure_interval) {}

listener::error_code listener::bind(const stream_protocol::endpoint& where) {
  error_code ec;
  if (acceptor_.open(where.protocol(), ec))
    return ec;
  if (file_) {
    if ((ec = file_->make_room()))
      return ec;
    // Set before the file exists, so that no other user can connect at any time.
    if (::fchmod(acceptor_.native_handle(), S_IRUSR | S_IWUSR) != 0)
      return {errno, boost::system::system_category()};
  } else if (acceptor_.set_option(asio::socket_base::reuse_address(true), ec)) {
    // Allows a port with connections of an earlier run in TIME_WAIT, but not one with a listening socket.
    return ec;
  }
  if (acceptor_.bind(where, ec))
    return ec;
  if (file_)
    file_->bound();
  acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  return ec;
}

result<std::uint16_t> listener::open() {
  const http_settings& settings = shared_.settings;
  const auto where = resolve(all_.front()->context(), settings);
  if (!where)
    return tl::unexpected<error>(where.error());
  if (!settings.unix_socket.empty())
    file_ = std::make_unique<unix_socket_file>(settings.unix_socket);
  if (const error_code ec = bind(*where)) {
    close();
    return fail(cause_of(ec), "cannot listen on " + name_of(settings) + ": " + ec.message());
  }
  accept();
  report_regularly();
  return file_ ? std::uint16_t{0} : port_of(acceptor_.local_endpoint());
}

void listener::close() {
  error_code ignored; // The descriptor is released even if close() fails.
  acceptor_.close(ignored);
  pause_.cancel();
  report_.cancel();
  file_.reset();
}

void listener::accept() {
  io_worker& worker = *all_[next_++ % all_.size()];
  acceptor_.async_accept(worker.context(), [this, &worker](error_code ec, stream_socket socket) {
    on_accepted(ec, std::move(socket), worker);
  });
}

/// The last count of a flood would otherwise wait for the next failure. It is late by at most a quarter of
/// the interval.
void listener::report_regularly() {
  report_.expires_after(shared_.settings.failure_interval / 4);
  report_.async_wait([this](error_code cancelled) {
    if (cancelled)
      return;
    failures_.report_due();
    shared_.report_due();
    report_regularly();
  });
}

void listener::on_accepted(error_code ec, stream_socket socket, io_worker& worker) {
  if (!acceptor_.is_open())
    return;
  if (ec) {
    // Usually out of descriptors: accepting again at once would spin.
    failures_.note(ec.message(), {}, {});
    pause_.expires_after(pause_after_failure);
    pause_.async_wait([this](error_code cancelled) {
      if (!cancelled)
        accept();
    });
    return;
  }
  error_code ignored; // If the client has left already, the first read fails.
  socket.set_option(tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
  if (&worker == all_.front().get())
    worker.admit(std::move(socket));
  else
    worker.way_in()->post([&worker, moved = std::move(socket)]() mutable { worker.admit(std::move(moved)); });
  accept();
}

} // namespace winnow::http
