#include "tools/winnow-bookshop/live_command.hpp"

#include "config/log/log.hpp"
#include "config/log/standard_streams.hpp"
#include "config/text/ascii.hpp"
#include "config/text/quoted_text.hpp"
#include "http/server.hpp"
#include "tools/winnow-bookshop/page/storefront_routes.hpp"
#include "tools/winnowd/exit_codes.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <thread>

namespace winnow {

namespace {

constexpr std::chrono::milliseconds drain_limit{500};

void print(const std::string& line) {
  write_output_line(line);
}

void complain(const std::string& message) {
  write_error_line("winnow-bookshop: " + printable_text(message));
}

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

/// Must be called before any thread is started, as threads inherit the mask.
void block_signals() {
  const auto set = ending_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN); // a reader that has left makes a write fail
}

/// Waits for a signal, at most until the end of `length` if that is not 0.
void wait_for_end(std::chrono::milliseconds length) {
  const auto set = ending_signals();
  const auto end = std::chrono::steady_clock::now() + length;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::nanoseconds>(end - std::chrono::steady_clock::now());
    if (length.count() > 0 && left.count() <= 0)
      return;
    constexpr std::int64_t second = 1'000'000'000;
    const timespec most{static_cast<time_t>(left.count() / second), static_cast<long>(left.count() % second)};
    const int caught = sigtimedwait(&set, nullptr, length.count() > 0 ? &most : nullptr);
    if (caught > 0)
      return;
  }
}

/// The page and its server; nothing without `--page`.
class open_page {
public:
  open_page(shop_floor& floor, const live_options& options)
      : service_(options.service), front_(floor, service_) {
    http_settings settings;
    settings.host = options.page->host;
    settings.port = options.page->port;
    settings.max_connections = 256;
    settings.cors_origins.clear();
    server_ = std::make_unique<http::server>(
        settings, storefront_routes(floor, front_, is_loopback(options.page->host)));
  }

  result<std::uint16_t> listen() { return server_->listen(); }

  /// Called when the floor does not run any more.
  void close() {
    server_->stop_accepting();
    front_.close();
    server_->drain(drain_limit);
    server_->stop();
  }

private:
  service_client service_;
  storefront front_;
  std::unique_ptr<http::server> server_;
};

std::string url_of(const page_address& page, std::uint16_t port) {
  admin_address address;
  address.host = page.host;
  address.port = port;
  return winnow::url_of(address);
}

} // namespace

result<page_address> parse_page_address(const std::string& text) {
  const bool port_only = !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
  const auto parsed = parse_admin_address(port_only ? "127.0.0.1:" + text : text);
  if (!parsed || parsed->off || parsed->tls || !parsed->unix_path.empty())
    return fail(fault::invalid_argument, "expected PORT or HOST:PORT, got " + text);
  return page_address{parsed->host, parsed->port};
}

double natural_rate(const bookshop& shop) {
  if (shop.purchases.size() < 2)
    return 0;
  const auto length = shop.purchases.back().time - shop.purchases.front().time;
  return length > 0 ? static_cast<double>(shop.purchases.size()) / static_cast<double>(length) : 0;
}

int run_live(const bookshop& shop, const live_options& options) {
  block_signals();
  log_threshold(log_level::error); // the floor reports failures itself
  auto link = open_shop_link(options.where, options.service);
  if (!link) {
    complain(link.error().message);
    return exit_codes::config;
  }
  live_shop selling(shop, **link, options.shop.seed + 1);
  shop_floor floor(selling, {options.rate, options.report, print, complain});
  std::optional<open_page> page;
  if (options.page) {
    page.emplace(floor, options);
    const auto port = page->listen();
    if (!port) {
      complain(port.error().message);
      return exit_codes::unavailable;
    }
    print("winnow-bookshop page on " + url_of(*options.page, *port));
  }
  print("profiles to " + (*link)->address());

  std::thread playing([&] { floor.run(); });
  wait_for_end(options.length);
  floor.stop();
  playing.join();
  if (page)
    page->close();

  int code = exit_codes::success;
  if (!floor.is_open()) {
    complain((*link)->address() + ": the shop could not be opened");
    code = exit_codes::unavailable;
  } else {
    auto text = summary(floor.counts(), floor.age());
    text.pop_back(); // the last line feed, which print adds
    print(text);
  }
  if (options.forget)
    if (const auto forgotten = selling.forget_all(); !forgotten) {
      complain("cannot remove the profiles: " + forgotten.error().message);
      code = exit_codes::unavailable;
    }
  return code;
}

} // namespace winnow
