#pragma once

#include "tools/winnow-bench/bench_options.hpp"
#include "tools/winnow-bench/fleet_size.hpp"

namespace winnow::bench {

/// What a deployment was seen to take. The members are those of `unit_costs`.
struct measured_costs {
  double request_us = 0, request_redis_us = 0, request_commands = 0;
  double change_us = 0, change_redis_us = 0, change_commands = 0;
  double own_mb = 0;             ///< Memory of winnowd after the load, without mapped pages.
  double redis_bytes_a_user = 0; ///< Of users with a profile and a list.
};

/// Runs the deployment of the options: requests over 16 connections, then changes of all profiles in a fleet
/// of one.
result<measured_costs> measure_deployment(const bench_options& options);

/// Measures everything that `reckon` needs: a deployment, and searches in invented catalogues. Takes about
/// half a minute.
result<unit_costs> measure_units(const bench_options& options);

} // namespace winnow::bench
