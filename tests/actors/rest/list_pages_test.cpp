#include "actors/rest/list_pages.hpp"

#include "json_schema.hpp"
#include "tests/actors/bookshop.hpp"
#include "tests/actors/running_daemon.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace winnow;
using namespace winnow::test;
using nlohmann::json;

namespace {

const char* const user = "a b/c";
const std::string path = "/recommendations/a%20b%2Fc";

struct pages_fixture {
  pages_fixture() {
    daemon.write(user, history_json(7));
    stored = daemon.wait_for_list(user);
    document = json::parse(daemon.http().get("/openapi.json").body);
  }

  json get(const std::string& query, unsigned status = 200) const {
    const auto answer = daemon.http().get(path + query);
    BOOST_TEST_CONTEXT(query << " -> " << answer.status << " " << answer.body) {
      BOOST_CHECK_EQUAL(answer.status, status);
      const auto parsed = json::parse(answer.body);
      const auto& promised = document["paths"]["/recommendations/{user_id}"]["get"]["responses"];
      const auto& schema = promised[std::to_string(answer.status)]["content"]["application/json"]["schema"];
      BOOST_CHECK_EQUAL(misfit(parsed, schema, document), "");
      return parsed;
    }
    return {};
  }

  running_daemon daemon;
  std::string stored;
  json document;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(list_pages_suite, pages_fixture)

BOOST_AUTO_TEST_CASE(the_plain_answer_stays_as_it_is) {
  BOOST_CHECK_EQUAL(daemon.http().get(path).body, R"({"status":"success","recommendations":)" + stored + "}");
  BOOST_CHECK_EQUAL(daemon.http().get(path + "?other=1").body,
                    R"({"status":"success","recommendations":)" + stored + "}");
}

BOOST_AUTO_TEST_CASE(pages_pass_over_withheld_items) {
  const auto all = json::parse(stored).get<std::vector<std::string>>();
  const auto first = get("?limit=3");
  const auto hide = [&](const std::string& item) {
    BOOST_CHECK_EQUAL(daemon.http().put("/items/" + item, R"({"hidden": true})").status, 200U);
  };
  hide(all[1]);
  hide(all[4]);
  auto expected = json{all[0], all[2], all[3]};
  BOOST_TEST(get("?limit=3")["recommendations"] == expected);
  expected = json{all[3], all[5], all[6]}; // the first page had the item that was hidden since
  BOOST_TEST(get("?cursor=" + first["next"].get<std::string>())["recommendations"] == expected);
  BOOST_TEST(get("?offset=1")["recommendations"].size() == 17U);
}

BOOST_AUTO_TEST_CASE(no_empty_page_follows_the_last_item_that_is_shown) {
  const auto all = json::parse(stored).get<std::vector<std::string>>();
  for (const std::size_t hidden : {18, 19})
    BOOST_CHECK_EQUAL(daemon.http().put("/items/" + all[hidden], R"({"hidden": true})").status, 200U);
  const auto last = get("?limit=3&offset=15");
  BOOST_TEST(last["recommendations"] == (json{all[15], all[16], all[17]}));
  BOOST_TEST(!last.contains("next"));
  BOOST_CHECK_EQUAL(last["total"], 20); // of the list as it is stored
  BOOST_TEST(get("?limit=3&offset=14").contains("next"));
  BOOST_TEST(!get("?limit=3&offset=18").contains("next"));
}

BOOST_AUTO_TEST_CASE(pages_follow_each_other_to_the_end) {
  auto all = json::array();
  auto page = get("?limit=8");
  BOOST_CHECK_EQUAL(page["total"], 20);
  for (int pages = 1;; ++pages) {
    BOOST_CHECK_EQUAL(page["offset"], all.size());
    for (const auto& item : page["recommendations"])
      all.push_back(item);
    if (!page.contains("next")) {
      BOOST_CHECK_EQUAL(pages, 3);
      break;
    }
    BOOST_CHECK_EQUAL(page["recommendations"].size(), 8u);
    page = get("?cursor=" + page["next"].get<std::string>());
  }
  BOOST_CHECK_EQUAL(all, json::parse(stored));
}

BOOST_AUTO_TEST_CASE(an_offset_and_another_limit_hold) {
  const auto list = json::parse(stored);
  const auto rest = get("?offset=15");
  BOOST_CHECK_EQUAL(rest["recommendations"].size(), 5u);
  BOOST_CHECK_EQUAL(rest["recommendations"][0], list[15]);
  BOOST_CHECK(!rest.contains("next"));
  const auto first = get("?limit=2&offset=3");
  const auto second = get("?limit=4&cursor=" + first["next"].get<std::string>());
  BOOST_CHECK_EQUAL(second["recommendations"].size(), 4u);
  BOOST_CHECK_EQUAL(second["recommendations"][0], list[5]);
  BOOST_CHECK_EQUAL(get("?offset=500")["recommendations"].size(), 0u);
}

BOOST_AUTO_TEST_CASE(a_changed_list_says_how_to_begin_anew) {
  const auto cursor = get("?limit=8")["next"].get<std::string>();
  daemon.write(user, history_json(9, 40));
  daemon.wait_for_list(user, stored);
  const auto gone = get("?cursor=" + cursor, 410);
  BOOST_CHECK_EQUAL(gone["begin"], path + "?limit=8");
  BOOST_CHECK_EQUAL(gone["message"],
                    "the list has changed since this cursor was given: begin anew with GET " + path +
                        "?limit=8");
  BOOST_CHECK_EQUAL(json::parse(daemon.http().get(gone["begin"].get<std::string>()).body)["offset"], 0);
}

BOOST_AUTO_TEST_CASE(what_is_no_page_is_refused) {
  BOOST_CHECK_EQUAL(get("?limit=0", 400)["status"], "error");
  BOOST_CHECK_EQUAL(get("?offset=x", 400)["status"], "error");
  for (const char* cursor : {"", "x", "0123456789abcdef", "0123456789abcdef-1", "0123456789ABCDEF-1-1",
                             "0123456789abcdef--1-1", "0123456789abcdef-1-1-1"})
    BOOST_CHECK_EQUAL(get(std::string("?cursor=") + cursor, 400)["message"],
                      "cursor: expected the next of an earlier page");
  BOOST_CHECK_EQUAL(get("?offset=1&cursor=0123456789abcdef-1-1", 400)["message"],
                    "offset: expected none beside a cursor, which has its own");
  BOOST_CHECK_EQUAL(daemon.http().get("/recommendations/nobody?limit=3").body,
                    R"({"status":"error","message":"No recommendations found"})");
}

BOOST_AUTO_TEST_SUITE_END()
