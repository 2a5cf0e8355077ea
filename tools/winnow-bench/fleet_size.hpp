#pragma once

#include "config/error.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace winnow::bench {

/// What a machine needs for one of each, as measured on it. Times are of processors, in microseconds.
struct unit_costs {
  double base_items = 0;        ///< Items of the catalogue with which requests and changes were measured.
  double request_us = 0;        ///< Of winnowd for a request, the search in `base_items` included.
  double request_redis_us = 0;  ///< Of Redis for a request.
  double request_commands = 0;  ///< Commands of Redis for a request.
  double change_us = 0;         ///< Of winnowd in a fleet for a changed profile, likewise.
  double change_redis_us = 0;   ///< Of Redis for a changed profile, without its being written.
  double change_commands = 0;   ///< Commands of Redis for a changed profile, likewise.
  double exact_ns_per_item = 0; ///< Exact search for a user, for an item of `search_width` numbers.
  double search_width = 0;
  double index_items = 0;        ///< A catalogue with an index, and
  double index_us = 0;           ///< the time of a search in it.
  double index_exponent = 0;     ///< Searches in an index take items^exponent.
  double base_mb = 0;            ///< Memory of winnowd without items and users.
  double redis_bytes_a_user = 0; ///< Memory of Redis for a user: profile, list and what belongs to it.
};

/// What a shop has, and what its machines are.
struct shop_size {
  double users = 0, items = 0;
  double requests = 0, changes = 0; ///< Per second.
  double width = 128;               ///< Numbers in an embedding.
  double id_bytes = 14;
  bool half = false;             ///< `--model-precision half`
  double approximate_from = 2e5; ///< `--approximate-from`
  double cores = 8;              ///< Of a machine.
  double greatest_use = 0.6;     ///< The share of processors that may be busy, for peaks and failures.
};

/// What a shop takes.
struct fleet_size {
  double search_us = 0;  ///< Of a list's time: the search for candidates.
  double processors = 0; ///< That winnowd keeps busy, in all.
  double replicas = 0;   ///< Of `cores` processors each, one of which may fail if there are two or more.
  double own_mb = 0;     ///< Memory of each replica.
  double mapped_mb = 0;  ///< Tables on each machine, shared by its replicas.
  double redis_processors = 0; ///< That Redis keeps busy, in all.
  double redis_servers = 0;    ///< Each uses one processor.
  double redis_mb = 0;         ///< Memory of Redis, in all, without replicas.
  double redis_commands = 0;   ///< Per second.
};

/// Reckons what a shop takes from the unit costs. Pure.
fleet_size reckon(const unit_costs& units, const shop_size& shop);

/// The time of a search for one user.
double search_us(const unit_costs& units, double items, double width, double approximate_from);

/// Memory of winnowd for the items, not counting mapped tables: the screen, the index, orders and features.
double own_bytes(const shop_size& shop);

/// The size of the mapped tables.
double mapped_bytes(const shop_size& shop);

/// @return `malformed` naming the key that is missing or not a positive number.
result<unit_costs> units_from_json(std::string_view text);
std::string to_json(const unit_costs& units);

/// Reads a number with an optional `k`, `M` or `G`: 20k, 1.5M. @return `malformed`.
result<double> read_count(std::string_view text);

} // namespace winnow::bench
