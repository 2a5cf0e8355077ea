#include "daemon_process.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/free_port.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

using namespace winnow::test;
using nlohmann::json;

namespace {

/// Returns the lines on standard error that are not log events.
strings plain_lines(const daemon_process& ended) {
  static const std::regex log_event(R"(\d{4}-\d\d-\d\dT\S+Z .*)");
  strings lines;
  for (const auto& line : ended.error_lines())
    if (!std::regex_match(line, log_event))
      lines.push_back(line);
  return lines;
}

void check_refusal(daemon_process& refusing, int code, const std::string& part) {
  BOOST_CHECK_EQUAL(refusing.wait().value_or(-1), code);
  BOOST_CHECK_EQUAL(refusing.output(), "");
  const auto lines = plain_lines(refusing);
  BOOST_REQUIRE_MESSAGE(lines.size() == 1, refusing.errors());
  BOOST_CHECK_EQUAL(lines[0].find("winnowd: "), 0u);
  BOOST_CHECK_MESSAGE(lines[0].find(part) != std::string::npos, lines[0]);
}

/// Runs a command in the Redis database `number`.
std::string in_database(const redis_server& redis, int number, const strings& command) {
  strings words{"EVAL", "redis.call('SELECT', KEYS[1]) return redis.call(unpack(ARGV))", "1",
                std::to_string(number)};
  words.insert(words.end(), command.begin(), command.end());
  return redis.call(words);
}

} // namespace

BOOST_AUTO_TEST_SUITE(start)

BOOST_AUTO_TEST_CASE(replaces_the_old_service_with_only_its_environment) {
  redis_server redis;
  const auto port = free_port();
  // The old service had a fixed port, which may be in use here.
  daemon_process shop({"--port", std::to_string(port), "--host", "127.0.0.1"},
                      {"REDIS_HOST=127.0.0.1", "REDIS_PORT=" + std::to_string(redis.port()), "REDIS_DB=3",
                       "MODEL_DIR=" + bookshop_dir()});
  shop.wait_until_ready();
  in_database(redis, 3, {"SET", "user_profile:u", books(4)});
  BOOST_CHECK(wait_until([&] { return in_database(redis, 3, {"EXISTS", "recommendations:u"}) == "1"; }));
  BOOST_CHECK_EQUAL(redis.call({"DBSIZE"}), "0");
}

BOOST_AUTO_TEST_CASE(reaches_redis_over_a_unix_socket) {
  redis_server redis;
  daemon_process shop(flags_for(redis, {"--store", "unix://" + redis.socket_path()}));
  shop.wait_until_ready();
  redis.call({"SET", "user_profile:u", books(4)});
  wait_for_list(redis, "u");
  BOOST_CHECK(shop.errors().find("unix://") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(reports_a_port_in_use_in_one_line) {
  redis_server redis;
  daemon_process first(flags_for(redis));
  first.wait_for_port();
  const auto announced = first.output();
  const auto port =
      announced.substr(announced.rfind(':') + 1, announced.find('\n') - announced.rfind(':') - 1);
  daemon_process second(flags_for(redis, {"--port", port}));
  check_refusal(second, 69, "127.0.0.1 port " + port);
}

BOOST_AUTO_TEST_CASE(reports_bad_models_in_one_line) {
  redis_server redis;
  daemon_process missing(flags_for(redis, {"--model-dir", "/nowhere/at/all"}));
  check_refusal(missing, 66, "/nowhere/at/all");
  temp_dir empty;
  daemon_process nothing(flags_for(redis, {"--model-dir", empty.path()}));
  check_refusal(nothing, 66, empty.path());
}

BOOST_AUTO_TEST_CASE(names_every_wrong_setting) {
  daemon_process wrong({"--port", "70000", "--deadline", "soon"}, {"REDIS_PORT=none"});
  BOOST_CHECK_EQUAL(wrong.wait().value_or(-1), 78);
  BOOST_CHECK_EQUAL(wrong.output(), "");
  for (const char* named : {"port", "deadline", "REDIS_PORT"})
    BOOST_CHECK_MESSAGE(wrong.errors().find(named) != std::string::npos, wrong.errors());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_printed_is_no_success) {
  const auto program = required_variable("WINNOW_BIN_DIR") + "/winnowd";
  for (const std::string flag : {"--print-config", "--check-config", "--help", "--version"}) {
    BOOST_TEST_CONTEXT(flag) {
      const temp_dir directory;
      const auto errors = directory.path() + "/errors";
      child_process full(
          {"env", "-i", "-C", directory.path(), "sh", "-c", "exec \"$0\" \"$1\" > /dev/full", program, flag},
          errors);
      BOOST_TEST(full.wait().value_or(-1) == 74);
      // The reason is only known of the last write.
      BOOST_TEST(bytes_of(errors).rfind("winnowd: standard output: cannot be written: ", 0) == 0u);
      child_process left({"sh", "-c", "\"$0\" \"$1\" 2> \"$2\" | true", program, flag, errors},
                         directory.path() + "/output");
      BOOST_TEST(left.wait().value_or(-1) == 0);
      BOOST_TEST(bytes_of(errors) == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(logs_one_event_per_line_as_text) {
  redis_server redis;
  daemon_process shop(flags_for(redis, {"--log-level", "debug", "--access-log"}));
  shop.wait_until_ready();
  shop.http().post("/recommend/nobody%0Aat%20all");
  shop.signal(SIGTERM);
  BOOST_CHECK_EQUAL(shop.wait().value_or(-1), 0);
  static const std::regex event(
      R"re(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (trace|debug|info|warn|warning|error) +\w+ .+)re");
  for (const auto& line : shop.error_lines())
    BOOST_CHECK_MESSAGE(std::regex_match(line, event), line);
}

BOOST_AUTO_TEST_CASE(logs_one_event_per_line_as_json) {
  redis_server redis;
  daemon_process shop(flags_for(redis, {"--log-format", "json", "--log-level", "debug", "--access-log"}));
  shop.wait_until_ready();
  redis.call({"SET", "user_profile:bad", "nonsense"});
  BOOST_CHECK(shop.wait_for_error_line("user_profile:bad"));
  shop.http().post("/recommend/nobody");
  shop.signal(SIGTERM);
  BOOST_CHECK_EQUAL(shop.wait().value_or(-1), 0);
  bool access_seen = false;
  for (const auto& line : shop.error_lines()) {
    const auto event = json::parse(line, nullptr, false);
    BOOST_REQUIRE_MESSAGE(event.is_object(), line);
    for (const char* key : {"time", "level", "component", "event"})
      BOOST_CHECK_MESSAGE(event.contains(key), line);
    access_seen = access_seen || line.find("/recommend/nobody") != std::string::npos;
  }
  BOOST_CHECK(access_seen);
}

BOOST_AUTO_TEST_SUITE_END()
