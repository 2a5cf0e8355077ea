#include "tools/winnow-bench/fleet_size.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace winnow::bench {

namespace {

constexpr double mega = 1 << 20;

// Per item, apart from the numbers of its embedding: two screens' lengths and errors, three orders, counts,
// and three features.
constexpr double item_bytes = 80;

// Per id, apart from its text: where it ends, and its slot in a table that is half full on average.
constexpr double id_overhead = 8 + 8;

constexpr std::pair<const char*, double unit_costs::*> fields[] = {
    {"base_items", &unit_costs::base_items},
    {"request_us", &unit_costs::request_us},
    {"request_redis_us", &unit_costs::request_redis_us},
    {"request_commands", &unit_costs::request_commands},
    {"change_us", &unit_costs::change_us},
    {"change_redis_us", &unit_costs::change_redis_us},
    {"change_commands", &unit_costs::change_commands},
    {"exact_ns_per_item", &unit_costs::exact_ns_per_item},
    {"search_width", &unit_costs::search_width},
    {"index_items", &unit_costs::index_items},
    {"index_us", &unit_costs::index_us},
    {"index_exponent", &unit_costs::index_exponent},
    {"base_mb", &unit_costs::base_mb},
    {"redis_bytes_a_user", &unit_costs::redis_bytes_a_user},
};

double busy(double rate, double microseconds) {
  return rate * microseconds / 1e6;
}

} // namespace

double search_us(const unit_costs& units, double items, double width, double approximate_from) {
  const double by_width = width / units.search_width;
  if (approximate_from == 0 || items < approximate_from)
    return items * units.exact_ns_per_item * by_width / 1e3;
  return units.index_us * std::pow(items / units.index_items, units.index_exponent) * by_width;
}

double own_bytes(const shop_size& shop) {
  const bool indexed = shop.approximate_from > 0 && shop.items >= shop.approximate_from;
  return shop.items * (shop.width * (indexed ? 2 : 1) + item_bytes);
}

double mapped_bytes(const shop_size& shop) {
  const double of_id = shop.id_bytes + id_overhead, number = sizeof(float);
  return shop.items * (shop.width * number + of_id) +
         shop.users * (shop.width * (shop.half ? number / 2 : number) + of_id);
}

fleet_size reckon(const unit_costs& units, const shop_size& shop) {
  fleet_size size;
  size.search_us = search_us(units, shop.items, shop.width, shop.approximate_from);
  const double more = size.search_us - search_us(units, units.base_items, units.search_width, 0);
  size.processors = busy(shop.requests, units.request_us + more) + busy(shop.changes, units.change_us + more);
  const double full = std::ceil(size.processors / (shop.cores * shop.greatest_use));
  size.replicas = full <= 1 ? 1 : full + 1;
  size.own_mb = units.base_mb + own_bytes(shop) / mega;
  size.mapped_mb = mapped_bytes(shop) / mega;
  size.redis_processors =
      busy(shop.requests, units.request_redis_us) + busy(shop.changes, units.change_redis_us);
  size.redis_servers = std::max(std::ceil(size.redis_processors / shop.greatest_use), 1.0);
  size.redis_mb = shop.users * units.redis_bytes_a_user / mega;
  size.redis_commands = shop.requests * units.request_commands + shop.changes * units.change_commands;
  return size;
}

result<unit_costs> units_from_json(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object())
    return fail(fault::malformed, "expected a JSON object of unit costs");
  unit_costs units;
  for (const auto& [name, member] : fields) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_number() || !(found->get<double>() > 0))
      return fail(fault::malformed, std::string(name) + ": expected a number above 0, got " +
                                        (found == json.end() ? "none" : found->dump()));
    units.*member = found->get<double>();
  }
  return units;
}

std::string to_json(const unit_costs& units) {
  nlohmann::ordered_json json;
  for (const auto& [name, member] : fields)
    json[name] = units.*member;
  return json.dump(1) + "\n";
}

result<double> read_count(std::string_view text) {
  double number = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  const std::string_view unit(stop, static_cast<std::size_t>(end - stop));
  const double factor = unit.empty() ? 1 : unit == "k" ? 1e3 : unit == "M" ? 1e6 : unit == "G" ? 1e9 : 0;
  if (failure != std::errc() || factor == 0 || !std::isfinite(number) || number < 0)
    return fail(fault::malformed,
                "expected a number such as 500, 20k, 1.5M or 2G, got \"" + std::string(text) + "\"");
  return number * factor;
}

} // namespace winnow::bench
