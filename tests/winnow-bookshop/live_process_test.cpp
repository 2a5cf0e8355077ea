#include "../winnowd/daemon_process.hpp"

#include "support/certificate.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/free_port.hpp"
#include "support/kafka_cluster.hpp"
#include "support/wait_until.hpp"
#include "tools/winnow-bookshop/bookshop.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <regex>

namespace winnow::test {

namespace {

using nlohmann::json;

const strings size{"--books", "300", "--readers", "200"};

std::string program(const char* name) {
  return required_variable("WINNOW_BIN_DIR") + "/" + name;
}

strings joined(strings words, const strings& further) {
  words.insert(words.end(), further.begin(), further.end());
  return words;
}

/// Models of the small shop, trained for seconds, once for all tests.
class trained_models {
public:
  trained_models() {
    run(joined({program("winnow-bookshop"), "--out", directory_.path()}, size));
    run({program("winnow-train"), "--interactions", directory_.path() + "/interactions.csv", "--items",
         directory_.path() + "/items.csv", "--out", path(), "--epochs", "10", "--din-epochs", "1",
         "--ranknet-epochs", "20"});
  }

  std::string path() const { return directory_.path() + "/models"; }

private:
  void run(const strings& words) const {
    child_process child(words, directory_.path() + "/printed");
    BOOST_REQUIRE_MESSAGE(child.wait(std::chrono::minutes(2)) == 0, bytes_of(directory_.path() + "/printed"));
  }

  temp_dir directory_;
};

const std::string& model_dir() {
  static const trained_models models;
  static const std::string path = models.path();
  return path;
}

strings daemon_flags(const std::string& store) {
  return {"--model-dir", model_dir(), "--host", "127.0.0.1", "--port",
          "0",           "--admin",   "off",    "--store",   store};
}

std::string announced(const std::string& printed, const std::string& what) {
  std::smatch found;
  return std::regex_search(printed, found, std::regex(what + R"( (https?://127\.0\.0\.1:\d+)\n)"))
             ? found[1].str()
             : "";
}

/// A winnow-bookshop that plays the small shop.
class live_process {
public:
  explicit live_process(const strings& flags)
      : process_(joined(joined({program("winnow-bookshop")}, size), flags), directory_.path() + "/printed") {}

  std::string printed() const { return written_so_far(directory_.path() + "/printed"); }

  /// Waits for a line of progress with at least so many purchases.
  void wait_for_purchases(std::size_t count) {
    const bool enough = wait_until([&] {
      const auto text = printed();
      const std::regex progress(R"((\d+) purchases, from the list)");
      for (auto at = std::sregex_iterator(text.begin(), text.end(), progress); at != std::sregex_iterator();
           ++at)
        if (std::stoul((*at)[1]) >= count)
          return true;
      return false;
    });
    BOOST_REQUIRE_MESSAGE(enough, printed());
  }

  /// Ends it as Ctrl-C does. Returns what it printed.
  std::string interrupt() {
    process_.signal(SIGINT);
    BOOST_REQUIRE(process_.wait() == 0);
    return printed();
  }

