#include "actors/metrics/legacy_metrics.hpp"

#include "actors/metrics/metrics.hpp"

#include <boost/test/unit_test.hpp>
#include <prometheus/text_serializer.h>

using namespace winnow;
using std::chrono::milliseconds;

namespace {

std::string text_of(const metrics& meters, const legacy_figures& figures) {
  return prometheus::TextSerializer{}.Serialize(legacy_families(meters.collect(), figures));
}

bool has_line(const std::string& text, const std::string& line) {
  return text.find("\n" + line + "\n") != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(legacy_metrics_suite)

BOOST_AUTO_TEST_CASE(sums_up_what_the_old_names_meant) {
  metrics meters;
  meters.recommender.request("http", "ok", milliseconds(2));
  meters.recommender.request("poller", "ok", milliseconds(2));
  meters.recommender.request("http", "timeout", milliseconds(500));
  const auto text = text_of(meters, {20, 7});
  for (const char* line :
       {"model_inference_total 2", "model_inference_error_total 1", "model_inference_seconds_count 3",
        "model_inference_seconds_bucket{le=\"+Inf\"} 3", "recommendation_items_count 20",
        "redis_keys_count 7", "# TYPE model_inference_seconds histogram"})
    BOOST_CHECK_MESSAGE(has_line(text, line), line << " in " << text);
}

BOOST_AUTO_TEST_CASE(has_no_count_of_keys_before_the_first) {
  const auto text = text_of(metrics(), {});
  BOOST_CHECK(has_line(text, "model_inference_error_total 0"));
  BOOST_CHECK(text.find("redis_keys_count") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
