#include "config/settings/table/setting_value.hpp"
#include "tests/config/settings/settings_fixture.hpp"

BOOST_FIXTURE_TEST_SUITE(settings_errors, settings_fixture)

BOOST_AUTO_TEST_CASE(reports_all_errors_at_once) {
  const auto file =
      write_file(directory, "winnow.conf", "port = 1\ncandidats = 5\n[http]\nmax-batch = many\n");
  write_file(directory, ".env", "\nREDIS_PORT=99999\nWINNOW_PROT=1\nNOTHING=1\n");
  variables = {{"WINNOW_DEADLINE", "soon"}, {"WINNOW_DEDLINE", "1s"}};
  const auto text = refuse({"--config", file.c_str(), "--log-level", "loud", "--prot", "1", "stray",
                            "--din-keep", "200", "--candidates", "100"});
  BOOST_TEST(contains(text, "winnowd: 11 errors in the settings:\n"), text);
  BOOST_TEST(contains(text, file + ":2: unknown key \"candidats\"; did you mean candidates?\n"), text);
  BOOST_TEST(contains(text, file + ":3 \"[http]\": expected key = value, got a section"), text);
  BOOST_TEST(contains(text, file + ":4 max-batch: expected a whole number from 1 to 4096, got \"many\"\n"),
             text);
  BOOST_TEST(contains(text, ".env:2 REDIS_PORT: expected a whole number from 1 to 65535, got \"99999\"\n"),
             text);
  BOOST_TEST(contains(text, ".env:3 WINNOW_PROT: unknown; did you mean WINNOW_PORT?\n"), text);
  BOOST_TEST(
      contains(text, "environment WINNOW_DEADLINE: expected a duration from 1ms to 10m, got \"soon\"\n"),
      text);
  BOOST_TEST(contains(text, "environment WINNOW_DEDLINE: unknown; did you mean WINNOW_DEADLINE?\n"), text);
  BOOST_TEST(
      contains(text, "flag --log-level: expected trace, debug, info, warning or error, got \"loud\"\n"),
      text);
  BOOST_TEST(contains(text, "flag --prot: unknown; did you mean --port?\n"), text);
  BOOST_TEST(
      contains(text, "din-keep 200 (flag --din-keep): expected at most candidates 100 (flag --candidates)\n"),
      text);
}

BOOST_AUTO_TEST_CASE(refuses_widths_that_grow_along_the_cascade) {
  BOOST_TEST(contains(refuse({"--candidates", "30", "--din-keep", "40"}),
                      "din-keep 40 (flag --din-keep): expected at most candidates 30"));
  BOOST_TEST(contains(refuse({"--din-keep", "10", "--ranknet-keep", "11"}),
                      "ranknet-keep 11 (flag --ranknet-keep): expected at most din-keep 10"));
  BOOST_TEST(contains(refuse({"--candidates", "10", "--ranknet-keep", "11"}),
                      "ranknet-keep 11 (flag --ranknet-keep): expected at most candidates 10"));
  BOOST_TEST(
      contains(refuse({"--ranknet-keep", "0"}), "flag --ranknet-keep: expected a whole number from 1"));
  load({"--candidates", "1", "--din-keep", "1", "--ranknet-keep", "1"});
}

BOOST_AUTO_TEST_CASE(refuses_bounds_in_the_wrong_order) {
  BOOST_TEST(contains(refuse({"--reconnect-min", "6s"}),
                      "reconnect-min 6s (flag --reconnect-min): expected at most "
                      "reconnect-max 5s (default)"));
  BOOST_TEST(contains(refuse({"--max-in-flight", "16", "--background-in-flight", "17"}),
                      "background-in-flight 17 (flag --background-in-flight): expected at most"));
  BOOST_TEST(contains(refuse({"--poll-interval", "2m"}), "poll-interval 2m"));
}

BOOST_AUTO_TEST_CASE(a_default_is_adjusted_to_a_requested_value) {
  const auto widths = [this](std::initializer_list<const char*> flags) {
    return widths_for(load(flags).values.cascade, winnow::cascade_widths());
  };
  BOOST_TEST(widths({"--candidates", "30"}).din_keep == 30u);
  BOOST_TEST(widths({"--candidates", "30"}).ranknet_keep == 20u);
  BOOST_TEST(widths({"--din-keep", "10"}).ranknet_keep == 10u);
  BOOST_TEST(widths({"--din-keep", "200"}).candidates == 200u);
  BOOST_TEST(widths({"--ranknet-keep", "60"}).din_keep == 60u);
  BOOST_TEST(widths({"--ranknet-keep", "60"}).candidates == 100u);
  BOOST_TEST(load({"--max-in-flight", "1"}).values.pipeline.background_in_flight == 1u);
}

