#pragma once

#include "actors/tracing/request_trace.hpp"
#include "config/settings/values/pair_list.hpp"

#include <memory>
#include <string>
#include <vector>

namespace winnow {

/// A trace that has ended; nobody else refers to it.
using ended_trace = std::unique_ptr<const request_trace>;

/// What all spans of this process have in common.
struct span_origin {
  pair_list resource;    ///< Attributes of the process; of a repeated key, the last one counts.
  std::string db_system; ///< `db.system.name` of store spans; empty: the store is in this process.
};

/// The body of an ExportTraceServiceRequest in OTLP's JSON encoding: ids in hexadecimal digits, 64-bit
/// numbers as strings. `spans` is set to their number.
std::string otlp_request(const span_origin& origin, const std::vector<ended_trace>& traces,
                         std::size_t& spans);

/// The attributes of this process: `service.*`, then `configured`, of which `service.name` does not count if
/// `service_name` is not the default.
pair_list resource_of_process(const std::string& service_name, const pair_list& configured);

} // namespace winnow
