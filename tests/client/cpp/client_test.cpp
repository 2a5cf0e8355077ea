#include "daemon_process.hpp"
#include "scripted_server.hpp"
#include "support/certificate.hpp"
#include "support/free_port.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <winnow/client.hpp>

using namespace winnow::test;
using winnow::client::cause;

namespace {

using shop_client = winnow::client::daemon;

const std::vector<std::string> books_read{"599535258X", "7183962873", "1942084730"};
const std::string list_answer = answer(200, R"({"status":"success","recommendations":["a"]})");

strings flags(const strings& further = {}) {
  strings all{"--host",  "127.0.0.1",   "--port",       "0",          "--admin", "off",           "--store",
              "memory:", "--model-dir", bookshop_dir(), "--deadline", "20s",     "--learn-state", "learned"};
  all.insert(all.end(), further.begin(), further.end());
  return all;
}

winnow::client::options patient() {
  winnow::client::options how;
  how.timeout = std::chrono::seconds(20);
  return how;
}

shop_client connect(const std::string& url, const winnow::client::options& how = patient()) {
  auto made = shop_client::at(url, how);
  // The message is formed in any case, and a value has no error.
  BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().detail));
  return std::move(*made);
}

std::string url_of(const std::string& output) {
  const auto begin = output.find("http");
  return output.substr(begin, output.find('\n') - begin);
}

