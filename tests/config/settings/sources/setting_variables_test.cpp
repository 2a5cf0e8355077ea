#include "tests/config/settings/settings_fixture.hpp"

using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(setting_variables, settings_fixture)

BOOST_AUTO_TEST_CASE(blanks_around_a_number_or_a_word_do_not_count) {
  variables = {{"REDIS_PORT", "6380\r"},
               {"WINNOW_PORT", " 8003 "},
               {"WINNOW_DEADLINE", "\t2s\n"},
               {"WINNOW_ACCESS_LOG", "true\r\n"},
               {"WINNOW_LOG_LEVEL", " debug"},
               {"WINNOW_MEMORY_LIMIT", "1k\r"},
               {"WINNOW_CANDIDATES", "80\r"},
               {"WINNOW_GATE_HITS", "0.5 "},
               {"WINNOW_GATE_TIME", " 2 "},
               {"REDIS_HOST", "redis\r"},
               {"REDIS_SENTINELS", ""},
               {"WINNOW_FLEET", "shop\r"},
               {"WINNOW_ADMIN", "127.0.0.1:9\r"},
               {"KAFKA_BROKER", " kafka:9092\r"},
               {"WINNOW_TRUSTED_PROXIES", "::1\r"}};
  const auto values = load().values;
  BOOST_TEST(to_string(values.store.address) == "redis://redis:6380/0");
  BOOST_TEST(values.http.port == 8003);
  BOOST_TEST((values.pipeline.deadline == 2s));
  BOOST_TEST(values.http.access_log);
  BOOST_TEST((values.log.level == winnow::log_level::debug));
  BOOST_TEST(values.store.memory_limit == 1024u);
  BOOST_TEST(values.cascade.candidates.value() == 80u);
  BOOST_TEST(values.gate.least_hits == 0.5);
  BOOST_TEST(values.gate.most_time == 2);
  BOOST_TEST(values.fleet.name == "shop");
  BOOST_TEST(values.admin.address.port == 9);
  BOOST_TEST(values.kafka.brokers == "kafka:9092");
  BOOST_TEST(values.http.trusted_proxies == "::1");
}

BOOST_AUTO_TEST_CASE(the_same_holds_for_the_env_file) {
  write_file(directory, ".env", "REDIS_PORT=\"6380\r\"\nREDIS_DB=' 2 '\n");
  BOOST_TEST(to_string(load().values.store.address) == "redis://localhost:6380/2");
}

BOOST_AUTO_TEST_CASE(blanks_alone_are_no_number) {
  variables["REDIS_PORT"] = "\r";
  write_file(directory, ".env", "REDIS_PORT=6380\n");
  BOOST_TEST(load().values.store.address.port == 6380);
}

BOOST_AUTO_TEST_CASE(blanks_within_a_number_are_refused) {
  variables["REDIS_PORT"] = "63 80";
  BOOST_TEST(contains(refuse(), "environment REDIS_PORT: expected a whole number from 1 to 65535, got \"63"));
}

BOOST_AUTO_TEST_CASE(secrets_and_names_of_files_keep_their_blanks) {
  variables = {{"REDIS_PASSWORD", " hush\r"}, {"MODEL_DIR", " models "}};
  const auto values = load().values;
  BOOST_TEST(values.store.address.password == " hush\r");
  BOOST_TEST(values.models.dir == " models ");
}

BOOST_AUTO_TEST_CASE(a_token_loses_the_blanks_that_a_header_cannot_have) {
  variables = {{"WINNOW_ADMIN_TOKEN", " t \r"}};
  BOOST_TEST(load().values.admin.token == "t");
}

BOOST_AUTO_TEST_CASE(words_may_be_in_any_case) {
  variables = {{"WINNOW_LOG_LEVEL", "INFO"},
               {"WINNOW_LOG_FORMAT", "Json"},
               {"WINNOW_KAFKA_FORMAT", "EVENTS"},
               {"WINNOW_MODEL_PRECISION", "Half"},
               {"OTEL_TRACES_SAMPLER", "Always_On"},
               {"REDIS_TLS_VERIFY", "NONE"},
               {"WINNOW_ADMIN", "OFF"}};
  const auto loaded = load({"--redis-tls=On"});
  BOOST_TEST((loaded.values.log.level == winnow::log_level::info));
  BOOST_TEST((loaded.values.log.format == winnow::log_format::json));
  BOOST_TEST((loaded.values.kafka.format == winnow::kafka_format::events));
  BOOST_TEST((loaded.values.models.precision == winnow::table_precision::half));
  BOOST_TEST((loaded.values.tracing.sampler == winnow::trace_sampler::always_on));
  BOOST_TEST((loaded.values.store.address.tls.asked_for == winnow::store_tls::proof::none));
  BOOST_TEST(loaded.values.admin.address.off);
  for (const char* word : {"True", "TRUE", "Yes", "On", "1"}) {
    variables["WINNOW_ACCESS_LOG"] = word;
    BOOST_TEST(load().values.http.access_log, word);
  }
  for (const char* word : {"False", "FALSE", "No", "OFF", "0"}) {
    variables["WINNOW_ACCESS_LOG"] = word;
    BOOST_TEST(!load().values.http.access_log, word);
  }
  const auto store = "rediss://h?ssl_cert_reqs=Required&ssl_check_hostname=False";
  BOOST_TEST(
      (load({"--store", store}).values.store.address.tls.asked_for == winnow::store_tls::proof::authority));
}

BOOST_AUTO_TEST_CASE(a_value_that_looks_like_a_comment_is_a_warning) {
  write_file(directory, ".env", "OTHER= # none\nREDIS_PASSWORD=   # none\nREDIS_USER=#me\n");
  const auto loaded = load();
  BOOST_TEST(loaded.values.store.address.password == "# none"); // as python-dotenv reads it
  BOOST_REQUIRE(loaded.warnings.size() == 1u);
  BOOST_TEST(loaded.warnings[0] == ".env:2 REDIS_PASSWORD: the value is \"#\" and the text behind it: only a "
                                   "value before them would make them a comment");
  for (const char* line :
       {"REDIS_PASSWORD=\"# none\"\n", "REDIS_PASSWORD= a # none\n", "REDIS_PASSWORD=  "}) {
    write_file(directory, ".env", line);
    BOOST_TEST(load().warnings.empty(), line);
  }
}

BOOST_AUTO_TEST_CASE(a_name_alone_takes_a_setting_back) {
  write_file(directory, ".env", "REDIS_HOST=redis\nREDIS_PORT=6380\nREDIS_HOST\n");
  BOOST_TEST(to_string(load().values.store.address) == "redis://localhost:6380/0"); // as in python-dotenv
}

BOOST_AUTO_TEST_SUITE_END()
