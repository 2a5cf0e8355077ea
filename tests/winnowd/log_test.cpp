#include "daemon_process.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>

using namespace winnow::test;

namespace {

const std::string dropped = "winnow_log_lines_dropped_total";

/// A daemon that logs each request.
struct logging_daemon {
  explicit logging_daemon(errors_to destination) : shop(flags_for(redis, {"--access-log"}), {}, destination) {
    shop.wait_until_ready();
  }

  /// Sends 2,000 requests whose log lines, 3 MB, fit neither the pipe nor the daemon's queue.
  void ask_a_lot() const {
    const std::string target = "/livez?" + std::string(1500, 'x');
    int answered = 0;
    for (int i = 0; i < 2000; ++i)
      answered += shop.http().get(target).status == 200 ? 1 : 0;
    BOOST_TEST(answered == 2000);
  }

  /// The poller goes on, too.
  void expect_a_list() const {
    redis.call({"SET", "user_profile:u", books(4)});
    wait_for_list(redis, "u");
  }

  void expect_to_stop() {
    shop.signal(SIGTERM);
    BOOST_TEST(shop.wait(std::chrono::seconds(10)).value_or(-1) == 0);
  }

  redis_server redis;
  daemon_process shop;
};

} // namespace

BOOST_AUTO_TEST_SUITE(log_lines)

BOOST_AUTO_TEST_CASE(the_access_log_is_written_whatever_the_level_of_other_lines) {
  redis_server redis;
  daemon_process shop(flags_for(redis, {"--access-log", "--log-level", "error"}));
  shop.wait_until_ready();
  BOOST_TEST(shop.http().get("/livez").status == 200u);
  BOOST_TEST(shop.wait_for_error_line("target=/livez "));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(log_readers)

BOOST_AUTO_TEST_CASE(a_reader_that_stalls_stops_nothing) {
  logging_daemon one(errors_to::pipe);
  one.ask_a_lot();
  one.expect_a_list();
  BOOST_TEST(one.shop.metric(dropped) > 0);
  one.expect_to_stop();
}

BOOST_AUTO_TEST_CASE(says_how_many_lines_are_missing_once_they_are_read_again) {
  logging_daemon one(errors_to::pipe);
  one.ask_a_lot();
  const double missing = one.shop.metric(dropped);
  BOOST_REQUIRE(missing > 0);
  const std::string notice = "warning log lines dropped lines=";
  BOOST_REQUIRE(one.shop.wait_for_error_line(notice));
  const auto text = one.shop.errors();
  const auto told = std::stod(text.substr(text.find(notice) + notice.size()));
  // The line of the request for the metric follows its answer: it is dropped, too, or already finds room.
  BOOST_TEST((told == missing || told == missing + 1));
  BOOST_TEST(one.shop.metric(dropped) == told);
  const auto before = one.shop.errors().size();
  BOOST_TEST(one.shop.http().get("/livez").status == 200u);
  BOOST_TEST(
      wait_until([&] { return one.shop.errors().find("target=/livez ", before) != std::string::npos; }));
  one.expect_to_stop();
  BOOST_TEST(one.shop.errors().find("stopped unfinished_requests=0\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_reader_that_leaves_ends_nothing) {
  logging_daemon one(errors_to::pipe);
  one.shop.close_error_pipe();
  one.ask_a_lot();
  one.expect_a_list();
  BOOST_TEST(one.shop.metric(dropped) > 0);
  one.expect_to_stop();
}

BOOST_AUTO_TEST_CASE(a_closed_stream_is_not_taken_by_a_connection) {
  logging_daemon one(errors_to::nowhere);
  one.ask_a_lot();
  one.expect_a_list();
  one.expect_to_stop();
}

BOOST_AUTO_TEST_SUITE_END()
