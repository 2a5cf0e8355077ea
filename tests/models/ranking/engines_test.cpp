#include "models/cascade.hpp"
#include "models/learning/live_learner.hpp"
#include "models/ranking/engine_module.hpp"
#include "tests/models/learning/learning_directory.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

/// Tests the ranking engines and the loading of their modules.
namespace {

using namespace winnow;
using namespace winnow::test;

constexpr float tolerance = 1e-4f;

/// Returns the cascade's list for a history of every seventh item from `first` on.
ranked_list list_of(const model_set& models, std::uint32_t first, cascade_scratch& work) {
  std::vector<std::string> profile{"unknown"};
  for (std::uint32_t i = 0; i < 12; ++i)
    profile.emplace_back(models.items[(first + 7 * i) % models.items.size()]);
  const auto user = resolve_user(models, "a stranger", profile);
  const user_context* const users[] = {&user};
  const auto found = generate_candidates(models, users, models.widths.candidates, work)[0];
  const ranking_task for_din{&user, &found};
  const auto kept = need(std::move(rank_by_din(models, {&for_din, 1}, models.widths.din_keep, work)[0]));
  const ranking_task for_ranknet{&user, &kept};
  return need(std::move(rank_by_ranknet(models, {&for_ranknet, 1}, models.widths.ranknet_keep, work)[0]));
}

model_set_ptr as_trained(const model_set_ptr& models) {
  return models;
}

/// Returns the models with 20 items that three readers took, whose histories differ.
model_set_ptr with_adopted_items(const model_set_ptr& models) {
  live_learner learner(models, {}, user_marks(100));
  for (std::size_t reader = 0; reader < 3; ++reader) {
    std::vector<std::string> profile;
    for (std::size_t i = 0; i < 20; ++i) {
      profile.emplace_back(models->items[(reader * 31 + i * 5) % models->items.size()]);
      profile.push_back("new " + std::to_string(i));
    }
    learner.learn("reader " + std::to_string(reader), profile, 0);
  }
  return learner.publish();
}

void check_same_lists(model_settings settings, model_set_ptr (*changed)(const model_set_ptr&)) {
  const auto native = changed(need(load_model_set(settings)));
  settings.engine = ranker_engine::torch;
  const auto torch = changed(need(load_model_set(settings)));
  BOOST_CHECK(!native->din_engine && !native->ranknet_engine);
  BOOST_REQUIRE(torch->din_engine && torch->ranknet_engine);
  cascade_scratch work;
  for (std::uint32_t first = 0; first < 20; ++first) {
    const auto fast = list_of(*native, first, work);
    const auto literal = list_of(*torch, first, work);
    BOOST_REQUIRE_EQUAL(fast.items.size(), literal.items.size());
    for (std::size_t i = 0; i < fast.items.size(); ++i) {
      BOOST_CHECK_EQUAL(fast.items[i].item, literal.items[i].item);
      BOOST_CHECK_SMALL(fast.items[i].score - literal.items[i].score, tolerance);
    }
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(engines)

BOOST_AUTO_TEST_CASE(both_engines_give_the_same_lists) {
  check_same_lists(stage_directory::settings_of(fixture("bookshop")), as_trained);
}

BOOST_AUTO_TEST_CASE(both_engines_give_the_same_lists_with_stage_features) {
  const stage_directory shop;
  check_same_lists(stage_directory::settings_of(shop.dir.path()), as_trained);
}

BOOST_AUTO_TEST_CASE(both_engines_give_the_same_lists_with_adopted_items) {
  const learning_directory shop;
  check_same_lists(stage_directory::settings_of(shop.dir.path()), with_adopted_items);
}

BOOST_AUTO_TEST_CASE(a_missing_module_is_reported_with_its_package) {
  const auto engine = load_engine_module("/nowhere/libwinnow-torch.so");
  BOOST_REQUIRE(!engine);
  BOOST_CHECK(engine.error().cause == fault::unavailable);
  const auto& message = engine.error().message;
  BOOST_CHECK_MESSAGE(message.find("/nowhere/libwinnow-torch.so does not exist") != std::string::npos,
                      message);
  BOOST_CHECK_MESSAGE(message.find("libtorch-dev") != std::string::npos, message);
}

BOOST_AUTO_TEST_CASE(refuses_a_file_that_is_not_a_module) {
  const temporary_file text("this is no library");
  const auto engine = load_engine_module(text.path());
  BOOST_REQUIRE(!engine);
  BOOST_CHECK_MESSAGE(engine.error().message.find(text.path().string()) != std::string::npos,
                      engine.error().message);
}

BOOST_AUTO_TEST_CASE(the_reference_reports_its_libraries) {
  const auto said = need(engine_of(ranker_engine::torch))->computes_with();
  BOOST_CHECK_MESSAGE(said.find("LibTorch ") == 0 && said.find(" on ") != std::string::npos, said);
}

BOOST_AUTO_TEST_SUITE_END()
