#include "config/system/service_manager.hpp"

#include "support/notify_socket.hpp"

#include <boost/test/unit_test.hpp>
#include <ctime>
#include <unistd.h>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

service_manager connected(const environment& variables) {
  auto manager = service_manager::named_by(variables);
  if (!manager)
    BOOST_FAIL(manager.error().message);
  return std::move(*manager);
}

std::string refusal(const environment& variables) {
  const auto manager = service_manager::named_by(variables);
  return manager ? "accepted" : manager.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(service_managers)

BOOST_AUTO_TEST_CASE(each_state_is_one_datagram) {
  for (const bool abstract : {false, true}) {
    const notify_socket socket(abstract);
    const auto manager = connected({{"NOTIFY_SOCKET", socket.name()}, {"WATCHDOG_USEC", "30000000"}});
    BOOST_TEST(manager.listens());
    manager.ready("serving,\nmodels 1");
    BOOST_TEST(socket.next() == "READY=1\nSTATUS=serving, models 1");
    manager.progress();
    BOOST_TEST(socket.next() == "WATCHDOG=1");
    manager.stopping("stopping");
    BOOST_TEST(socket.next() == "STOPPING=1\nSTATUS=stopping");
    BOOST_TEST(socket.is_silent());
  }
}

BOOST_AUTO_TEST_CASE(a_reload_tells_when_it_began) {
  const notify_socket socket;
  const auto manager = connected({{"NOTIFY_SOCKET", socket.name()}});
  const auto now = [] {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
  };
  const auto before = now();
  manager.reloading();
  const std::string beginning = "RELOADING=1\nMONOTONIC_USEC=";
  const auto text = socket.next(beginning);
  BOOST_REQUIRE(!text.empty());
  const auto began = std::stoll(text.substr(beginning.size()));
  BOOST_TEST(began >= before);
  BOOST_TEST(began <= now());
}

BOOST_AUTO_TEST_CASE(progress_is_told_only_to_a_watchdog_of_this_process) {
  const notify_socket socket;
  const auto own = std::to_string(::getpid());
  const auto watchdog = [&](environment variables) {
    variables["NOTIFY_SOCKET"] = socket.name();
    const auto manager = connected(variables);
    manager.progress();
    BOOST_TEST(socket.is_silent() == (manager.watchdog() == 0us));
    if (!socket.is_silent())
      socket.next();
    return manager.watchdog();
  };
  BOOST_CHECK(watchdog({}) == 0us);
  BOOST_CHECK(watchdog({{"WATCHDOG_USEC", "30000000"}}) == 30s);
  BOOST_CHECK(watchdog({{"WATCHDOG_USEC", "30000000"}, {"WATCHDOG_PID", own}}) == 30s);
  BOOST_CHECK(watchdog({{"WATCHDOG_USEC", "30000000"}, {"WATCHDOG_PID", "1"}}) == 0us);
}

BOOST_AUTO_TEST_CASE(without_a_manager_nothing_happens) {
  const auto manager = connected({{"WATCHDOG_USEC", "30000000"}});
  BOOST_TEST(!manager.listens());
  BOOST_CHECK(manager.watchdog() == 0us);
  manager.ready("serving");
  manager.progress();
}

BOOST_AUTO_TEST_CASE(a_manager_that_went_away_or_does_not_read_stops_nothing) {
  auto socket = std::make_unique<notify_socket>();
  const auto manager = connected({{"NOTIFY_SOCKET", socket->name()}, {"WATCHDOG_USEC", "30000000"}});
  for (int i = 0; i < 10'000; ++i) // more than any queue holds
    manager.progress();
  socket.reset();
  manager.ready("serving");
}

BOOST_AUTO_TEST_CASE(names_what_it_cannot_use) {
  BOOST_TEST(refusal({{"NOTIFY_SOCKET", "vsock:2:1"}}) ==
             R"(NOTIFY_SOCKET: expected a path or @name, got "vsock:2:1")");
  BOOST_TEST(refusal({{"NOTIFY_SOCKET", "/" + std::string(200, 'x')}}) ==
             "NOTIFY_SOCKET: expected at most 107 bytes, got 201");
  BOOST_TEST(refusal({{"NOTIFY_SOCKET", "/run/x"}, {"WATCHDOG_USEC", "30s"}}) ==
             R"(WATCHDOG_USEC: expected a number, got "30s")");
  BOOST_TEST(refusal({{"NOTIFY_SOCKET", "/run/x"}, {"WATCHDOG_USEC", "1"}, {"WATCHDOG_PID", "me"}}) ==
             R"(WATCHDOG_PID: expected a number, got "me")");
}

BOOST_AUTO_TEST_SUITE_END()
