#include "settings_fixture.hpp"

#include "config/settings/http_url.hpp"
#include "config/settings/pair_list.hpp"

using winnow::parse_http_url;
using winnow::parse_pairs;
using winnow::trace_sampler;

BOOST_FIXTURE_TEST_SUITE(trace_settings_test, settings_fixture)

BOOST_AUTO_TEST_CASE(are_off_by_default) {
  const auto tracing = load({}).values.tracing;
  BOOST_TEST(tracing.endpoint.empty());
  BOOST_TEST(tracing.slow_log.count() == 0);
}

BOOST_AUTO_TEST_CASE(are_read_from_the_variables_of_opentelemetry) {
  variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://collector:4318";
  variables["OTEL_EXPORTER_OTLP_HEADERS"] = "authorization=Bearer%20hush";
  variables["OTEL_SERVICE_NAME"] = "books";
  variables["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=test";
  variables["OTEL_TRACES_SAMPLER"] = "traceidratio";
  variables["OTEL_TRACES_SAMPLER_ARG"] = "0.01";
  const auto tracing = load({"--trace-slow", "50ms", "--slow-log", "1s"}).values.tracing;
  BOOST_TEST(tracing.endpoint == "http://collector:4318");
  BOOST_TEST(tracing.service_name == "books");
  BOOST_TEST((tracing.sampler == trace_sampler::traceidratio));
  BOOST_TEST(tracing.ratio == 0.01);
  BOOST_TEST(tracing.slow.count() == 50);
  BOOST_TEST(tracing.slow_log.count() == 1000);
  BOOST_TEST(!contains(read({"--print-config"}).text, "hush"));
}

BOOST_AUTO_TEST_CASE(are_refused_with_what_is_expected) {
  BOOST_TEST(contains(refuse({"--otlp-endpoint", "collector:4317"}), "expected http://host[:port]"));
  BOOST_TEST(contains(refuse({"--trace-ratio", "1.5"}), "expected a number from 0 to 1, got \"1.5\""));
  BOOST_TEST(contains(refuse({"--trace-sampler", "jaeger_remote"}), "always_on"));
  BOOST_TEST(contains(refuse({"--trace-slow", "50ms"}), "expected otlp-endpoint to be set, too"));
}

BOOST_AUTO_TEST_CASE(errors_do_not_show_secrets) {
  BOOST_TEST(!contains(refuse({"--otlp-headers", "hush"}), "hush"));
  BOOST_TEST(!contains(refuse({"--otlp-endpoint", "http://me:hush@collector"}), "hush"));
}

BOOST_AUTO_TEST_CASE(urls_of_servers) {
  const auto url = parse_http_url("http://collector:4318/x/y?z");
  BOOST_REQUIRE(url.has_value());
  BOOST_TEST(!url->tls);
  BOOST_TEST(url->host == "collector");
  BOOST_TEST(url->port == 4318);
  BOOST_TEST(url->path == "/x/y?z");
  BOOST_TEST(host_header(*url) == "collector:4318");
  const auto secure = parse_http_url("https://[::1]");
  BOOST_REQUIRE(secure.has_value());
  BOOST_TEST(secure->tls);
  BOOST_TEST(secure->port == 443);
  BOOST_TEST(secure->host == "::1");
  BOOST_TEST(secure->path == "/");
  BOOST_TEST(host_header(*secure) == "[::1]");
  BOOST_TEST(parse_http_url("http://h?q").value().path == "/?q");
}

BOOST_AUTO_TEST_CASE(what_is_no_url_of_a_server) {
  for (const char* wrong : {"", "h:1", "ftp://h", "http://", "http:///p", "http://:80",
                            "http://h:", "http://h:0", "http://h:70000", "http://h:x", "http://u@h",
                            "http://h/a b", "http://h/#a", "http://[::1", "http://[::1]x", "http://]["})
    BOOST_TEST(!parse_http_url(wrong).has_value(), wrong);
}

BOOST_AUTO_TEST_CASE(keys_with_values) {
  const auto pairs = parse_pairs(" a = b%20c ,, key=x=y,empty=");
  BOOST_REQUIRE(pairs.has_value());
  BOOST_REQUIRE(pairs->size() == 3u);
  BOOST_TEST((*pairs)[0].first == "a");
  BOOST_TEST((*pairs)[0].second == "b c");
  BOOST_TEST((*pairs)[1].second == "x=y");
  BOOST_TEST((*pairs)[2].second == "");
  BOOST_TEST(parse_pairs("").value().empty());
  for (const char* wrong : {"a", "=b", "a=%2", "a=%zz", "a=b%0d%0ac", "a=b,c"})
    BOOST_TEST(!parse_pairs(wrong).has_value(), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
