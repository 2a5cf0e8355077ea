#include "tests/config/settings/settings_fixture.hpp"

#include "config/settings/values/http_url.hpp"
#include "config/settings/values/pair_list.hpp"

#include <tuple>
#include <utility>

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

BOOST_AUTO_TEST_CASE(each_general_variable_has_a_form_for_traces) {
  variables["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "http://traces:4318/x";
  variables["OTEL_EXPORTER_OTLP_TRACES_HEADERS"] = "authorization=Bearer%20hush";
  const auto tracing = load().values.tracing;
  BOOST_TEST(tracing.traces_endpoint == "http://traces:4318/x");
  BOOST_TEST(tracing.traces_headers == "authorization=Bearer%20hush");
  BOOST_TEST(!contains(read({"--print-config"}).text, "hush"));
}

BOOST_AUTO_TEST_CASE(are_refused_with_what_is_expected) {
  BOOST_TEST(contains(refuse({"--otlp-endpoint", "collector:4317"}), "expected http://host[:port]"));
  BOOST_TEST(contains(refuse({"--trace-ratio", "1.5"}), "expected a number from 0 to 1, got \"1.5\""));
  BOOST_TEST(contains(refuse({"--trace-sampler", "jaeger_remote"}), "always_on"));
  BOOST_TEST(contains(refuse({"--trace-slow", "50ms"}), "expected otlp-endpoint to be set, too"));
}

BOOST_AUTO_TEST_CASE(variables_of_opentelemetry_that_cannot_be_used_are_warnings) {
  for (const auto& [name, value] :
       {std::pair("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"),
        std::pair("OTEL_EXPORTER_OTLP_ENDPOINT", "grpc://collector:4317"),
        std::pair("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "collector"),
        std::pair("OTEL_TRACES_SAMPLER", "jaeger_remote"),
        std::pair("OTEL_TRACES_SAMPLER_ARG", "endpoint=http://x,initial=0.2"),
        std::pair("OTEL_RESOURCE_ATTRIBUTES", "foo"), std::pair("OTEL_EXPORTER_OTLP_HEADERS", "hush"),
        std::pair("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "hush")}) {
    variables = {{name, value}};
    const auto loaded = load();
    BOOST_REQUIRE_MESSAGE(loaded.warnings.size() == 1u, name);
    BOOST_TEST(contains(loaded.warnings[0], "environment " + std::string(name) + ": expected "), name);
    BOOST_TEST(contains(loaded.warnings[0], "; ignored"), name);
    BOOST_TEST(!contains(loaded.warnings[0], "hush"), name);
    BOOST_TEST(loaded.values.tracing.endpoint.empty());
    BOOST_TEST(loaded.values.tracing.ratio == 1);
  }
  variables.clear();
  write_file(directory, ".env", "OTEL_TRACES_SAMPLER=xray\nOTEL_SERVICE_NAME=\"open\n");
  const auto loaded = load();
  BOOST_TEST(loaded.warnings.size() == 2u);
  BOOST_TEST(source_of(loaded, "trace-sampler") == "default");
  BOOST_TEST(loaded.values.tracing.service_name == "winnowd");
}

BOOST_AUTO_TEST_CASE(a_collector_that_is_ignored_does_not_refuse_what_needs_one) {
  for (const auto* name : {"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"}) {
    variables = {{name, "collector:4317"}};
    BOOST_TEST(load({"--trace-slow", "50ms"}).warnings.size() == 1u, name);
  }
}

BOOST_AUTO_TEST_CASE(a_value_of_winnow_itself_stays_when_the_shared_one_is_ignored) {
  const auto file = write_file(directory, "winnow.conf", "trace-ratio = 0.5\n");
  variables = {{"OTEL_TRACES_SAMPLER_ARG", "all"}, {"OTEL_EXPORTER_OTLP_ENDPOINT", "collector"}};
  const auto loaded = load({"--config", file.c_str(), "--otlp-endpoint", "http://mine:4318"});
  BOOST_TEST(loaded.values.tracing.ratio == 0.5);
  BOOST_TEST(loaded.values.tracing.endpoint == "http://mine:4318");
  BOOST_TEST(loaded.warnings.size() == 2u);
}

BOOST_AUTO_TEST_CASE(opentelemetry_can_be_switched_off) {
  for (const auto& [name, value] :
       {std::pair("OTEL_SDK_DISABLED", "true"), std::pair("OTEL_SDK_DISABLED", "True"),
        std::pair("OTEL_TRACES_EXPORTER", "none")}) {
    variables = {{name, value},
                 {"OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"},
                 {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://collector:4318/v1/traces"}};
    const auto loaded = load({"--slow-log", "1s", "--trace-slow", "50ms"});
    BOOST_TEST(loaded.values.tracing.endpoint.empty(), name);
    BOOST_TEST(loaded.values.tracing.traces_endpoint.empty(), name);
    BOOST_TEST(loaded.values.tracing.slow_log.count() == 1000);
    BOOST_TEST(source_of(loaded, "otlp-endpoint") == "environment " + std::string(name));
    BOOST_TEST(loaded.warnings.empty(), name);
  }
  const auto asked = load({"--otlp-endpoint", "http://mine:4318"});
  BOOST_TEST(asked.values.tracing.endpoint.empty());
  BOOST_TEST(asked.warnings.at(0) ==
             "flag --otlp-endpoint: not used, because of environment OTEL_TRACES_EXPORTER");
}

BOOST_AUTO_TEST_CASE(other_values_of_the_switches_leave_traces_on) {
  for (const auto& [name, value, warnings] :
       {std::tuple("OTEL_SDK_DISABLED", "false", 0u), std::tuple("OTEL_SDK_DISABLED", "", 0u),
        std::tuple("OTEL_SDK_DISABLED", "1", 1u), std::tuple("OTEL_TRACES_EXPORTER", "otlp", 0u),
        std::tuple("OTEL_TRACES_EXPORTER", "console, otlp", 1u),
        std::tuple("OTEL_TRACES_EXPORTER", "zipkin", 1u)}) {
    variables = {{name, value}, {"OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"}};
    const auto loaded = load();
    BOOST_TEST(loaded.values.tracing.endpoint == "http://collector:4318", name);
    BOOST_TEST(loaded.warnings.size() == warnings, name);
  }
  write_file(directory, ".env", "OTEL_SDK_DISABLED=true\n");
  variables["OTEL_SDK_DISABLED"] = "false"; // the environment wins
  BOOST_TEST(load().values.tracing.endpoint == "http://collector:4318");
  variables.erase("OTEL_SDK_DISABLED");
  BOOST_TEST(load().values.tracing.endpoint.empty());
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
