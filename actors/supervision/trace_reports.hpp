#pragma once

#include "actors/metrics/metrics.hpp"
#include "actors/tracing/tracer.hpp"

#include <memory>

namespace winnow {

/// Has a tracer count in the metrics what becomes of spans, and leave exemplars there.
tracer_reports trace_reports(const std::shared_ptr<metrics>& meters);

} // namespace winnow
