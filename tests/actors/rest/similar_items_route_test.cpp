#include "json_schema.hpp"
#include "models/similar_items.hpp"
#include "models/stage_evidence.hpp"
#include "support/wait_until.hpp"
#include "tests/actors/bookshop.hpp"
#include "tests/actors/running_daemon.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/send.hpp>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

struct similar_fixture {
  /// Checks the status and that the answer is as documented. Returns the body.
  json ask(const std::string& target, unsigned status = 200) const {
    const auto answer = daemon.http().get(target);
    BOOST_TEST_CONTEXT(target << " -> " << answer.status << " " << answer.body) {
      BOOST_CHECK_EQUAL(answer.status, status);
      const auto document = json::parse(daemon.http().get("/openapi.json").body);
      const auto& promised = document["paths"]["/items/{item_id}/similar"]["get"]["responses"];
      BOOST_REQUIRE(promised.contains(std::to_string(answer.status)));
      const auto& schema = promised[std::to_string(answer.status)]["content"]["application/json"]["schema"];
      const auto body = json::parse(answer.body);
      BOOST_CHECK_EQUAL(misfit(body, schema, document), "");
      return body;
    }
    return {};
  }

  /// Makes the daemon use these models.
  void serve(const std::shared_ptr<model_set>& models, const std::string& version) const {
    models->version = version;
    caf::anon_send(daemon.handle(), reload_atom_v, model_set_ptr(models));
    BOOST_REQUIRE(wait_until([&] { return ask(path_of(0))["model_version"] == version; }));
  }

  static std::string id_of(std::uint32_t item) { return std::string(bookshop()->items[item]); }
  static std::string path_of(std::uint32_t item) { return "/items/" + id_of(item) + "/similar"; }

  running_daemon daemon;
};

/// The bookshop with an item `c/d é`, which was adopted and points where item 5 does, and with transitions
/// from item 0 to 7 and to the adopted item.
std::shared_ptr<model_set> with_learned_parts() {
  auto models = std::make_shared<model_set>(*bookshop());
  const std::uint32_t trained = static_cast<std::uint32_t>(models->items.size());
  auto ids = std::make_shared<id_table>();
  ids->insert("c/d \xC3\xA9");
  const auto like = models->item_embeddings.row(5);
  auto row = std::make_shared<feature_table>();
  row->width = like.size();
  for (const float value : like)
    row->values.own().push_back(value / 2);
  auto adopted = std::make_shared<adopted_items>();
  adopted->ids = ids;
  adopted->embeddings = embedding_table(row);
  adopted->inverse_norms = inverse_norms(adopted->embeddings);
  adopted->din_features = std::make_shared<const feature_table>(
      feature_table{models->din_features->width, std::vector<float>(models->din_features->width)});
  adopted->ranknet_features = std::make_shared<const feature_table>(
      feature_table{models->ranknet_features->width, std::vector<float>(models->ranknet_features->width)});
  auto learned = std::make_shared<learned_items>();
  learned->trained = bookshop(); // without transitions: the learner has nothing to do
  learned->adopted = adopted;
  learned->transitions.pages = transition_pages().with({{0, trained, 4}, {0, 7, 1}}, 8);
  learned->transitions.damping = std::make_shared<const std::vector<float>>(trained + 1, 1.0f);
  models->learned = learned;
  models->items = models->items.with(ids);
  models->item_embeddings = models->item_embeddings.with(row);
  transition_counts none;
  none.ends.assign(trained + 1, 0);
  const std::vector<std::uint64_t> taken(trained, 0);
  models->transitions =
      std::make_shared<const transition_table>(std::move(none), taken, transition_scoring{});
  return models;
}

/// All bytes in hexadecimal, for a query.
std::string escaped(const std::string& text) {
  std::ostringstream all;
  for (const unsigned char byte : text)
    all << '%' << std::hex << std::setw(2) << std::setfill('0') << static_cast<unsigned>(byte);
  return all.str();
}