  std::optional<int> wait() { return process_.wait(); }

private:
  temp_dir directory_;
  child_process process_;
};

void check_summary(const std::string& printed) {
  BOOST_TEST(printed.find("the shop is open, with 300 books and 200 readers\n") != std::string::npos,
             printed);
  BOOST_TEST(printed.find("\nBought from the list that the reader saw: ") != std::string::npos, printed);
  BOOST_TEST(printed.find("\nFailed requests: 0.\n") != std::string::npos, printed);
  BOOST_TEST(printed.find("winnow-bookshop: ") == std::string::npos, printed); // no complaint
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_live_process)

BOOST_AUTO_TEST_CASE(buys_from_a_winnowd_with_an_embedded_store) {
  daemon_process daemon(daemon_flags("memory:"));
  daemon.wait_until_ready();
  const auto url = announced(daemon.output(), "winnowd listening on");
  live_process live({"--live", url, "--rate", "300", "--report", "100ms", "--forget"});
  live.wait_for_purchases(300);
  const auto counts = json::parse(daemon.http().get("/metrics-json").body);
  BOOST_TEST(counts["user_profiles"] == 200);
  check_summary(live.interrupt());
  BOOST_TEST(wait_until([&] { // a count that took long is used for a while
    return json::parse(daemon.http().get("/metrics-json").body)["user_profiles"] == 0;
  }));
}

BOOST_AUTO_TEST_CASE(buys_over_https) {
  const certificate own;
  daemon_process daemon(joined(daemon_flags("memory:"), {"--tls-certificate", own.file()}));
  std::string url;
  BOOST_REQUIRE(
      wait_until([&] { return !(url = announced(daemon.output(), "winnowd listening on")).empty(); }));
  live_process live({"--live", url, "--ca", own.file(), "--rate", "300", "--report", "100ms", "--page", "0"});
  live.wait_for_purchases(300);
  check_summary(live.interrupt());
}

BOOST_AUTO_TEST_CASE(buys_through_redis_and_leaves_nothing_there_if_asked) {
  const redis_server redis;
  const auto store = "redis://127.0.0.1:" + std::to_string(redis.port()) + "/0";
  daemon_process daemon(daemon_flags(store));
  daemon.wait_until_ready();
  const auto reader = make_bookshop({1, 300, 200}).readers[0].id;
  {
    live_process live({"--live", store, "--rate", "300", "--report", "100ms"});
    live.wait_for_purchases(300);
    check_summary(live.interrupt());
  }
  const auto profile = redis.call({"GET", "user_profile:" + reader});
  BOOST_TEST(json::parse(profile).size() > 5U);
  live_process again({"--live", store, "--rate", "300", "--report", "100ms", "--forget"});
  again.wait_for_purchases(100);
  check_summary(again.interrupt());
  BOOST_TEST(redis.call({"GET", "user_profile:" + reader}) == "(nil)");
  // winnowd removes what it may have stored meanwhile.
  BOOST_TEST(wait_until([&] { return redis.call({"DBSIZE"}) == "0"; }), redis.call({"KEYS", "*"}));
}

BOOST_AUTO_TEST_CASE(buys_through_kafka_as_profiles_or_as_events) {
  for (const std::string format : {"profiles", "events"}) {
    const kafka_cluster kafka(program("winnow-kafka-mock"));
    daemon_process daemon(joined(daemon_flags("memory:"),
                                 {"--kafka", "--kafka-brokers", kafka.brokers(), "--kafka-format", format}));
    daemon.wait_until_ready();
    BOOST_REQUIRE(wait_until([&] { return daemon.metric("winnow_kafka_partitions") == 4; }));
    const auto url = announced(daemon.output(), "winnowd listening on");
    live_process live({"--live", "kafka://" + kafka.brokers() + "?format=" + format, "--service", url,
                       "--rate", "300", "--report", "100ms", "--page", "0", "--forget"});
    live.wait_for_purchases(600);
    std::string page_url;
    BOOST_REQUIRE(wait_until([&] { return !(page_url = announced(live.printed(), "page on")).empty(); }));
    const http_client page(static_cast<std::uint16_t>(std::stoul(page_url.substr(page_url.rfind(':') + 1))));
    const auto guest = json::parse(page.post("/guests").body)["id"].get<std::string>();
    const auto books = json::parse(page.get("/readers/" + guest + "/books?genre=Poetry").body)["books"];
    for (const auto at : {0, 1})
      page.post("/readers/" + guest + "/purchases", json{{"book", books[at]["id"]}}.dump());
    const json shelf{books[0]["id"], books[1]["id"]};
    BOOST_TEST(wait_until(
        [&] { return json::parse(daemon.http().get("/profiles/" + guest).body, nullptr, false) == shelf; }));
    BOOST_TEST(json::parse(daemon.http().get("/metrics-json").body)["user_profiles"] == 201);
    check_summary(live.interrupt());
    BOOST_TEST(wait_until(
        [&] { return json::parse(daemon.http().get("/metrics-json").body)["user_profiles"] == 0; }));
  }
}

/// How many books all readers of the small shop have, of those whose profile is in Redis.
std::size_t books_in(const redis_server& redis) {
  std::size_t books = 0;
  for (const auto& reader : make_bookshop({1, 300, 200}).readers)
    if (const auto profile = json::parse(redis.call({"GET", "user_profile:" + reader.id}), nullptr, false);
        profile.is_array())
      books += profile.size();
  return books;
}

/// How many books readers bought, as the program says at its end.
std::size_t bought(const std::string& printed) {
  std::smatch found;
  BOOST_REQUIRE_MESSAGE(
      std::regex_search(printed, found, std::regex(R"(invented readers bought (\d+) books)")), printed);
  return std::stoul(found[1]);
}

BOOST_AUTO_TEST_CASE(continues_through_kafka_with_the_profiles_in_redis) {
  for (const std::string format : {"profiles", "events"}) {
    const redis_server redis;
    const kafka_cluster kafka(program("winnow-kafka-mock"));
    const auto store = "redis://127.0.0.1:" + std::to_string(redis.port()) + "/0";
    daemon_process daemon(joined(daemon_flags(store),
                                 {"--kafka", "--kafka-brokers", kafka.brokers(), "--kafka-format", format}));
    daemon.wait_until_ready();
    BOOST_REQUIRE(wait_until([&] { return daemon.metric("winnow_kafka_partitions") == 4; }));
    const auto url = announced(daemon.output(), "winnowd listening on");
    const auto address = "kafka://" + kafka.brokers() + "?format=" + format;
    auto expected = make_bookshop({1, 300, 200}).purchases.size();
    for (int run = 0; run < 2; ++run) {
      live_process live(
          {"--live", address + "&store=" + store, "--service", url, "--rate", "300", "--report", "100ms"});
      live.wait_for_purchases(200);
      const auto printed = live.interrupt();
      check_summary(printed);
      expected += bought(printed);
      BOOST_TEST(wait_until([&] { return books_in(redis) == expected; }),
                 format << ": " << books_in(redis) << " books, expected " << expected);
    }
    if (format == "profiles") { // without the store, messages would replace what readers bought
      live_process live({"--live", address, "--service", url, "--for", "200ms"});
      BOOST_TEST((live.wait() == 69));
      BOOST_TEST(live.printed().find("store=redis://host:port/db") != std::string::npos, live.printed());
      BOOST_TEST(books_in(redis) == expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(serves_its_page_to_this_machine) {
  daemon_process daemon(daemon_flags("memory:"));
  daemon.wait_until_ready();
  live_process live(
      {"--live", announced(daemon.output(), "winnowd listening on"), "--rate", "0", "--page", "0"});
  std::string url;
  BOOST_REQUIRE(wait_until([&] { return !(url = announced(live.printed(), "page on")).empty(); }));
  const http_client page(static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1))));
  const auto html = page.get("/");
  BOOST_TEST(html.status == 200U);
  BOOST_TEST(html.header("Content-Security-Policy").find("default-src 'none'") == 0U);
  BOOST_TEST(json::parse(page.get("/shop").body)["genres"].size() == 12U);
  const auto guest = json::parse(page.post("/guests").body)["id"].get<std::string>();
  const auto books = json::parse(page.get("/readers/" + guest + "/books?genre=Poetry").body)["books"];
  const auto book = books[0]["id"].get<std::string>();
  BOOST_TEST(page.post("/readers/" + guest + "/purchases", json{{"book", book}}.dump()).status == 200U);
  BOOST_TEST(daemon.http().get("/profiles/" + guest).body == json{book}.dump());
  BOOST_TEST(json::parse(page.get("/readers/" + guest + "/similar/" + book).body)["books"].size() == 10U);

  // Pages of other origins may neither read nor buy.
  BOOST_TEST(page.get("/shop", {{"Origin", "http://elsewhere.example"}}).status == 403U);
  BOOST_TEST(page.post("/guests", "", {{"Sec-Fetch-Site", "cross-site"}}).status == 403U);
  BOOST_TEST(page.get("/", {{"Host", "elsewhere.example"}}).status == 403U);
  const auto printed = live.interrupt();
  BOOST_TEST(printed.find("Visitors of the page bought 1 books, 0 of them from the list.\n") !=
                 std::string::npos,
             printed);
}

BOOST_AUTO_TEST_CASE(says_how_to_reach_a_winnowd_whose_store_is_redis) {
  const redis_server redis;
  daemon_process daemon(daemon_flags("redis://127.0.0.1:" + std::to_string(redis.port()) + "/0"));
  daemon.wait_until_ready();
  const auto url = announced(daemon.output(), "winnowd listening on");
  live_process live({"--live", url, "--for", "200ms"});
  BOOST_TEST((live.wait() == 69));
  BOOST_TEST(live.printed().find("use --live redis://host:port/db --service " + url) != std::string::npos,
             live.printed());
}

BOOST_AUTO_TEST_CASE(says_that_nobody_answers) {
  live_process live({"--live", "http://127.0.0.1:" + std::to_string(free_port()), "--for", "200ms"});
  BOOST_TEST((live.wait() == 69));
  BOOST_TEST(live.printed().find("winnow-bookshop: no winnowd answers at http://127.0.0.1:") !=
                 std::string::npos,
             live.printed());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_printed_is_no_success) {
  const temp_dir directory;
  const auto errors = directory.path() + "/errors";
  for (const std::string flags : {"--version", "--books 100 --readers 10 --out \"$1\""})
    for (const std::string output : {">&-", "> /dev/full"}) {
      BOOST_TEST_CONTEXT(flags + " " + output) {
        child_process shop({"sh", "-c", "exec \"$0\" " + flags + " " + output, program("winnow-bookshop"),
                            directory.path() + "/shop"},
                           errors);
        BOOST_TEST(shop.wait().value_or(-1) == 74);
        BOOST_TEST(bytes_of(errors).rfind("winnow-bookshop: standard output: cannot be written: ", 0) == 0U,
                   bytes_of(errors));
      }
    }
}

BOOST_AUTO_TEST_CASE(refuses_wrong_flags) {
  const strings to{"--live", "http://127.0.0.1:1"};
  for (const auto& flags :
       {strings{}, strings{"--live", "ftp://shop"}, strings{"--live", "kafka://localhost?acsk=1"},
        strings{"--rate", "3"}, joined(to, {"--out", "/tmp"}), joined(to, {"--rate", "1", "--speed", "2"}),
        joined(to, {"--for", "3"}), joined(to, {"--report", "0"}), joined(to, {"--page", "x"}),
        joined(to, {"--service", "x"}), joined(to, {"--token-file", "/nowhere"}),
        joined(to, {"--ca", "/nowhere"}), strings{"--live", "https://127.0.0.1:1", "--ca", "/nowhere"},
        joined(to, {"--speed", "-1"})}) {
    live_process live(flags);
    BOOST_TEST((live.wait() == 78), live.printed());
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow::test
