#include "config/version.hpp"
#include "tools/winnow-bookshop/bookshop.hpp"
#include "tools/winnowd/exit_codes.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

namespace {

using namespace winnow;

constexpr int cannot_create = 73; // EX_CANTCREAT of sysexits.h

} // namespace

int main(int argc, char** argv) {
  CLI::App app("Invents a bookshop with its readers and purchases, as data for trying and testing Winnow.");
  app.set_version_flag("--version", version_text("winnow-bookshop"));
  bookshop_options options;
  std::string out;
  app.add_option("--out", out, "Directory for interactions.csv, items.csv and truth.csv")->required();
  app.add_option("--seed", options.seed, "The same seed gives the same bytes on every machine")
      ->capture_default_str();
  app.add_option("--books", options.books, "Number of books")
      ->check(CLI::Range(100, 1'000'000))
      ->capture_default_str();
  app.add_option("--readers", options.readers, "Number of readers")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& refused) {
    return app.exit(refused) == 0 ? exit_codes::success : exit_codes::config;
  }

  const auto shop = make_bookshop(options);
  if (auto written = write_bookshop(shop, out); !written) {
    std::fprintf(stderr, "winnow-bookshop: %s\n", written.error().message.c_str());
    return cannot_create;
  }
  std::printf("%s: %zu books, %zu readers, %zu purchases\n", out.c_str(), shop.books.size(),
              shop.readers.size(), shop.purchases.size());
  return exit_codes::success;
}
