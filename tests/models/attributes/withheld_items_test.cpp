#include "models/attributes/withheld_items.hpp"

#include "models/availability/deny_list.hpp"
#include "models/candidate_merge.hpp"
#include "models/item_description.hpp"
#include "models/list_wishes.hpp"
#include "tests/models/stage_directory.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace winnow;
using namespace winnow::test;

namespace {

constexpr const char* known_user = "A8SZ6INK77SAY";

/// The bookshop with transitions and attributes; every fifth item can be hidden.
struct shop_fixture {
  shop_fixture() {
    const auto shop = need(load_model_set(stage_directory::settings_of(fixture("bookshop"))));
    std::filesystem::copy(fixture("bookshop"), dir.path(), std::filesystem::copy_options::recursive);
    std::ofstream items(dir.path() / "items.csv");
    items << "item_id,fifth,hidden\n";
    for (std::uint32_t item = 0; item < shop->items.size(); ++item)
      items << shop->items[item] << (item % 5 == 0 ? ",true,yes\n" : ",false,\n");
    std::ofstream rows(dir.path() / "transitions.csv");
    rows << "item_id,next_item_id,weight\n";
    for (std::uint32_t next = 100; next < 130; ++next)
      rows << shop->items[7] << "," << shop->items[next] << "," << 1000 * (130 - next) << "\n";
    std::ofstream(dir.path() / "model.json") << R"({"transitions": {"candidates": 30, "weight": 2}})";
    items.close();
    rows.close();
    open = need(load_model_set(stage_directory::settings_of(dir.path())));
    auto hiding = std::make_shared<model_set>(*open);
    hiding->withheld = std::make_shared<const withheld_items>(
        std::make_shared<const withholding>(open->attributes, nullptr, 0), open->items);
    models = hiding;
  }

  /// The candidates of a user with these wishes; null: none.
  static std::vector<std::uint32_t> candidates(const model_set& from, const char* user,
                                               const std::vector<std::string>& history, const char* query,
                                               std::size_t count = 60) {
    auto context = resolve_user(from, user, history);
    kept_choices kept;
    if (query != nullptr)
      context.wishes = std::make_shared<const list_wishes>(need(resolve_wishes(
          need(parse_list_query(nlohmann::json::parse(query), query_form::list)), from, 20, kept)));
    const user_context* const users[] = {&context};
    cascade_scratch work;
    const auto lists = generate_candidates(from, users, count, work);
    std::vector<std::uint32_t> items;
    for (const auto& entry : lists[0].items)
      items.push_back(entry.item);
    return items;
  }

