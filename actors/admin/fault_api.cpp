#include "actors/admin/fault_api.hpp"

#include "actors/status/health_board.hpp"
#include "config/log/log.hpp"
#include "config/settings/table/setting_value.hpp"

#include <algorithm>

namespace winnow {

namespace {

constexpr const char* component = "admin_server";

http::response faults_are_off() {
  return http::json_error(403, "faults are off: start winnowd with --enable-faults");
}

/// Returns a whole number from the query, `otherwise` if it is absent; nullopt if it is not a whole number.
std::optional<std::uint64_t> number_parameter(const http::request& request, std::string_view name,
                                              std::uint64_t otherwise) {
  const auto text = request.query_parameter(name);
  std::uint64_t value = otherwise;
  if (text && !read_value(*text, value))
    return std::nullopt;
  return value;
}

} // namespace

http::response order_fault(fault_injection* faults, const http::request& request) {
  constexpr std::uint64_t longest_ms = 600'000;
  if (!faults)
    return faults_are_off();
  const std::string stage(request.path_parameter("stage"));
  if (std::find(stage_names.begin(), stage_names.end(), stage) == stage_names.end())
    return http::json_error(404, "no stage " + stage);
  const auto kind = read_injected_fault(request.query_parameter("kind").value_or(""));
  if (!kind)
    return http::json_error(400, "kind: expected crash, hang, slow or error");
  const auto batches = number_parameter(request, "batches", 1);
  if (!batches)
    return http::json_error(400, "batches: expected a whole number (0: all batches)");
  const auto time_ms = number_parameter(request, "ms", 0);
  if (!time_ms || *time_ms > longest_ms || (*kind == injected_fault::slow && *time_ms == 0))
    return http::json_error(400, "ms: expected milliseconds from 1 to " + std::to_string(longest_ms));
  log_event(log_level::warning, component, "fault ordered",
            {{"stage", stage}, {"kind", to_string(*kind)}, {"batches", *batches}, {"ms", *time_ms}});
  faults->inject(stage, {*kind, *batches, std::chrono::milliseconds(*time_ms)});
  return http::status_answer("success");
}

http::response clear_faults(fault_injection* faults) {
  if (!faults)
    return faults_are_off();
  log_event(log_level::warning, component, "faults cleared");
  faults->clear();
  return http::status_answer("success");
}

} // namespace winnow
