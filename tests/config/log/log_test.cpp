#include "config/log/log.hpp"

#include "config/log/log_line.hpp"
#include "config/log/standard_streams.hpp"
#include "support/temp_dir.hpp"
#include "tests/config/write_file.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>
#include <unistd.h>
#include <vector>

using winnow::log_field;
using winnow::log_level;

namespace {

// 2026-01-31T12:00:00.123Z
const auto noon = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'769'860'800'123));

std::string text_of(std::initializer_list<log_field> fields) {
  return winnow::text_line({noon, log_level::info, "redis_gateway", "connected", fields});
}

nlohmann::json json_of(std::initializer_list<log_field> fields) {
  return nlohmann::json::parse(
      winnow::json_line({noon, log_level::info, "redis_gateway", "connected", fields}));
}

// Redirects standard error to a file during its lifetime.
class captured_log {
public:
  captured_log() : file_(directory_.path() + "/log"), saved_(dup(STDERR_FILENO)) {
    const int log = open(file_.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
    BOOST_REQUIRE(log >= 0);
    dup2(log, STDERR_FILENO);
    close(log);
  }
  ~captured_log() {
    winnow::flush_standard_streams();
    dup2(saved_, STDERR_FILENO);
    close(saved_);
    winnow::configure_log({});
  }
  captured_log(const captured_log&) = delete;
  captured_log& operator=(const captured_log&) = delete;

  std::vector<std::string> lines() const {
    winnow::flush_standard_streams();
    std::ifstream input(file_);
    std::vector<std::string> all;
    for (std::string line; std::getline(input, line);)
      all.push_back(line);
    return all;
  }

private:
  winnow::test::temp_dir directory_;
  std::string file_;
  int saved_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(logging)

BOOST_AUTO_TEST_CASE(writes_an_event_as_a_line_of_text) {
  BOOST_TEST(text_of({{"address", "redis://localhost:6379/0"}}) ==
             "2026-01-31T12:00:00.123Z info  redis_gateway connected address=redis://localhost:6379/0");
  BOOST_TEST(text_of({{"n", -3}, {"m", std::size_t{7}}, {"share", 0.25}, {"ok", true}}) ==
             "2026-01-31T12:00:00.123Z info  redis_gateway connected n=-3 m=7 share=0.25 ok=true");
}

BOOST_AUTO_TEST_CASE(pads_levels_to_a_common_width) {
  BOOST_TEST(winnow::text_line({noon, log_level::warning, "a", "b", {}}) ==
             "2026-01-31T12:00:00.123Z warning a b");
  BOOST_TEST(winnow::text_line({noon, log_level::error, "a", "b", {}}) ==
             "2026-01-31T12:00:00.123Z error a b");
}

BOOST_AUTO_TEST_CASE(keeps_every_value_on_one_line) {
  BOOST_TEST(text_of({{"v", "two words"}}).find("v=\"two words\"") != std::string::npos);
  BOOST_TEST(text_of({{"v", ""}}).find("v=\"\"") != std::string::npos);
  BOOST_TEST(text_of({{"v", "a\nb\r\tc"}}).find("v=\"a\\nb\\r\\tc\"") != std::string::npos);
  BOOST_TEST(text_of({{"v", "a\" x=\"b"}}).find("v=\"a\\\" x=\\\"b\"") != std::string::npos);
  BOOST_TEST(text_of({{"v", "\x1b[31m\x7f"}}).find("v=\"\\x1b[31m\\x7f\"") != std::string::npos);
  BOOST_TEST(text_of({{"v", "caf\xc3\xa9"}}).find("v=\"caf\xc3\xa9\"") != std::string::npos);
  BOOST_TEST(text_of({{"v", "\xc2\x9b"}}).find("v=\"\\xc2\\x9b\"") !=
             std::string::npos); // CSI in one code point
}

BOOST_AUTO_TEST_CASE(escapes_bytes_that_are_not_utf8) {
  BOOST_TEST(text_of({{"v", "a\xff"}}).find("v=\"a\\xff\"") != std::string::npos);
  BOOST_TEST(text_of({{"v", "\xc3"}}).find("v=\"\\xc3\"") != std::string::npos);
  BOOST_TEST(text_of({{"v", "\xed\xa0\x80"}}).find("v=\"\\xed\\xa0\\x80\"") !=
             std::string::npos); // a surrogate
  BOOST_TEST(text_of({{"v", "\xf0\x9f\x93\x9a"}}).find("v=\"\xf0\x9f\x93\x9a\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(writes_an_event_as_a_line_of_json) {
  const auto line = json_of({{"address", "x"}, {"n", -3}, {"share", 0.25}, {"ok", true}});
  BOOST_TEST(line["time"] == "2026-01-31T12:00:00.123Z");
  BOOST_TEST(line["level"] == "info");
  BOOST_TEST(line["component"] == "redis_gateway");
  BOOST_TEST(line["event"] == "connected");
  BOOST_TEST(line["address"] == "x");
  BOOST_TEST(line["n"] == -3);
  BOOST_TEST(line["share"] == 0.25);
  BOOST_TEST(line["ok"] == true);
}

BOOST_AUTO_TEST_CASE(json_represents_any_value) {
  BOOST_TEST(json_of({{"v", "a\xff\n"}})["v"] == "a\xef\xbf\xbd\n");
  BOOST_TEST(json_of({{"v", std::numeric_limits<double>::quiet_NaN()}})["v"].is_null());
  BOOST_TEST(json_of({{"v", std::numeric_limits<std::uint64_t>::max()}})["v"] ==
             std::numeric_limits<std::uint64_t>::max());
}

BOOST_AUTO_TEST_CASE(writes_events_of_the_configured_level_to_standard_error) {
  const captured_log log;
  winnow::configure_log({log_level::warning, winnow::log_format::json});
  winnow::log_event(log_level::info, "test", "quiet");
  winnow::log_event(log_level::error, "test", "loud {}", {{"n", 1}});
  BOOST_TEST(!winnow::log_enabled(log_level::info));
  winnow::log_threshold(log_level::debug);
  BOOST_TEST(winnow::log_enabled(log_level::debug));
  winnow::log_event(log_level::debug, "test", "changed");
  const auto lines = log.lines();
  BOOST_REQUIRE(lines.size() == 2u);
  BOOST_TEST(nlohmann::json::parse(lines[0])["event"] == "loud {}");
  BOOST_TEST(nlohmann::json::parse(lines[1])["event"] == "changed");
}

BOOST_AUTO_TEST_CASE(writes_events_that_a_setting_asks_for_whatever_the_level) {
  const captured_log log;
  winnow::configure_log({log_level::error, winnow::log_format::json});
  winnow::log_routine(log_level::info, "test", "routine");
  winnow::log_requested(log_level::info, "test", "requested", {{"n", 1}});
  const auto lines = log.lines();
  BOOST_REQUIRE(lines.size() == 1u);
  BOOST_TEST(nlohmann::json::parse(lines[0])["event"] == "requested");
  BOOST_TEST(nlohmann::json::parse(lines[0])["level"] == "info");
}

BOOST_AUTO_TEST_CASE(threads_do_not_interleave_lines) {
  const captured_log log;
  winnow::configure_log({log_level::info, winnow::log_format::text});
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([i] {
      for (int n = 0; n < 100; ++n)
        winnow::log_event(log_level::info, "test", "event", {{"thread", i}, {"n", n}});
    });
  for (auto& thread : threads)
    thread.join();
  const auto lines = log.lines();
  BOOST_TEST(lines.size() == 400u);
  for (const auto& line : lines)
    BOOST_TEST(line.find("Z info  test event thread=") == 23u, line);
}

BOOST_AUTO_TEST_SUITE_END()