  temporary_directory dir;
  model_set_ptr open, models; ///< Without and with the hidden items withheld.
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(withheld_items_suite, shop_fixture)

BOOST_AUTO_TEST_CASE(lists_are_as_if_withheld_items_did_not_exist) {
  const std::vector<std::string> history{std::string(open->items[7]), std::string(open->items[8])};
  for (const auto* user : {known_user, "stranger"})
    for (const auto& profile : {history, std::vector<std::string>()}) {
      const auto filtered = candidates(*open, user, profile, R"({"filter": {"fifth": false}})");
      BOOST_CHECK_EQUAL(filtered.size(), 60u);
      BOOST_CHECK(candidates(*models, user, profile, nullptr) == filtered);
      BOOST_CHECK(candidates(*models, user, profile, R"({"limit": 20, "diversity": 0.1})") == filtered);
      BOOST_CHECK(candidates(*models, user, profile, R"({"exclude": ["unknown"]})") == filtered);
    }
}

BOOST_AUTO_TEST_CASE(a_list_that_a_search_leaves_too_short_is_filled) {
  // The best 60 of the user are denied: the widened search finds none of the others.
  const auto best = candidates(*open, known_user, {}, nullptr, 60);
  auto denied = std::make_shared<id_table>();
  for (const auto item : best)
    denied->insert(open->items[item]);
  auto without = std::make_shared<model_set>(*open);
  without->withheld = std::make_shared<const withheld_items>(
      std::make_shared<const withholding>(open->attributes, denied, 0), open->items);
  const auto list = candidates(*without, known_user, {}, nullptr, 30);
  BOOST_CHECK_EQUAL(list.size(), 30u);
  for (const auto item : list)
    BOOST_CHECK(std::find(best.begin(), best.end(), item) == best.end());
}

BOOST_AUTO_TEST_CASE(popular_items_and_filters_leave_them_out) {
  for (const auto& entry : most_taken(*models, popularity_window::all, 50))
    BOOST_CHECK_NE(entry.item % 5, 0u);
  for (const auto item : candidates(*models, known_user, {}, R"({"filter": {"fifth": true}})"))
    BOOST_ERROR("withheld: " << item);
}

BOOST_AUTO_TEST_CASE(named_items_are_reported_with_the_reason) {
  kept_choices kept;
  const auto id = [&](std::uint32_t item) { return std::string(models->items[item]); };
  list_query query;
  query.items = {id(0), id(1), "unknown"};
  query.pins = {{id(5), 1}, {id(6), 2}};
  const auto wishes = need(resolve_wishes(query, *models, 20, kept));
  BOOST_CHECK_EQUAL(wishes.allowed->count(), 1u);
  BOOST_REQUIRE_EQUAL(wishes.named_withheld.size(), 2u);
  BOOST_CHECK_EQUAL(wishes.named_withheld[0].first, id(0));
  BOOST_CHECK(wishes.named_withheld[0].second == withheld_reason::hidden);
  BOOST_CHECK_EQUAL(wishes.named_withheld[1].first, id(5));
  BOOST_REQUIRE_EQUAL(wishes.pins.size(), 1u);
  BOOST_CHECK_EQUAL(wishes.pins[0].item, 6u);
}

BOOST_AUTO_TEST_CASE(adopted_items_are_withheld_too) {
  auto more = std::make_shared<id_table>();
  more->insert("new-1");
  more->insert("new-2");
  auto denied = std::make_shared<id_table>();
  denied->insert("new-2");
  denied->insert("never seen");
  const auto what = std::make_shared<const withholding>(open->attributes, denied, 0);
  const withheld_items before(what, open->items);
  const auto extended = open->items.with(more);
  const auto last = static_cast<std::uint32_t>(extended.size() - 1);
  for (const auto& now : {withheld_items(what, extended), withheld_items(what, extended, &before)}) {
    BOOST_CHECK(now.has(last));
    BOOST_CHECK(!now.has(last - 1));
    BOOST_CHECK(now.has(5));
    BOOST_CHECK_EQUAL(now.count(), before.count() + 1);
    BOOST_CHECK(now.find("never seen") == withheld_reason::denied);
  }
}

BOOST_AUTO_TEST_CASE(the_lines_of_the_deny_list_end_in_any_way) {
  for (const char* text : {"a\nb \"1\n",
                           "\xEF\xBB\xBF"
                           "a\r\nb \"1\r\n",
                           "a\rb \"1", "\ra\r\rb \"1\r"}) {
    std::ofstream(dir.path() / "denied", std::ios::binary) << text;
    const auto denied = need(read_deny_list(dir.path() / "denied"));
    BOOST_CHECK_EQUAL(denied->size(), 2u);
    BOOST_CHECK(denied->find("a") && denied->find("b \"1"));
  }
}

BOOST_AUTO_TEST_CASE(blanks_around_a_denied_id_are_no_part_of_it) {
  std::ofstream(dir.path() / "denied", std::ios::binary) << "a \n\tb\t\r\n \n  c d\t \n";
  const auto denied = need(read_deny_list(dir.path() / "denied"));
  BOOST_CHECK_EQUAL(denied->size(), 3u);
  BOOST_CHECK(denied->find("a") && denied->find("b") && denied->find("c d"));
}

BOOST_AUTO_TEST_CASE(broken_values_are_refused_with_their_place) {
  const auto refusal = [this](const char* text) {
    std::ofstream(dir.path() / "items.csv") << text;
    const auto read = item_attributes::read(dir.path() / "items.csv");
    BOOST_REQUIRE(!read);
    return read.error().message;
  };
  BOOST_CHECK(refusal("item_id,hidden\n1,no\n2,perhaps\n")
                  .find("items.csv:3:3: hidden: expected true, false, yes, no, 1 or 0, got \"perhaps\"") !=
              std::string::npos);
  BOOST_CHECK(
      refusal("item_id,available_until\n1,tomorrow\n").find(":2:3: available_until: expected a time") !=
      std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
