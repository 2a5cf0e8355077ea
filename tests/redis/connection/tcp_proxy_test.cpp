#include "support/redis_server.hpp"
#include "tools/support/tcp_proxy.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <future>

using winnow::tcp_proxy;
using namespace winnow::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(tcp_proxy_suite)

BOOST_AUTO_TEST_CASE(passes_nothing_on_while_it_is_cut_and_goes_on_when_it_is_mended) {
  const redis_server server;
  tcp_proxy proxy(server.port());
  const std::string large(1'000'000, 'x');
  BOOST_TEST(redis_server::call(proxy.port(), {"SET", "a", large}) == "OK");
  proxy.cut();
  auto late = std::async(std::launch::async, [&] { return redis_server::call(proxy.port(), {"GET", "a"}); });
  BOOST_TEST((late.wait_for(100ms) == std::future_status::timeout));
  BOOST_TEST(server.call({"PING"}) == "PONG");
  proxy.mend();
  BOOST_TEST((late.get() == large));
}

BOOST_AUTO_TEST_CASE(refuses_connections_if_the_server_does) {
  redis_server server;
  tcp_proxy proxy(server.port());
  server.stop();
  BOOST_CHECK_THROW(redis_server::call(proxy.port(), {"PING"}), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
