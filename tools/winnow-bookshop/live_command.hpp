#pragma once

#include "config/settings/values/admin_address.hpp"
#include "tools/winnow-bookshop/bookshop.hpp"
#include "tools/winnow-bookshop/live/shop_link.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace winnow {

struct page_address {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0; ///< 0 picks a free port, which is printed.
};

/// Parses `PORT`, which means this port of the loopback address, or `HOST:PORT`.
result<page_address> parse_page_address(const std::string& text);

struct live_options {
  bookshop_options shop; ///< The shop whose files the models were trained on.
  live_address where;
  service_address service;                ///< Of the winnowd that explains lists, and with Kafka has them.
  double rate = 5;                        ///< Visits per second.
  std::chrono::milliseconds length{0};    ///< 0: until SIGINT or SIGTERM.
  std::chrono::milliseconds report{5000}; ///< Between two lines of progress.
  std::optional<page_address> page;
  bool forget = false; ///< Remove the profiles and lists of the shop's readers at the end.
};

/// How many purchases per second the readers of the shop make in its own time.
double natural_rate(const bookshop& shop);

/// Plays the shop live. Returns the exit code: 0, or 69 if the shop never opened, the page's address cannot
/// be had, or profiles could not be removed.
int run_live(const bookshop& shop, const live_options& options);

} // namespace winnow