BOOST_AUTO_TEST_CASE(does_not_compare_invalid_values) {
  const auto text = refuse({"--candidates", "x", "--din-keep", "5000"});
  BOOST_TEST(contains(text, "1 error in the settings:\n"), text);
}

BOOST_AUTO_TEST_CASE(refuses_values_out_of_range_or_of_the_wrong_type) {
  for (const auto* flag : {"--port=65536",
                           "--port=-1",
                           "--port=8001x",
                           "--port=",
                           "--port=0x10",
                           "--port= 1",
                           "--max-body-bytes=0",
                           "--max-unsent-bytes=1000",
                           "--deadline=0",
                           "--deadline=-5ms",
                           "--deadline=11m",
                           "--access-log=maybe",
                           "--log-format=xml",
                           "--host=",
                           "--model-dir=",
                           "--stage-workers=99999999999999999999",
                           "--cors-origins=shop.example",
                           "--cors-origins=https://a.example/",
                           "--cors-origins=https://a.example,,https://b.example",
                           "--cors-origins=[\"https://a.example\"]",
                           "--cors-origins=https://m\xc3\xbcnchen.example",
                           "--cors-origins=https://a.example:0",
                           "--cors-origins=null",
                           "--store=redis"})
    BOOST_TEST(contains(refuse({flag}), "1 error in the settings:\n"), flag);
}

BOOST_AUTO_TEST_CASE(says_what_an_origin_is) {
  const auto text = refuse({"--cors-origins", "https://shop.example:70000"});
  BOOST_TEST(contains(text,
                      "flag --cors-origins: expected \"*\", an empty text, or a comma-separated list of "
                      "origins, each of scheme, host and perhaps port, such as https://shop.example or "
                      "http://localhost:3000, got \"https://shop.example:70000\"\n"),
             text);
}

BOOST_AUTO_TEST_CASE(refuses_a_flag_without_its_value) {
  const auto text = refuse({"--deadline", "x", "--port"});
  BOOST_TEST(contains(text, "--port"), text);
  BOOST_TEST(contains(text, "flag --deadline: expected a duration"), text);
}

BOOST_AUTO_TEST_CASE(refuses_a_flag_that_is_given_twice) {
  const auto text = refuse({"--port", "1", "--port=2", "--deadline", "1s", "--access-log", "--access-log",
                            "--config", "a", "--config", "b"});
  BOOST_TEST(contains(text, "flag --port: given 2 times, expected once\n"), text);
  BOOST_TEST(contains(text, "flag --access-log: given 2 times"), text);
  BOOST_TEST(contains(text, "flag --config: given 2 times"), text);
  BOOST_TEST(!contains(text, "--deadline"), text);
}

BOOST_AUTO_TEST_CASE(refuses_a_duration_without_a_unit) {
  constexpr const char* advice = ", got \"5\", which lacks a unit: ms, s, m, h or d\n";
  BOOST_TEST(contains(refuse({"--deadline", "5"}), "flag --deadline: expected a duration from 1ms to 10m"));
  BOOST_TEST(contains(refuse({"--deadline", "5"}), advice));
  variables["WINNOW_IDLE_TIMEOUT"] = "5";
  BOOST_TEST(contains(refuse(), advice));
  variables.clear();
  const auto file = write_file(directory, "winnow.conf", "drain-timeout = 5\n");
  BOOST_TEST(contains(refuse({"--config", file.c_str()}), advice));
  BOOST_TEST(!contains(refuse({"--deadline", "0"}), "unit"));
  load({"--drain-timeout", "0", "--learn-half-life", "90d"});
}

BOOST_AUTO_TEST_CASE(refuses_one_port_for_both_endpoints) {
  BOOST_TEST(contains(refuse({"--port", "8002"}),
                      "port 8002 (flag --port): expected another port than that of admin "
                      "127.0.0.1:8002 (default)\n"));
  refuse({"--port", "9000", "--host", "127.0.0.1", "--admin", "localhost:9000"});
  refuse({"--port", "9000", "--host", "127.0.0.1", "--admin", "127.0.0.1:9000"});
  refuse({"--port", "9000", "--host", "::", "--admin", "127.0.0.1:9000"});
  load({"--port", "9000", "--host", "127.0.0.2", "--admin", "127.0.0.1:9000"});
  load({"--port", "0", "--admin", "127.0.0.1:0"});
  load({"--port", "8002", "--admin", "off"});
  load({"--port", "8002", "--admin", "unix:/run/winnow.sock"});
}

