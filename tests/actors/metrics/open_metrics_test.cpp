#include "actors/metrics/metrics.hpp"
#include "actors/metrics/open_metrics_text.hpp"

#include <boost/test/unit_test.hpp>
#include <regex>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(open_metrics_suite)

BOOST_AUTO_TEST_CASE(counters_lose_their_suffix_in_the_type_alone) {
  metrics all;
  all.http.exchange("/health", 200, 1ms);
  const auto text = open_metrics_text(all.collect(), all.examples);
  BOOST_TEST(has(text, "# TYPE winnow_http_requests counter\n"));
  BOOST_TEST(has(text, "winnow_http_requests_total{code=\"200\",route=\"/health\"} 1\n"));
  BOOST_TEST(has(text, "# TYPE winnow_http_connections gauge\n"));
  BOOST_TEST(text.substr(text.size() - 6) == "# EOF\n");
}

BOOST_AUTO_TEST_CASE(bounds_are_canonical) {
  metrics all;
  all.http.exchange("/health", 200, 1ms);
  const auto text = open_metrics_text(all.collect(), all.examples);
  for (const char* le : {"0.0001", "0.00025", "1.0", "2.5", "+Inf"})
    BOOST_TEST(
        has(text, "winnow_http_duration_seconds_bucket{route=\"/health\",le=\"" + std::string(le) + "\"} "),
        le);
}

BOOST_AUTO_TEST_CASE(exemplars_are_in_the_bucket_of_their_value) {
  metrics all;
  all.http.exchange("/health", 200, 3ms);
  all.examples.note("winnow_http_duration_seconds", "/health", 3ms, "0af7651916cd43dd8448eb211c80319c");
  const auto text = open_metrics_text(all.collect(), all.examples);
  const std::regex line(
      R"(le="0\.005"\} 1 # \{trace_id="0af7651916cd43dd8448eb211c80319c"\} 0\.003 \d+\.\d{3}\n)");
  BOOST_TEST(std::regex_search(text, line), text);
  BOOST_TEST(text.find("trace_id") == text.rfind("trace_id"));
}

BOOST_AUTO_TEST_CASE(an_exemplar_on_a_bound_belongs_to_the_bucket_that_ends_there) {
  exemplars examples;
  examples.note("x", "y", 100us, "a");
  examples.note("x", "y", 1h, "b");
  BOOST_TEST(examples.of("x", "y", 0).value().trace == "a");
  BOOST_TEST(examples.of("x", "y", 14).value().trace == "b");
  BOOST_TEST(!examples.of("x", "y", 1).has_value());
  BOOST_TEST(!examples.of("x", "z", 0).has_value());
}

BOOST_AUTO_TEST_CASE(histograms_without_a_label_have_exemplars) {
  metrics all;
  all.store.pipeline(1, 3ms);
  all.examples.note("winnow_store_pipeline_duration_seconds", "", 3ms, "0af7651916cd43dd8448eb211c80319c");
  const auto text = open_metrics_text(all.collect(), all.examples);
  BOOST_TEST(has(text, "winnow_store_pipeline_duration_seconds_bucket{le=\"0.005\"} 1 # {trace_id="), text);
}

BOOST_AUTO_TEST_CASE(the_oldest_exemplars_make_room) {
  exemplars examples;
  for (std::size_t i = 0; i <= exemplars::most; ++i)
    examples.note("x", std::to_string(i), 3ms, "a");
  constexpr std::size_t bucket = 5;
  BOOST_TEST(examples.of("x", std::to_string(exemplars::most), bucket).has_value());
  std::size_t kept = 0;
  for (std::size_t i = 0; i <= exemplars::most; ++i)
    kept += examples.of("x", std::to_string(i), bucket).has_value() ? 1 : 0;
  BOOST_TEST(kept == exemplars::most);
}

BOOST_AUTO_TEST_CASE(labels_are_escaped) {
  prometheus::MetricFamily family{"x", "say \"\\\n", prometheus::MetricType::Gauge, {}};
  prometheus::ClientMetric metric;
  metric.label.push_back({"l", "a\"b\\c\nd"});
  metric.gauge.value = 1.5;
  family.metric.push_back(metric);
  BOOST_TEST(open_metrics_text({family}, {}) ==
             "# TYPE x gauge\n# HELP x say \\\"\\\\\\n\nx{l=\"a\\\"b\\\\c\\nd\"} 1.5\n# EOF\n");
}

BOOST_AUTO_TEST_SUITE_END()