const json* entry_of(const json& body, const std::string& item_id) {
  for (const auto& entry : body["similar"])
    if (entry["item_id"] == item_id)
      return &entry;
  return nullptr;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(similar_items_route, similar_fixture)

BOOST_AUTO_TEST_CASE(answers_with_the_nearest_items) {
  const auto body = ask(path_of(3));
  similar_items_scratch work;
  transition_scratch transitions;
  const std::vector<similar_query> items{{3}};
  const auto expected = similar_items(*bookshop(), items, 100, work, transitions)[0];
  BOOST_CHECK_EQUAL(body["item_id"], id_of(3));
  BOOST_CHECK_EQUAL(body["model_version"], bookshop()->version);
  BOOST_REQUIRE_EQUAL(body["similar"].size(), 10U);
  for (std::size_t i = 0; i < 10; ++i) {
    const auto& entry = body["similar"][i];
    BOOST_CHECK_EQUAL(entry["item_id"], id_of(expected.items[i].item));
    BOOST_CHECK_EQUAL(entry["cosine"].get<float>(), expected.items[i].score);
    BOOST_CHECK_EQUAL(entry["score"].get<float>(), similarity(*bookshop(), expected.evidence[i]));
    BOOST_CHECK_EQUAL(entry["sources"], json({"embedding"}));
    BOOST_CHECK(!entry.contains("transition"));
    BOOST_CHECK(!entry.contains("adopted"));
  }
}

BOOST_AUTO_TEST_CASE(a_shorter_list_is_the_beginning_of_a_longer_one) {
  serve(with_learned_parts(), "1");
  const auto all = ask(path_of(0) + "?limit=100")["similar"];
  for (const std::size_t limit : {1U, 5U, 50U}) {
    const auto some = ask(path_of(0) + "?limit=" + std::to_string(limit))["similar"];
    BOOST_REQUIRE_EQUAL(some.size(), std::min(limit, all.size()));
    for (std::size_t i = 0; i < some.size(); ++i)
      BOOST_CHECK_EQUAL(some[i], all[i]);
  }
}

BOOST_AUTO_TEST_CASE(refuses_invalid_limits_and_unknown_items) {
  for (const char* limit : {"0", "101", "-1", "ten", "", "1.5"})
    BOOST_CHECK_EQUAL(ask(path_of(3) + "?limit=" + limit, 400)["status"], "error");
  BOOST_CHECK_EQUAL(ask("/items/a%2Fb/similar", 404)["message"], "no item a/b");
  BOOST_CHECK_EQUAL(ask("/items/nothing/similar?limit=0", 400)["status"], "error");
  const auto wrong = daemon.http().post(path_of(3));
  BOOST_CHECK_EQUAL(wrong.status, 405);
  BOOST_CHECK_EQUAL(wrong.header("Allow"), "OPTIONS, GET, HEAD");
}

BOOST_AUTO_TEST_CASE(costly_filters_take_turns) {
  const auto all = ask(path_of(3))["similar"];
  serve(shop_of_many_items(), "many");
  for (int least = 1; least <= 3; ++least) {
    auto passed_by_all = json::array(), passed_by_none = json::array(); // catalogue items have no price
    for (int i = 0; i < 10; ++i) {
      passed_by_all.push_back({{"not", {{"price", {{"lt", least}}}}}});
      passed_by_none.push_back({{"price", {{"lt", least}}}});
    }
    const auto filtered = [&](const json& conditions) {
      return ask(path_of(3) + "?filter=" + escaped(json{{"and", conditions}}.dump()))["similar"];
    };
    BOOST_CHECK_EQUAL(filtered(passed_by_all), all);
    BOOST_CHECK_EQUAL(filtered(passed_by_none), json::array());
  }
}

BOOST_AUTO_TEST_CASE(names_both_sources_and_adopted_items) {
  const std::string adopted = "c/d \xC3\xA9";
  serve(with_learned_parts(), "1");
  const auto of_adopted = ask("/items/c%2Fd%20%C3%A9/similar");
  BOOST_CHECK_EQUAL(of_adopted["item_id"], adopted);
  BOOST_CHECK_EQUAL(of_adopted["similar"][0]["item_id"], id_of(5));
  BOOST_CHECK_CLOSE(of_adopted["similar"][0]["cosine"].get<double>(), 1.0, 1e-3);
  BOOST_CHECK_EQUAL(ask(path_of(5))["similar"][0]["item_id"], adopted);
  BOOST_CHECK_EQUAL(ask(path_of(5))["similar"][0]["adopted"], true);

  const auto followed = ask(path_of(0) + "?limit=100");
  const auto* const first = entry_of(followed, adopted);
  const auto* const second = entry_of(followed, id_of(7));
  BOOST_REQUIRE(first != nullptr && second != nullptr);
  BOOST_CHECK_EQUAL((*first)["transition"], 1.0);
  BOOST_CHECK_EQUAL((*second)["transition"], 0.25);
  BOOST_CHECK_EQUAL((*first)["adopted"], true);
  BOOST_CHECK_EQUAL((*first)["sources"].back(), "transitions");
  for (const auto* entry : {first, second})
    BOOST_CHECK_EQUAL(entry->contains("cosine"), (*entry)["sources"].front() == "embedding");
}

BOOST_AUTO_TEST_CASE(works_while_the_store_is_away) {
  daemon.store().go_away();
  BOOST_REQUIRE(wait_until([&] { return daemon.http().get("/readyz").status == 503; }));
  BOOST_CHECK_EQUAL(ask(path_of(3))["similar"].size(), 10U);
}

BOOST_AUTO_TEST_CASE(answers_503_if_the_stage_fails) {
  daemon.faults().inject("candidate_generator", {injected_fault::error, 0, 0ms});
  ask(path_of(3), 503);
  daemon.faults().inject("candidate_generator", {injected_fault::crash, 1, 0ms});
  ask(path_of(3), 503);
  daemon.kill("candidate_generator");
  BOOST_CHECK(wait_until([&] { return daemon.http().get(path_of(3)).status == 200; }));
}

BOOST_AUTO_TEST_CASE(is_counted_under_its_pattern) {
  ask(path_of(3));
  ask("/items/nothing/similar", 404);
  const auto text = daemon.http().get("/metrics", {{"Accept", "text/plain"}}).body;
  for (const char* code : {"200", "404"}) {
    const auto line = "winnow_http_requests_total{code=\"" + std::string(code) +
                      "\",route=\"/items/{item_id}/similar\"} 1\n";
    BOOST_CHECK_MESSAGE(text.find(line) != std::string::npos, text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
