#include "daemon_process.hpp"
#include "support/notify_socket.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <nlohmann/json.hpp>

using namespace winnow::test;

namespace {

/// A daemon that a service manager started, which reads what it is told.
struct managed_fixture {
  notify_socket manager;
  redis_server redis;
  daemon_process shop{flags_for(redis), {"NOTIFY_SOCKET=" + manager.name(), "WATCHDOG_USEC=60000000"}};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(service_managers, managed_fixture)

BOOST_AUTO_TEST_CASE(is_told_of_start_progress_reload_and_stop) {
  const auto ready = manager.next("READY=1");
  BOOST_TEST(ready.find("READY=1\nSTATUS=serving, models ") == 0u);
  BOOST_TEST(shop.wait_for_port().http().get("/livez").status == 200u); // the port is open by then
  BOOST_TEST(manager.next("WATCHDOG=1") == "WATCHDOG=1");
  BOOST_TEST(manager.next("WATCHDOG=1") == "WATCHDOG=1");
  shop.signal(SIGHUP);
  BOOST_TEST(!manager.next("RELOADING=1\nMONOTONIC_USEC=").empty());
  BOOST_TEST(manager.next("READY=1") == ready);
  shop.signal(SIGTERM);
  BOOST_TEST(manager.next("STOPPING=1") == "STOPPING=1\nSTATUS=stopping");
  BOOST_TEST(shop.wait().value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(a_store_that_is_away_is_no_lack_of_progress) {
  manager.next("READY=1");
  redis.freeze();
  for (int i = 0; i < 5; ++i)
    BOOST_TEST(manager.next("WATCHDOG=1") == "WATCHDOG=1");
  redis.thaw();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(service_manager_trouble)

BOOST_AUTO_TEST_CASE(one_that_cannot_be_told_is_logged) {
  const redis_server redis;
  daemon_process shop(flags_for(redis), {"NOTIFY_SOCKET=vsock:2:1"});
  shop.wait_until_ready();
  BOOST_TEST(shop.wait_for_error_line("the service manager is told nothing"));
}

BOOST_AUTO_TEST_SUITE_END()