BOOST_AUTO_TEST_CASE(refuses_missing_files) {
  const auto text = refuse({"--config", "none.conf"});
  BOOST_TEST(contains(text, "flag --config: none.conf: cannot open: No such file or directory"), text);
}

BOOST_AUTO_TEST_CASE(refuses_a_key_that_is_set_twice) {
  const auto file = write_file(directory, "winnow.conf", "port = 1\n\nport = 2\n");
  BOOST_TEST(contains(refuse({"--config", file.c_str()}), file + ":3 port: set twice, first on line 1\n"));
}

BOOST_AUTO_TEST_CASE(refuses_lines_that_would_lose_one_of_its_own_settings) {
  write_file(directory, ".env", "WINNOW_TOKEN_FILE=\"a\" b\nWINNOW_PORT 80\nWINNOW_CONFIG=\"open\n");
  const auto text = refuse();
  BOOST_TEST(contains(text, ".env:1 WINNOW_TOKEN_FILE: expected nothing after the closing quote"), text);
  BOOST_TEST(contains(text, ".env:2 WINNOW_PORT: expected NAME=value"), text);
  BOOST_TEST(contains(text, ".env:3 WINNOW_CONFIG: expected a closing \""), text);
  write_file(directory, ".env", "WINNOW_PORT 80\nWINNOW_PORT=81\n");
  BOOST_TEST(load().values.http.port == 81);
}

BOOST_AUTO_TEST_CASE(refuses_a_user_without_a_password) {
  variables["REDIS_USER"] = "me";
  BOOST_TEST(
      contains(refuse(), "redis-user me (environment REDIS_USER): expected redis-password to be set, too"));
  BOOST_TEST(contains(refuse({"--store=redis://:hush@h:x"}), "port of the store's address"));
  BOOST_TEST(!contains(refuse({"--store=redis://:hush@h:x"}), "hush"));
}

BOOST_AUTO_TEST_CASE(refuses_settings_without_those_that_they_need) {
  BOOST_TEST(contains(refuse({"--tls-key=k"}),
                      "tls-key k (flag --tls-key): expected tls-certificate to be set, too"));
  BOOST_TEST(contains(refuse({"--tls-client-ca=c"}), "expected tls-certificate to be set, too"));
  BOOST_TEST(contains(refuse({"--admin=https://127.0.0.1:1"}), "expected tls-certificate to be set, too"));
  BOOST_TEST(contains(refuse({"--rate-burst=5"}), "expected rate-limit to be set, too"));
}

BOOST_AUTO_TEST_CASE(refuses_a_fleet_that_cannot_share) {
  BOOST_TEST(contains(refuse({"--fleet=shop", "--store=memory:"}),
                      "fleet shop (flag --fleet): expected a store that other replicas reach"));
  BOOST_TEST(contains(refuse({"--fleet=shop", "--list-records=false"}), "expected list-records to be true"));
  for (const char* name : {"--fleet=a b", "--fleet={x}", "--fleet=ä"})
    BOOST_TEST(contains(refuse({name}), "expected at most 64 letters, digits, dots, hyphens"));
}

BOOST_AUTO_TEST_CASE(numbers_of_bytes_may_have_a_unit) {
  const std::pair<const char*, std::size_t> sizes[] = {{"0", 0},
                                                       {"1000", 1000},
                                                       {"5b", 5},
                                                       {"2k", 2048},
                                                       {"512M", 512u << 20},
                                                       {"2GB", std::size_t{2} << 30},
                                                       {"1GiB", std::size_t{1} << 30},
                                                       {"3T", std::size_t{3} << 40}};
  for (const auto& [text, expected] : sizes)
    BOOST_TEST(winnow::parse_bytes(text).value_or(1) == expected, text);
  for (const char* text : {"", "M", "1.5G", "-1", "1X", "1Mx", "1 M", "99999999999999999999", "99999999999T"})
    BOOST_TEST(!winnow::parse_bytes(text), text);
  BOOST_TEST(
      contains(refuse({"--memory-limit=much"}), "expected a number of bytes such as 1000000, 512M or 2G"));
}

BOOST_AUTO_TEST_CASE(quotes_the_given_value_on_one_line) {
  variables["WINNOW_PORT"] = "1\n2\x1b[31m";
  const auto text = refuse();
  BOOST_TEST(contains(text, "got \"1\\n2\\x1b[31m\"\n"), text);
  variables["WINNOW_PORT"] = std::string(5000, '7');
  BOOST_TEST(refuse().size() < 300u);
}

BOOST_AUTO_TEST_SUITE_END()
