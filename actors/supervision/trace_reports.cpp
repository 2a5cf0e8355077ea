#include "actors/supervision/trace_reports.hpp"

namespace winnow {

namespace {

const char* family_of(trace_example::measure what) {
  switch (what) {
  case trace_example::measure::http:
    return "winnow_http_duration_seconds";
  case trace_example::measure::recommender:
    return "winnow_recommender_duration_seconds";
  case trace_example::measure::stage:
    return "winnow_stage_duration_seconds";
  case trace_example::measure::store:
    return "winnow_store_pipeline_duration_seconds";
  case trace_example::measure::version:
    break;
  }
  return "winnow_version_duration_seconds";
}

} // namespace

tracer_reports trace_reports(const std::shared_ptr<metrics>& meters) {
  tracer_reports reports;
  reports.spans.exported = [meters](std::size_t spans) { meters->traces.exported(spans); };
  reports.spans.failed = [meters](std::size_t spans) { meters->traces.failed(spans); };
  reports.spans.dropped = [meters](std::size_t traces) { meters->traces.dropped(traces); };
  reports.example = [meters](const trace_example& one) {
    meters->examples.note(family_of(one.what), one.label, one.took, one.trace);
  };
  return reports;
}

} // namespace winnow
