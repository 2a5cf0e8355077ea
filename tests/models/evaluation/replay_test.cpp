#include "models/evaluation/replay.hpp"

#include "models/evaluation/replay_report.hpp"
#include "tests/models/learning/learning_directory.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

namespace {

using namespace winnow;
using namespace winnow::test;

/// The first items of a bookshop, each taken by the next of 20 readers, two of whom the models know; later,
/// all of them take a new book, and then one more old one.
struct replay_fixture {
  learning_directory shop;
  model_set_ptr models = shop.load();
  interaction_log log;
  replay_options options;

  static constexpr std::uint32_t readers = 20;

  replay_fixture() {
    log.has_times = true;
    for (std::uint32_t reader = 0; reader < readers; ++reader)
      log.users.insert(reader < 2 ? std::string((*models->users)[reader])
                                  : "reader " + std::to_string(reader));
    for (std::uint32_t i = 0; i < 3 * readers; ++i)
      take(i % readers, models->items[i % 7 + 10 * (i / readers)]);
    for (std::uint32_t reader = 0; reader < readers; ++reader) {
      take(reader, "a new book");
      take(reader, models->items[50 + reader]);
    }
    options.from = 0.6;
    options.k = 200; // longer than all lists, so that an item is a hit if it can be recommended at all
    options.widths = {200, 200, 200};
  }

