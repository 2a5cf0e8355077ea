#include "redis/connection/host_addresses.hpp"
#include "redis/connection/redis_connection.hpp"
#include "scripted_server.hpp"
#include "store_settings_for.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::test;
using clock_type = redis_connection::clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

void welcome(scripted_client& client) {
  client.greet();
}

} // namespace

BOOST_AUTO_TEST_SUITE(several_addresses)

BOOST_AUTO_TEST_CASE(finds_numbers_and_names) {
  BOOST_TEST(host_addresses("127.0.0.1").value() == std::vector<std::string>{"127.0.0.1"});
  BOOST_TEST(host_addresses("::1").value() == std::vector<std::string>{"::1"});
  BOOST_TEST(!host_addresses("localhost").value().empty());
  BOOST_TEST(!host_addresses("no such host").has_value());
}

BOOST_AUTO_TEST_CASE(tries_the_next_address_if_one_refuses) {
  scripted_server server(welcome);
  const auto settings = settings_for_port(server.port());
  // Nobody listens on the first two, whose port is the same.
  const auto opened =
      redis_connection::open_at(settings, {"127.0.0.2", "::1", "127.0.0.1"}, clock_type::now() + seconds(20));
  BOOST_TEST(opened.has_value());
}

BOOST_AUTO_TEST_CASE(a_silent_address_leaves_time_for_the_next) {
  // The connection to the first succeeds, but its server is silent.
  scripted_server server([](scripted_client& client) {
    if (client.number() == 1)
      return client.wait_for_hang_up();
    client.greet();
  });
  const auto settings = settings_for_port(server.port());
  const auto before = clock_type::now();
  const auto opened =
      redis_connection::open_at(settings, {"127.0.0.1", "127.0.0.1"}, before + milliseconds(2000));
  BOOST_TEST(opened.has_value());
  BOOST_TEST((clock_type::now() - before < milliseconds(2000)));
}

BOOST_AUTO_TEST_CASE(a_server_that_refuses_the_log_in_is_the_right_one) {
  scripted_server server([](scripted_client& client) {
    client.read_command();
    client.write("-WRONGPASS no\r\n");
    client.wait_for_hang_up();
  });
  auto settings = settings_for_port(server.port());
  settings.address.password = "pw";
  const auto opened =
      redis_connection::open_at(settings, {"127.0.0.1", "127.0.0.2"}, clock_type::now() + seconds(2));
  BOOST_REQUIRE(!opened.has_value());
  BOOST_TEST(opened.error().message.find("WRONGPASS") != std::string::npos, opened.error().message);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_busy_says_more_than_a_dead_address) {
  scripted_server server([](scripted_client& client) {
    client.read_command();
    client.write("-BUSY Redis is busy running a script.\r\n");
    client.wait_for_hang_up();
  });
  const auto opened = redis_connection::open_at(settings_for_port(server.port()), {"127.0.0.1", "127.0.0.2"},
                                                clock_type::now() + seconds(20));
  BOOST_REQUIRE(!opened.has_value());
  BOOST_TEST(opened.error().message.find("BUSY") != std::string::npos, opened.error().message);
}

BOOST_AUTO_TEST_CASE(the_last_error_is_reported) {
  const auto opened = redis_connection::open_at(settings_for_port(1), {"127.0.0.2", "127.0.0.1"},
                                                clock_type::now() + seconds(20));
  BOOST_REQUIRE(!opened.has_value());
  BOOST_TEST((opened.error().cause == fault::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
