#include "config/settings/values/origin_list.hpp"

#include <boost/test/unit_test.hpp>

using winnow::is_origin_list;

BOOST_AUTO_TEST_SUITE(origin_lists)

BOOST_AUTO_TEST_CASE(has_origins_as_browsers_send_them) {
  for (const auto* text :
       {"", "*", "https://shop.example", "http://localhost:3000", "HTTPS://Shop.Example:443",
        "https://a.example, https://b.example:65535", "http://192.0.2.1:1", "http://[2001:db8::1]",
        "http://[::1]:8080", "https://xn--mnchen-3ya.example.", "capacitor://localhost",
        "moz-extension://0a1b-2c"})
    BOOST_TEST(is_origin_list(text), text);
}

BOOST_AUTO_TEST_CASE(refuses_ports_that_do_not_exist) {
  for (const auto* port : {"", "0", "00", "080", "-1", "+1", "65536", "70000", "8001x", "80:80", " 80"})
    BOOST_TEST(!is_origin_list(std::string("https://shop.example:") + port), port);
}

BOOST_AUTO_TEST_CASE(refuses_what_no_browser_sends_as_an_origin) {
  for (const auto* text : {"null",
                           "shop.example",
                           "//shop.example",
                           "://shop.example",
                           "https://",
                           "https://:443",
                           "1s://a",
                           "https://a.example/",
                           "https://a.example/shop",
                           "https://a.example?q=1",
                           "https://a.example#top",
                           "https://user@a.example",
                           "https://user:secret@a.example",
                           "https://a example",
                           "https://*.example",
                           "https://.example",
                           "https://a..example",
                           "https://::1",
                           "https://[::1",
                           "https://[]",
                           "https://[a]",
                           "https://[::1]x",
                           "https://x[::1]",
                           "https://[192.0.2.1]",
                           "https://m\xc3\xbcnchen.example",
                           "https://a.example,",
                           "*, https://a.example",
                           "https://a.example https://b.example"})
    BOOST_TEST(!is_origin_list(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
