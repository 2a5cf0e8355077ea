#include "http/server.hpp"

#include "http/connection/listener.hpp"

#include <algorithm>
#include <future>

namespace winnow::http {

struct server::machinery {
  machinery(const http_settings& settings, std::shared_ptr<const router> routes, observer watch,
            security guard, std::size_t threads)
      : shared(settings, std::move(routes), std::move(watch), std::move(guard)),
        workers(make_workers(shared, threads)), acceptor(shared, workers) {}

  static listener::workers make_workers(server_state& shared, std::size_t threads) {
    listener::workers all;
    for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i)
      all.push_back(std::make_unique<io_worker>(shared));
    return all;
  }

  server_state shared;
  listener::workers workers;
  listener acceptor;
};

server::server(const http_settings& settings, std::shared_ptr<const router> routes, observer watch,
               std::size_t threads, security guard)
    : machinery_(std::make_unique<machinery>(settings, std::move(routes), std::move(watch), std::move(guard),
                                             threads)) {}

server::~server() {
  stop();
}

result<std::uint16_t> server::listen() {
  auto port = machinery_->acceptor.open();
  // The first worker accepts connections for all of them, so it starts last, when the others can take one.
  auto& workers = machinery_->workers;
  if (port)
    std::for_each(workers.rbegin(), workers.rend(), [](const auto& worker) { worker->start(); });
  return port;
}

void server::stop_accepting() {
  machinery_->shared.retiring = true;
  const auto closed = std::make_shared<std::promise<void>>();
  const bool running = machinery_->workers.front()->way_in()->post([this, closed] {
    machinery_->acceptor.close();
    closed->set_value();
  });
  for (const auto& worker : machinery_->workers)
    worker->way_in()->post([&worker] { worker->retire(); });
  if (running)
    closed->get_future().wait();
}

bool server::drain(std::chrono::milliseconds limit) {
  return machinery_->shared.wait_for_quiet(limit);
}

void server::stop() {
  // Answers from other threads stop at the closed gates; connections close on their own threads.
  for (const auto& worker : machinery_->workers)
    worker->stop();
}

server_counts server::counts() const noexcept {
  const server_state& shared = machinery_->shared;
  return {shared.connections, shared.in_flight(), shared.accepted, shared.refused, shared.unsent_bytes};
}

} // namespace winnow::http
