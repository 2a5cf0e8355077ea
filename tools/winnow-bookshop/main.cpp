#include "config/log/standard_streams.hpp"
#include "config/settings/values/duration.hpp"
#include "config/text/quoted_text.hpp"
#include "config/text/text_file.hpp"
#include "config/version.hpp"
#include "http/client/tls_client.hpp"
#include "tools/support/finished_output.hpp"
#include "tools/support/printable_failure.hpp"
#include "tools/winnow-bookshop/bookshop.hpp"
#include "tools/winnow-bookshop/live_command.hpp"
#include "tools/winnowd/exit_codes.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

namespace {

using namespace winnow;

constexpr int cannot_create = 73; // EX_CANTCREAT of sysexits.h

/// The command line as typed.
struct arguments {
  bookshop_options shop;
  std::string out;
  std::string live;
  std::string service;
  std::string token_file;
  std::string ca;
  std::string page;
  std::string length = "0";
  std::string report = "5s";
  double rate = 5;
  double speed = 0;
  bool forget = false;
};

void add_options(CLI::App& app, arguments& typed) {
  auto* const out =
      app.add_option("--out", typed.out, "Directory for interactions.csv, items.csv and truth.csv");
  auto* const live = app.add_option(
      "--live", typed.live,
      "Let the readers buy books: profiles go to redis://host:port/db, to a winnowd with an "
      "embedded store at http://host:port or https://host:port, or to kafka://host:port/topic, with "
      "?store=redis://host:port/db if that is where winnowd stores them");
  live->envname("BOOKSHOP_LIVE");
  out->excludes(live);
  app.add_option("--seed", typed.shop.seed, "The same seed gives the same bytes on every machine")
      ->capture_default_str();
  app.add_option("--books", typed.shop.books, "Number of books")
      ->check(CLI::Range(100, 1'000'000))
      ->capture_default_str();
  app.add_option("--readers", typed.shop.readers, "Number of readers")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  auto* const rate = app.add_option("--rate", typed.rate, "Visits per second; 0: only the page sells books")
                         ->check(CLI::Range(0.0, 100'000.0))
                         ->capture_default_str();
  auto* const speed =
      app.add_option("--speed", typed.speed,
                     "Instead of --rate: how many times faster than in the shop's own three years")
          ->check(CLI::PositiveNumber);
  rate->excludes(speed);
  auto* const length = app.add_option("--for", typed.length, "How long, such as 90s or 2h; 0: until Ctrl-C")
                           ->capture_default_str();
  auto* const report =
      app.add_option("--report", typed.report, "Between two lines of progress")->capture_default_str();
  auto* const page = app.add_option(
      "--page", typed.page, "Serve the storefront at this PORT of the loopback address, or at HOST:PORT");
  auto* const service =
      app.add_option("--service", typed.service,
                     "The winnowd that explains lists to the page, and has them if --live is kafka:// [the "
                     "address of --live if it is http:// or https://, else http://127.0.0.1:8001]");
  auto* const token =
      app.add_option("--token-file", typed.token_file, "File with the token that winnowd expects");
  auto* const ca =
      app.add_option("--ca", typed.ca,
                     "For https://: PEM file with the authorities of winnowd's certificate, or with the "
                     "certificate itself [the system's authorities]");
  auto* const forget =
      app.add_flag("--forget", typed.forget, "Remove the profiles and lists of the readers at the end");
  for (auto* const option : {rate, speed, length, report, page, service, token, ca, forget})
    option->needs(live);
}

result<std::chrono::milliseconds> duration_of(const char* flag, const std::string& text) {
  const auto parsed = parse_duration(text);
  if (!parsed)
    return fail(fault::invalid_argument, std::string(flag) + ": expected a duration such as 90s, got " +
                                             text + std::string(hint_at_unit(text)));
  return *parsed;
}

/// The token of `--token-file`: its first line.
result<std::string> token_of(const std::string& file) {
  if (file.empty())
    return std::string();
  const auto text = read_text_file(file);
  if (!text)
    return fail("--token-file", text.error());
  auto token = text->substr(0, text->find_first_of("\r\n"));
  if (token.empty())
    return fail(fault::invalid_argument, "--token-file: " + file + ": expected a token in the first line");
  return token;
}

result<live_options> live_options_of(const arguments& typed) {
  live_options options;
  options.shop = typed.shop;
  options.rate = typed.rate;
  options.forget = typed.forget;
  const auto where = parse_live_address(typed.live);
  if (!where)
    return fail("--live", where.error());
  options.where = *where;
  const bool same = where->transport == live_address::kind::http;
  const auto service = parse_service_address(!typed.service.empty() ? typed.service
                                             : same                 ? typed.live
                                                                    : "http://127.0.0.1:8001");
  if (!service)
    return fail("--service", service.error());
  options.service = *service;
  const auto token = token_of(typed.token_file);
  if (!token)
    return tl::unexpected<error>(token.error());
  options.service.token = *token;
  options.service.ca = typed.ca;
  if (!typed.ca.empty() && !options.service.tls)
    return fail(fault::invalid_argument,
                "--ca: expected an address with https://, got " + to_string(options.service));
  if (const auto trusted = http::client_tls_context(typed.ca); !trusted)
    return fail("--ca", trusted.error());
  const auto length = duration_of("--for", typed.length);
  const auto report = duration_of("--report", typed.report);
  for (const auto& duration : {length, report})
    if (!duration)
      return tl::unexpected<error>(duration.error());
  if (report->count() == 0)
    return fail(fault::invalid_argument, "--report: expected more than 0");
  options.length = *length;
  options.report = *report;
  if (!typed.page.empty()) {
    const auto page = parse_page_address(typed.page);
    if (!page)
      return fail("--page", page.error());
    options.page = *page;
  }
  return options;
}

int refuse(int code, const std::string& message) {
  std::fprintf(stderr, "winnow-bookshop: %s\n", printable_text(message).c_str());
  return code;
}

int play(const arguments& typed) {
  open_missing_streams(); // a connection would take the place of a closed one, and get the lines of progress
  auto options = live_options_of(typed);
  if (!options)
    return refuse(exit_codes::config, options.error().message);
  const auto shop = make_bookshop(typed.shop);
  if (typed.speed > 0)
    options->rate = typed.speed * natural_rate(shop);
  return run_live(shop, *options);
}

int run(int argc, char** argv) {
  CLI::App app(
      "Invents a bookshop with its readers and purchases, as data for trying and testing Winnow, or lets its "
      "readers buy books from a running one.");
  app.failure_message(printable_failure);
  app.set_version_flag("--version", version_text("winnow-bookshop"));
  arguments typed;
  add_options(app, typed);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& refused) {
    return app.exit(refused) == 0 ? exit_codes::success : exit_codes::config;
  }
  if (!typed.live.empty())
    return play(typed);
  if (typed.out.empty())
    return refuse(exit_codes::config, "expected --out DIRECTORY or --live ADDRESS; see --help");

  const auto shop = make_bookshop(typed.shop);
  if (auto written = write_bookshop(shop, typed.out); !written)
    return refuse(cannot_create, written.error().message);
  std::printf("%s: %zu books, %zu readers, %zu purchases\n", typed.out.c_str(), shop.books.size(),
              shop.readers.size(), shop.purchases.size());
  return exit_codes::success;
}

} // namespace

int main(int argc, char** argv) {
  return winnow::finished_output("winnow-bookshop", run(argc, argv));
}
