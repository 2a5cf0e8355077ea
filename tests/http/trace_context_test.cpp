#include "http/trace_context.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow::http;

BOOST_AUTO_TEST_SUITE(trace_context_test)

namespace {

const std::string trace = "0af7651916cd43dd8448eb211c80319c";
const std::string span = "b7ad6b7169203331";

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i)
    all += text;
  return all;
}

/// `k0=v,k1=v,…`
std::string entries(std::size_t count, const std::string& value = "v") {
  std::string all;
  for (std::size_t i = 0; i < count; ++i)
    all += (i > 0 ? ",k" : "k") + std::to_string(i) + "=" + value;
  return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(reads_and_writes_version_00) {
  const auto parent = parse_traceparent("00-" + trace + "-" + span + "-01");
  BOOST_REQUIRE(parent.has_value());
  BOOST_TEST(to_hex(parent->trace) == trace);
  BOOST_TEST(to_hex(parent->span) == span);
  BOOST_TEST(parent->sampled);
  BOOST_TEST(to_traceparent(*parent) == "00-" + trace + "-" + span + "-01");
}

BOOST_AUTO_TEST_CASE(knows_of_the_flags_only_sampled) {
  for (const auto& [flags, sampled] :
       {std::pair("00", false), std::pair("01", true), std::pair("02", false), std::pair("ff", true)}) {
    const auto parent = parse_traceparent("00-" + trace + "-" + span + "-" + flags);
    BOOST_REQUIRE(parent.has_value());
    BOOST_TEST(parent->sampled == sampled);
    BOOST_TEST(to_traceparent(*parent).substr(53) == (sampled ? "01" : "00"));
  }
}

BOOST_AUTO_TEST_CASE(reads_later_versions_as_far_as_it_knows_them) {
  for (const std::string more : {"", "-", "-what-the-future-will-be-like"})
    BOOST_TEST(parse_traceparent("cc-" + trace + "-" + span + "-01" + more).has_value());
  for (const std::string more : {".", "x", "0-"})
    BOOST_TEST(!parse_traceparent("cc-" + trace + "-" + span + "-01" + more).has_value());
}

BOOST_AUTO_TEST_CASE(takes_no_malformed_parent) {
  const std::string good = "00-" + trace + "-" + span + "-01";
  const auto with = [&](std::size_t at, const std::string& other) {
    auto text = good;
    return text.replace(at, other.size(), other);
  };
  for (const auto& wrong : {std::string(),
                            std::string("00"),
                            good.substr(0, 54),
                            good + "-",
                            good + "-00",
                            good + " ",
                            with(0, "ff"),
                            with(0, "0x"),
                            with(0, "CC"),
                            with(2, "_"),
                            with(35, "_"),
                            with(52, "_"),
                            with(3, repeated("0", 32)),
                            with(36, repeated("0", 16)),
                            with(3, "0AF7"),
                            with(36, "B7"),
                            with(53, "0g"),
                            with(53, "0A"),
                            with(3, "."),
                            with(36, " "),
                            good + "," + good,
                            "cc" + good.substr(2) + "-," + good})
    BOOST_TEST(!parse_traceparent(wrong).has_value(), wrong);
}

BOOST_AUTO_TEST_CASE(passes_on_a_state) {
  for (const std::string state : {"foo=1", "foo=1,bar=2", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
                                  "1a-2*3/4_@foo=a b~!\"", "foo=x@y:z", "z0123456789_-*/= v"})
    BOOST_TEST(tracestate_to_pass_on(state) == state);
  BOOST_TEST(tracestate_to_pass_on("").empty());
}

BOOST_AUTO_TEST_CASE(removes_blanks_empty_entries_and_repetitions) {
  BOOST_TEST(tracestate_to_pass_on(" foo=1 \t,, \t bar=2,") == "foo=1,bar=2");
  BOOST_TEST(tracestate_to_pass_on("foo=1,bar=2,foo=3") == "foo=1,bar=2");
}

BOOST_AUTO_TEST_CASE(passes_on_no_malformed_state) {
  const auto long_key = repeated("z", 257);
  for (const auto& wrong : {std::string("foo"),
                            std::string("foo="),
                            std::string("=1"),
                            std::string("foo =1"),
                            std::string("FOO=1"),
                            std::string("foo.bar=1"),
                            std::string("foo=bar=baz"),
                            std::string("foo@=1"),
                            std::string("@foo=1"),
                            std::string("foo@@bar=1"),
                            std::string("foo@bar@baz=1"),
                            std::string("1foo=1"),
                            std::string("a@1b=1"),
                            std::string("foo=\x7f"),
                            std::string("foo=b\tc"),
                            std::string("foo=\xc3\xa4"),
                            long_key + "=1",
                            repeated("t", 242) + "@v=1",
                            "t@" + repeated("v", 15) + "=1",
                            "foo=" + repeated("1", 257),
                            "foo=1," + std::string("bar"),
                            entries(33)})
    BOOST_TEST(tracestate_to_pass_on(wrong).empty(), wrong);
  for (const auto& right : {repeated("z", 256) + "=1", repeated("t", 241) + "@" + repeated("v", 14) + "=1",
                            "foo=" + repeated("1", 256), entries(32)})
    BOOST_TEST(tracestate_to_pass_on(right) == right);
}

BOOST_AUTO_TEST_CASE(shortens_a_long_state_at_its_long_entries_first_and_then_at_its_end) {
  const auto large = "big=" + repeated("x", 200);
  const auto small = entries(30, repeated("y", 12)); // 490 characters
  BOOST_TEST(tracestate_to_pass_on("a=1," + large + "," + small).substr(0, 10) == "a=1,k0=yyy");
  const auto much = tracestate_to_pass_on(entries(32, repeated("y", 40)));
  BOOST_TEST(much.size() <= 512u);
  BOOST_TEST(much == entries(11, repeated("y", 40)));
}

BOOST_AUTO_TEST_SUITE_END()