struct shop_fixture {
  daemon_process process{flags()};
  shop_client shop = connect(url_of(process.wait_until_ready().output()));
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(with_a_daemon, shop_fixture)

BOOST_AUTO_TEST_CASE(writes_reads_and_deletes_a_profile) {
  for (const std::string user : {"anna", "with space/slash:1700000000?&#%", "bytes \xff\x01"}) {
    BOOST_REQUIRE(shop.write_profile(user, books_read));
    BOOST_CHECK(shop.read_profile(user) == books_read);
    BOOST_CHECK(shop.delete_profile(user));
    BOOST_CHECK_EQUAL(shop.read_profile(user).error().status, 404);
  }
}

BOOST_AUTO_TEST_CASE(computes_a_list_with_scores_and_reasons) {
  BOOST_REQUIRE(shop.write_profile("ben", books_read));
  const auto plain = shop.recommend("ben");
  BOOST_REQUIRE(plain);
  BOOST_CHECK_EQUAL(plain->recommendations.size(), 20);
  BOOST_CHECK_EQUAL(plain->source, "history_mean");
  BOOST_CHECK(!plain->scores && !plain->because);
  winnow::client::wanted all;
  all.scores = all.explain = true;
  const auto full = shop.recommend("ben", all);
  BOOST_REQUIRE(full && full->scores && full->because);
  BOOST_CHECK_EQUAL(full->scores->front().item_id, full->recommendations.front());
  BOOST_CHECK(full->scores->front().din);
  BOOST_CHECK_GT(full->because->front().weight, 0);
  BOOST_CHECK(shop.recommendations("ben") == full->recommendations);
  auto pages = shop.recommendation_page("ben", 12).value();
  const auto last = shop.recommendation_page("ben", 0, pages.next.value()).value();
  pages.recommendations.insert(pages.recommendations.end(), last.recommendations.begin(),
                               last.recommendations.end());
  BOOST_CHECK(pages.recommendations == full->recommendations);
  BOOST_CHECK(last.offset == 12 && last.total == 20 && !last.next);
  BOOST_CHECK_EQUAL(shop.recommendation_page("ben", 0, std::string(16, '0') + "-1-1").error().status, 410u);
}

BOOST_AUTO_TEST_CASE(asks_for_a_list_without_waiting) {
  BOOST_REQUIRE(shop.write_profile("clara", books_read));
  BOOST_REQUIRE(shop.request_recommendation("clara"));
  BOOST_CHECK(wait_until([&] { return shop.recommendations("clara").has_value(); }));
}

BOOST_AUTO_TEST_CASE(asks_for_other_lists) {
  BOOST_REQUIRE(shop.write_profile("dora", books_read));
  const auto plain = shop.recommend("dora").value().recommendations;
  const auto few = shop.recommend("dora", {}, {{"limit", 3}, {"exclude", {plain[0]}}}).value();
  BOOST_CHECK(few.recommendations == std::vector<std::string>(plain.begin() + 1, plain.begin() + 4));
  const auto session = shop.recommend_session(books_read, {}, {{"limit", 2}}).value();
  BOOST_CHECK(!session.user_id);
  BOOST_CHECK_EQUAL(session.recommendations.size(), 2);
  const auto several = shop.recommend_many({"dora", "nobody"}, {}, {{"limit", 4}}).value();
  BOOST_REQUIRE_EQUAL(several.size(), 2);
  BOOST_CHECK_EQUAL(several[0].value().recommendations.size(), 4);
  BOOST_CHECK_EQUAL(several[1].error(), "404: no profile of user nobody");
  const auto ranked = shop.rank("dora", {books_read[0], books_read[1]}, {true, true}).value();
  BOOST_CHECK_EQUAL(ranked.recommendations.size(), 2);
  BOOST_CHECK(ranked.scores && ranked.because);
  BOOST_CHECK_EQUAL(shop.recommend("dora", {}, {{"limt", 3}}).error().status, 422);
}

BOOST_AUTO_TEST_CASE(describes_items) {
  BOOST_CHECK_EQUAL(shop.describe(books_read[0]).value().item_id, books_read[0]);
  BOOST_CHECK_EQUAL(shop.describe("nothing").error().status, 404);
  BOOST_CHECK_LE(shop.popular(3).value().popular.size(), 3);
}

BOOST_AUTO_TEST_CASE(finds_similar_items) {
  const auto found = shop.similar(books_read.front(), 3);
  BOOST_REQUIRE(found);
  BOOST_CHECK_EQUAL(found->similar.size(), 3);
  BOOST_CHECK_GT(found->similar.front().cosine.value_or(0), 0);
  BOOST_CHECK_EQUAL(shop.similar("nothing").error().status, 404);
}

BOOST_AUTO_TEST_CASE(reads_probes_and_metrics) {
  BOOST_CHECK(shop.check_alive());
  BOOST_CHECK_EQUAL(shop.check_health()->status, "healthy");
  BOOST_CHECK_EQUAL(shop.check_readiness()->status, "ready");
  BOOST_CHECK(shop.read_metrics()->everything.contains("redis_keys"));
  BOOST_CHECK(shop.read_metrics_text()->find("\nwinnow_ready 1\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refusals_carry_status_detail_and_request_id) {
  const auto refused = shop.recommend("nobody");
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(refused.error().why == cause::refused);
  BOOST_CHECK_EQUAL(refused.error().status, 404);
  BOOST_CHECK_EQUAL(refused.error().detail, "no profile of user nobody");
  BOOST_CHECK_EQUAL(refused.error().request_id.size(), 16);
  BOOST_CHECK_EQUAL(shop.similar(books_read.front(), 1000).error().status, 400);
  BOOST_CHECK(shop.recommend("").error().why == cause::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(security)

BOOST_AUTO_TEST_CASE(sends_its_token) {
  const temp_dir directory;
  const std::string token = "5f0c3c2d8a7b4e6f9d1a2b3c4d5e6f70";
  std::ofstream(directory.path() + "/tokens") << "shop full " << token << "\n";
  daemon_process process(flags({"--token-file", directory.path() + "/tokens"}));
  const auto url = url_of(process.wait_until_ready().output());
  auto how = patient();
  BOOST_CHECK_EQUAL(connect(url, how).recommendations("anna").error().status, 401);
  how.token = token;
  BOOST_CHECK(connect(url, how).write_profile("anna", books_read));
}

BOOST_AUTO_TEST_CASE(refuses_tokens_that_no_header_can_carry) {
  const std::string token = "5f0c3c2d8a7b4e6f";
  const auto refusal = [&](const std::string& given) {
    auto how = patient();
    how.token = given;
    const auto made = shop_client::at("http://127.0.0.1:1", how);
    BOOST_REQUIRE(!made);
    BOOST_CHECK(made.error().why == cause::invalid_argument);
    BOOST_CHECK(made.error().detail.find(token) == std::string::npos);
    return made.error().detail;
  };
  for (const char* wrong : {"\r\n", " ", "\r\nX-Request-ID: injected", "\xc3\xbc", "=a"})
    refusal(token + wrong);
  BOOST_CHECK(refusal(token + "\n").find("line end of a file") != std::string::npos);
  auto how = patient();
  how.token = token + "-._~+/==";
  BOOST_CHECK(shop_client::at("http://127.0.0.1:1", how));
}

BOOST_AUTO_TEST_CASE(speaks_tls_with_certificates_of_both_sides) {
  const certificate server;
  const certificate own("client");
  daemon_process process(flags({"--tls-certificate", server.file(), "--tls-client-ca", own.file()}));
  BOOST_REQUIRE(wait_until([&] {
    return process.output().find("listening on https") != std::string::npos &&
           process.output().find('\n') != std::string::npos;
  }));
  const auto url = url_of(process.output());
  auto how = patient();
  how.ca_file = server.file();
  how.certificate = own.file();
  auto shop = connect(url, how);
  BOOST_CHECK(shop.check_alive());
  BOOST_CHECK(shop.check_alive());
  const auto stranger = connect(url).check_alive();
  BOOST_CHECK(stranger.error().why == cause::connection);
  BOOST_CHECK(!stranger.error().repeatable);
  how.certificate.clear();
  BOOST_CHECK(!connect(url, how).check_alive());
  how.ca_file = "/nowhere";
  BOOST_CHECK(shop_client::at(url, how).error().why == cause::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(with_a_script)

BOOST_AUTO_TEST_CASE(repeats_what_was_refused_after_the_pause_that_the_server_wants) {
  const scripted_server server({answer(429, "{}", "Retry-After: 1\r\n"), list_answer});
  const auto began = std::chrono::steady_clock::now();
  BOOST_CHECK(connect(server.url()).recommendations("a"));
  BOOST_CHECK(std::chrono::steady_clock::now() - began >= std::chrono::seconds(1));
  BOOST_CHECK_EQUAL(server.asked().size(), 2);
}

BOOST_AUTO_TEST_CASE(fails_at_once_if_the_pause_is_longer_than_the_time_left) {
  const scripted_server server(
      {answer(503, R"({"message":"busy"})", "Retry-After: 3600\r\nX-Request-ID: xyz\r\n")});
  const auto refused = connect(server.url()).recommend("a").error();
  BOOST_CHECK_EQUAL(refused.retry_after->count(), 3600);
  BOOST_CHECK_EQUAL(refused.request_id, "xyz");
  BOOST_CHECK_EQUAL(refused.detail, "busy");
}

BOOST_AUTO_TEST_CASE(gives_up_after_so_many_retries) {
  const scripted_server server({answer(503, "{}"), answer(503, "{}"), answer(503, "{}")});
  BOOST_CHECK_EQUAL(connect(server.url()).recommendations("a").error().status, 503);
  BOOST_CHECK_EQUAL(server.asked().size(), 3);
}

BOOST_AUTO_TEST_CASE(repeats_after_a_broken_connection_only_what_may_be_done_twice) {
  const scripted_server reading({"", list_answer});
  BOOST_CHECK(connect(reading.url()).recommendations("a"));
  const scripted_server computing({"", list_answer});
  const auto lost = connect(computing.url()).recommend("a");
  BOOST_CHECK(lost.error().why == cause::connection);
  BOOST_CHECK(!lost.error().repeatable);
}

BOOST_AUTO_TEST_CASE(keeps_its_connection_and_makes_another_if_that_has_ended) {
  const scripted_server keeping({list_answer, list_answer});
  auto shop = connect(keeping.url());
  BOOST_CHECK(shop.recommendations("a"));
  BOOST_CHECK(shop.recommendations("a"));
  BOOST_CHECK_EQUAL(keeping.connections(), 1);
  const auto accepted = answer(202, R"({"status":"success","message":""})");
  const scripted_server closing({accepted, accepted}, true);
  auto second = connect(closing.url());
  BOOST_CHECK(second.request_recommendation("a"));
  BOOST_CHECK(second.request_recommendation("a"));
  BOOST_CHECK_EQUAL(closing.connections(), 2);
}

BOOST_AUTO_TEST_CASE(times_out) {
  const scripted_server server({"HTTP/1.1 200 OK\r\nContent-Le", list_answer});
  auto how = patient();
  how.timeout = std::chrono::milliseconds(100);
  BOOST_CHECK(connect(server.url(), how).recommendations("a").error().why == cause::timeout);
}

BOOST_AUTO_TEST_CASE(refuses_answers_that_are_none_of_winnow) {
  for (const auto& wrong :
       {std::string("SSH-2.0-OpenSSH_9.2\r\n\r\n"), answer(200, "<html>"), answer(200, "[]"),
        answer(200, R"({"recommendations":[1]})"), answer(200, "{}")}) {
    const scripted_server server({wrong});
    const auto refused = connect(server.url()).recommendations("a");
    BOOST_CHECK_MESSAGE(refused.error().why == cause::invalid_answer,
                        wrong << ": " << refused.error().detail);
  }
}

BOOST_AUTO_TEST_CASE(entries_of_a_batch_that_are_none_of_winnow_are_failures_of_their_own) {
  const scripted_server server({answer(200, R"({"results":[{"status":404,"body":{"message":5}},
    {"status":404,"body":{}},{"status":"x","body":[]},{"status":200,"body":{}},{}]})")});
  const auto several = connect(server.url()).recommend_many({"a"}).value();
  BOOST_REQUIRE_EQUAL(several.size(), 5);
  BOOST_CHECK_EQUAL(several[0].error(), "404: 5");
  for (const auto& one : several)
    BOOST_CHECK(!one);
}

BOOST_AUTO_TEST_CASE(names_the_address_where_nobody_listens) {
  const auto port = std::to_string(free_port());
  const auto lost = connect("http://127.0.0.1:" + port).check_alive().error();
  BOOST_CHECK(lost.why == cause::connection);
  BOOST_CHECK(lost.repeatable);
  BOOST_CHECK(lost.detail.find("127.0.0.1:" + port) == 0);
}

BOOST_AUTO_TEST_CASE(asks_below_the_prefix_of_its_url) {
  const scripted_server server({list_answer});
  BOOST_CHECK(connect(server.url() + "/shop/").recommendations("a b"));
  BOOST_CHECK_EQUAL(server.asked().at(0), "/shop/recommendations/a%20b");
  for (const auto* wrong :
       {"127.0.0.1:8001", "ftp://x", "http://", "http://x:y", "http://[::1", "http://u@x"})
    BOOST_CHECK_MESSAGE(!shop_client::at(wrong), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
