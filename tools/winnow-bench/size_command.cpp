#include "models/files/input_file.hpp"
#include "models/files/output_file.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/fleet_size.hpp"
#include "tools/winnow-bench/size_units.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

#include <memory>

namespace winnow::bench {

namespace {

struct size_options {
  std::string users = "1M", items = "100k", rate = "1k", changes = "100";
  shop_size shop;
  std::filesystem::path units; ///< Where unit costs are kept; empty: nowhere.
  bool compare = false;
};

/// Reads the unit costs from the file if it exists; otherwise measures them, and writes them to it if it is
/// named.
result<unit_costs> units_for(const bench_options& options, const std::filesystem::path& file) {
  std::error_code none;
  if (!file.empty() && std::filesystem::exists(file, none)) {
    constexpr std::uint64_t longest = 1 << 16;
    const auto text = read_file(file, longest);
    if (!text)
      return tl::unexpected(text.error());
    auto units = units_from_json(*text);
    if (!units)
      return fail(units.error().cause, file.string() + ": " + units.error().message);
    return units;
  }
  auto units = measure_units(options);
  if (units && !file.empty())
    if (auto written = write_file(file, to_json(*units)); !written)
      return tl::unexpected(written.error());
  return units;
}

result<shop_size> shop_of(const size_options& asked) {
  shop_size shop = asked.shop;
  const std::pair<const std::string*, double*> counts[] = {{&asked.users, &shop.users},
                                                           {&asked.items, &shop.items},
                                                           {&asked.rate, &shop.requests},
                                                           {&asked.changes, &shop.changes}};
  for (const auto& [text, into] : counts) {
    const auto count = read_count(*text);
    if (!count)
      return tl::unexpected(count.error());
    *into = *count;
  }
  return shop;
}

void add_plan(const shop_size& shop, const fleet_size& size, bench_report& report) {
  auto& section = report.section("size", "What the shop takes");
  section.rows.emplace_back()
      .number("users", shop.users)
      .number("items", shop.items)
      .number("requests/s", shop.requests)
      .number("changes/s", shop.changes)
      .number("search us", size.search_us)
      .number("processors", size.processors)
      .number("replicas", size.replicas)
      .number("own MB", size.own_mb)
      .number("mapped MB", size.mapped_mb)
      .number("redis processors", size.redis_processors)
      .number("redis servers", size.redis_servers)
      .number("redis MB", size.redis_mb)
      .number("redis commands/s", size.redis_commands);
  section.note =
      "Processors are busy ones. Replicas have " + number_text(shop.cores) + " processors each, of which " +
      number_text(100 * shop.greatest_use) +
      " % may be busy; if there are several, one more than needed. Own memory is that of each "
      "replica; mapped memory is shared by those on one machine, and only what is in use must fit.";
}

void add_difference(report_section& section, const bench_options& options, const char* what, double reckoned,
                    double measured) {
  section.rows.emplace_back()
      .number("items", static_cast<double>(options.items))
      .number("users", static_cast<double>(options.users))
      .text("what", what)
      .number("reckoned", reckoned)
      .number("measured", measured)
      .number("error %", measured > 0 ? 100 * (reckoned / measured - 1) : 0);
}

/// Measures the deployments of other sizes and compares them with what is reckoned for them.
result<void> compare_with_measured(const bench_options& options, const unit_costs& units,
                                   bench_report& report) {
  struct compared_size {
    std::size_t items, users;
  };
  constexpr compared_size sizes[] = {{10'000, 50'000}, {100'000, 20'000}, {400'000, 20'000}};
  auto& section = report.section("size_errors", "Reckoned and measured");
  for (const auto& [items, users] : sizes) {
    auto other = options;
    other.items = items;
    other.users = users;
    const auto seen = measure_deployment(other);
    if (!seen)
      return tl::unexpected(seen.error());
    shop_size shop;
    shop.items = static_cast<double>(items);
    shop.users = static_cast<double>(users);
    shop.width = embedding_width;
    shop.requests = 1;
    const auto of_requests = reckon(units, shop);
    std::swap(shop.requests, shop.changes);
    const auto of_changes = reckon(units, shop);
    constexpr double micro = 1e6, mega = 1 << 20;
    add_difference(section, other, "request us", of_requests.processors * micro, seen->request_us);
    add_difference(section, other, "request, redis us", of_requests.redis_processors * micro,
                   seen->request_redis_us);
    add_difference(section, other, "change us", of_changes.processors * micro, seen->change_us);
    add_difference(section, other, "change, redis us", of_changes.redis_processors * micro,
                   seen->change_redis_us);
    add_difference(section, other, "own MB", of_requests.own_mb, seen->own_mb);
    add_difference(section, other, "redis MB", of_requests.redis_mb,
                   seen->redis_bytes_a_user * shop.users / mega);
  }
  return {};
}

result<void> run_size(const bench_options& options, const size_options& asked, bench_report& report) {
  const auto shop = shop_of(asked); // before measuring: a mistake is told at once
  if (!shop)
    return tl::unexpected(shop.error());
  const auto units = units_for(options, asked.units);
  if (!units)
    return tl::unexpected(units.error());
  add_plan(*shop, reckon(*units, *shop), report);
  return asked.compare ? compare_with_measured(options, *units, report) : result<void>();
}

} // namespace

bench_action declare_size(CLI::App& app) {
  const auto asked = std::make_shared<size_options>();
  const auto count = [&](const char* name, std::string& into, const char* help) {
    app.add_option(name, into, help)->type_name("COUNT")->capture_default_str();
  };
  count("--users", asked->users, "Users of the shop, such as 500k or 50M");
  count("--items", asked->items, "Items of the catalogue");
  count("--rate", asked->rate, "Requests per second, at the peak");
  count("--changes", asked->changes, "Changed profiles per second, at the peak");
  app.add_option("--width", asked->shop.width, "Numbers in an embedding")
      ->check(CLI::Range(1.0, 4096.0))
      ->capture_default_str();
  app.add_option("--cores", asked->shop.cores, "Processors of a machine")
      ->check(CLI::Range(1.0, 1024.0))
      ->capture_default_str();
  app.add_option("--use", asked->shop.greatest_use, "Share of the processors that may be busy at the peak")
      ->check(CLI::Range(0.05, 1.0))
      ->capture_default_str();
  app.add_flag("--half", asked->shop.half, "Reckon with --model-precision half");
  app.add_option("--units", asked->units,
                 "Unit costs: read from this file if it exists, else measured and written to it")
      ->type_name("FILE");
  app.add_flag("--compare", asked->compare, "Also measure three deployments, and compare");
  return [asked](const bench_options& options, bench_report& report) {
    return run_size(options, *asked, report);
  };
}

} // namespace winnow::bench