  void take(std::uint32_t reader, std::string_view item) {
    log.events.push_back(
        {reader, log.items.insert(item).first, static_cast<std::int64_t>(1'000 + 100 * log.events.size())});
  }

  replay_result run() const { return need(replay(models, log, user_marks(1'000), options)); }

  std::string refusal() const {
    const auto done = replay(models, log, std::nullopt, options);
    BOOST_REQUIRE(!done);
    return done.error().message;
  }
};

void check_parts(const replay_quality& whole, const std::vector<replay_quality>& parts) {
  std::size_t events = 0;
  double hits = 0, gains = 0;
  for (const auto& part : parts) {
    events += part.events;
    hits += part.hits;
    gains += part.gains;
  }
  BOOST_CHECK_EQUAL(whole.events, events);
  BOOST_CHECK_EQUAL(whole.hits, hits);
  BOOST_CHECK_CLOSE(whole.gains, gains, 1e-6);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(replay_, replay_fixture)

BOOST_AUTO_TEST_CASE(new_items_are_hits_only_if_they_are_learned) {
  const auto all = run();
  BOOST_REQUIRE_EQUAL(all.runs.size(), 2u);
  const auto &frozen = all.runs[0], &live = all.runs[1];
  BOOST_CHECK_EQUAL(frozen.name, "frozen");
  BOOST_CHECK_EQUAL(live.name, "live");
  BOOST_CHECK_EQUAL(live.new_items.events, 20u);
  BOOST_CHECK_EQUAL(frozen.new_items.hits, 0);
  BOOST_CHECK_EQUAL(live.new_items.hits, 17); // all but its first three readers
  BOOST_CHECK_EQUAL(frozen.adopted, 0u);
  BOOST_CHECK_EQUAL(live.adopted, 1u);
  for (const auto& one : all.runs)
    BOOST_CHECK_EQUAL(one.known_items.hits, one.known_items.events);
}

BOOST_AUTO_TEST_CASE(every_event_is_in_one_part_of_each_kind) {
  const auto all = run();
  BOOST_CHECK_EQUAL(all.begin, 1'000 + 100 * 59);
  BOOST_CHECK_EQUAL(all.end, 1'000 + 100 * 99);
  BOOST_CHECK_EQUAL(all.told, 40u);
  BOOST_CHECK_EQUAL(all.items, models->items.size());
  for (const auto& one : all.runs) {
    BOOST_CHECK_EQUAL(one.all.events, 40u);
    BOOST_CHECK_EQUAL(one.slices.size(), 10u);
    BOOST_CHECK_EQUAL(one.known_users.events, 4u);
    check_parts(one.all, {one.known_items, one.new_items});
    check_parts(one.all, {one.known_users, one.new_users});
    check_parts(one.all, one.slices);
    BOOST_CHECK_LE(one.all.ndcg(), one.all.hit_rate());
  }
}

BOOST_AUTO_TEST_CASE(the_same_replay_gives_the_same_result) {
  options.k = 10;
  const auto one = run(), other = run();
  for (std::size_t i = 0; i < 2; ++i) {
    BOOST_CHECK_EQUAL(one.runs[i].all.hits, other.runs[i].all.hits);
    BOOST_CHECK_EQUAL(one.runs[i].all.gains, other.runs[i].all.gains);
  }
}

BOOST_AUTO_TEST_CASE(learns_between_two_versions_only_what_was_published) {
  options.learn_interval = 1e9; // one version, after the first event
  const auto all = run();
  BOOST_CHECK_EQUAL(all.runs[1].new_items.hits, 0);
  BOOST_CHECK_EQUAL(all.runs[1].adopted, 1u);
}

BOOST_AUTO_TEST_CASE(learns_as_it_is_told) {
  options.learning.adopt_after = 10;
  BOOST_CHECK_EQUAL(run().runs[1].new_items.hits, 10);
  options.learning.adopt_after = 0;
  BOOST_CHECK_EQUAL(run().runs[1].new_items.hits, 0);
}

BOOST_AUTO_TEST_CASE(asks_for_every_nth_event_but_tells_all) {
  options.ask_every = 3;
  const auto all = run();
  BOOST_CHECK_EQUAL(all.told, 40u);
  BOOST_CHECK_EQUAL(all.runs[1].all.events, 14u);
  BOOST_CHECK_EQUAL(all.runs[1].adopted, 1u);
}

BOOST_AUTO_TEST_CASE(asks_only_for_users_with_enough_history) {
  options.least_history = 4; // the new book comes after three items
  const auto all = run();
  BOOST_CHECK_EQUAL(all.runs[0].all.events, 20u);
  BOOST_CHECK_EQUAL(all.runs[0].new_items.events, 0u);
}

BOOST_AUTO_TEST_CASE(measures_the_first_k_places) {
  options.k = 1;
  const auto all = run();
  for (const auto& one : all.runs) {
    BOOST_CHECK_LT(one.all.hits, one.all.events);
    BOOST_CHECK_EQUAL(one.all.hits, one.all.gains);
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_it_cannot_replay) {
  options.least_history = 1'000;
  BOOST_CHECK(refusal().find("expected events after the first 0.6") == 0);
  log.has_times = false;
  BOOST_CHECK_EQUAL(refusal(), "expected interactions with times, got none");
  log = {};
  log.has_times = true;
  BOOST_CHECK_EQUAL(refusal(), "expected interactions with times, got none");
}

BOOST_AUTO_TEST_CASE(refuses_to_begin_after_the_last_event) {
  options.from = 1;
  BOOST_CHECK(refusal().find("expected events after the first 1") == 0);
}

BOOST_AUTO_TEST_CASE(refuses_models_without_transitions) {
  const stage_directory without;
  models = without.load();
  BOOST_CHECK_EQUAL(refusal(), without.dir.path().string() + ": the models have no transitions to learn");
}

BOOST_AUTO_TEST_CASE(is_reported_as_text_json_and_chart) {
  const auto all = run();
  const evaluation_subject subject{"models", "0123", "log.csv", "replayed from 0.6"};
  const auto table = replay_table(all, subject);
  for (const auto* part :
       {"log.csv, replayed from 0.6", "told      40 events", "1 items adopted", "new items"})
    BOOST_CHECK_MESSAGE(table.find(part) != std::string::npos, part << "\n" << table);
  const auto document = nlohmann::json::parse(replay_json(all, subject));
  BOOST_REQUIRE_EQUAL(document["runs"].size(), 2u);
  BOOST_CHECK_EQUAL(document["runs"][1]["new_items"]["events"], 20);
  BOOST_CHECK_EQUAL(document["runs"][1]["over_time"].size(), 10u);
  BOOST_CHECK_EQUAL(document["runs"][1]["over_time"][0]["begin"], all.begin);
  const auto svg = replay_plot(all, "a <small> shop");
  BOOST_CHECK_EQUAL(svg.substr(0, 4), "<svg");
  BOOST_CHECK(svg.find("a &lt;small&gt; shop") != std::string::npos);
  BOOST_CHECK(svg.find("nan") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
