#include "config/settings/values/network_list.hpp"

#include <boost/test/unit_test.hpp>

using winnow::network_list;
using winnow::parse_ip;

namespace {

bool covers(std::string_view list, std::string_view address) {
  return network_list::parse(list).value().contains(parse_ip(address).value());
}

} // namespace

BOOST_AUTO_TEST_SUITE(network_lists)

BOOST_AUTO_TEST_CASE(contains_addresses_and_networks) {
  BOOST_TEST(covers("192.0.2.1", "192.0.2.1"));
  BOOST_TEST(!covers("192.0.2.1", "192.0.2.2"));
  BOOST_TEST(covers("10.0.0.0/8", "10.255.0.1"));
  BOOST_TEST(!covers("10.0.0.0/8", "11.0.0.0"));
  BOOST_TEST(covers("172.16.0.0/12", "172.31.0.1"));
  BOOST_TEST(!covers("172.16.0.0/12", "172.32.0.1"));
  BOOST_TEST(covers(" 192.0.2.1 ,2001:db8::/32", "2001:db8:ffff::1"));
  BOOST_TEST(!covers("2001:db8::/32", "2001:db9::"));
  BOOST_TEST(covers("0.0.0.0/0", "203.0.113.9"));
  BOOST_TEST(!covers("0.0.0.0/0", "2001:db8::1"));
  BOOST_TEST(covers("10.0.0.0/8", "::ffff:10.0.0.1"));
  BOOST_TEST(!covers("", "10.0.0.1"));
  BOOST_TEST(covers("[::1],[2001:db8::]/32", "2001:db8::1"));
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_list) {
  for (const char* wrong : {"proxy", "10.0.0.0/33", "10.1.2.3/8", "10.0.0.0/", "10.0.0.0/8,", ",", "::/129",
                            "10.0.0", "10.0.0.0/-1", "[::1", "[10.0.0.1]", "[::1]:80", "10.0.0.1:80"})
    BOOST_TEST(!network_list::parse(wrong).has_value(), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
