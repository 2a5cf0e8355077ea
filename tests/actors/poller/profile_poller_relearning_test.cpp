// What the poller does about lists of other models while the learner learns again on top of the new ones.

#include "actors/pipeline/profile_digest.hpp"
#include "models/learned_items.hpp"
#include "tests/actors/poller/poller_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>
#include <map>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;
const auto each = boost::test_tools::per_element();

const std::string items = R"(["1"])";

/// What a learner was told, and what it publishes.
struct learner_script {
  std::map<std::string, int> told;          ///< How often, by user.
  std::function<model_set_ptr()> publishes; ///< Empty: it does not answer.
};

transition_learner_actor::behavior_type scripted_learner(transition_learner_actor::pointer self,
                                                         std::shared_ptr<learner_script> acts) {
  return {[](wire_atom, const neighbours_ptr&) {},
          [acts](changed_atom, const changed_profiles_ptr& batch) {
            for (const auto& one : *batch)
              ++acts->told[one.user_id];
          },
          [self, acts](relearn_atom) -> caf::result<model_set_ptr> {
            auto promise = self->make_response_promise<model_set_ptr>();
            if (acts->publishes)
              promise.deliver(acts->publishes());
            return promise;
          },
          [](forget_atom, const std::string&) -> count_reply {
            return std::make_shared<const result<std::uint64_t>>(0);
          },
          [](forget_atom, const user_ids_ptr&) {},
          [](status_atom) { return status_of(actor_record()); }};
}

/// Those models as a learner publishes them.
model_set_ptr with_learned(const model_set_ptr& trained) {
  auto models = std::make_shared<model_set>(*trained);
  auto learned = std::make_shared<learned_items>();
  learned->trained = trained;
  models->learned = std::move(learned);
  return models;
}

/// The users a and b have lists of the models `old` when `young` ones come.
struct relearning_fixture : poller_fixture {
  relearning_fixture() {
    store->keep_records();
    learner = world.spawn(scripted_learner, learns);
    acts->answer = [this](const recommendation_request_ptr& request) {
      write_list command{request->user_id, request->timestamp, "[]"};
      command.record = list_record{request->source->digest, list_basis(in_force, bookshop()->widths),
                                   content_digest("[]")};
      const store_command one = command;
      store->execute({&one, 1});
      return std::make_shared<const result<recommendation>>(recommendation{});
    };
    write("a", items);
    write("b", items);
    start(bookshop_of_version("old"));
    acts->seen.clear();
    learns->told.clear();
    learns->publishes = [this] { return learned; };
  }

  void start(const model_set_ptr& models) {
    poller = world.spawn(profile_poller, parts());
    use(models);
  }

  void use(const model_set_ptr& models) {
    in_force = models->version;
    wire(models);
  }

  std::shared_ptr<learner_script> learns = std::make_shared<learner_script>();
  const model_set_ptr young = bookshop_of_version("young");
  const model_set_ptr learned = with_learned(young);
  std::string in_force;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(profile_poller_relearning, relearning_fixture)

BOOST_AUTO_TEST_CASE(lists_of_other_models_wait_until_what_was_learned_again_is_in_force) {
  use(young);
  BOOST_TEST(learns->told["a"] == 1);
  BOOST_TEST(learns->told["b"] == 1);
  BOOST_TEST(acts->seen.empty());
  use(learned);
  BOOST_TEST(computed() == (strings{"a", "b"}), each);
  sweep();
  BOOST_TEST(acts->seen.size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_learner_is_told_of_what_a_request_has_made_a_list_of_first) {
  int times = 0;
  for (const std::string content : {R"(["1"])", R"(["1","2"])"}) { // of a new user, then of a known one
    write("c", content);
    const auto profile = content_digest(content);
    const auto basis = list_basis(in_force, bookshop()->widths);
    write_list command{"c", {}, "[]"};
    command.record = list_record{profile, basis, content_digest("[]")};
    const store_command one = command;
    store->execute({&one, 1});
    world.tell(poller, stored_atom_v,
               std::make_shared<const std::vector<stored_list>>(
                   std::vector<stored_list>{{"c", profile_digest(profile, basis)}}));
    ++times;
    BOOST_TEST(learns->told["c"] == times);
    announce("c");
    BOOST_TEST(learns->told["c"] == times);
  }
  BOOST_TEST(acts->seen.empty());
}

BOOST_AUTO_TEST_CASE(a_learner_that_begins_anew_meanwhile_is_told_of_all_profiles_first) {
  const auto too_early = with_learned(young);
  bool begun = false;
  learns->publishes = [&] {
    if (std::exchange(begun, true))
      return learned;
    caf::anon_send(poller, relearn_atom_v);
    return too_early;
  };
  use(young);
  BOOST_TEST(learns->told["a"] == 2);
  BOOST_TEST(learns->told["b"] == 2);
  use(too_early);
  BOOST_TEST(acts->seen.empty());
  use(learned);
  BOOST_TEST(computed() == (strings{"a", "b"}), each);
}

BOOST_AUTO_TEST_CASE(a_start_with_other_models_waits_too) {
  start(young);
  BOOST_TEST(acts->seen.empty());
  use(learned);
  BOOST_TEST(computed() == (strings{"a", "b"}), each);
}

BOOST_AUTO_TEST_CASE(what_changes_meanwhile_or_has_no_list_is_computed_at_once) {
  learns->publishes = nullptr;
  use(young);
  write("b", R"(["1","2"])");
  announce("b");
  BOOST_TEST(computed() == strings{"b"}, each);
  write("c", items);
  announce("c");
  BOOST_TEST(computed() == (strings{"b", "c"}), each);
}

BOOST_AUTO_TEST_CASE(nothing_waits_if_nothing_is_learned) {
  learns->publishes = [] { return model_set_ptr(); };
  use(young);
  BOOST_TEST(computed() == (strings{"a", "b"}), each);
}

BOOST_AUTO_TEST_CASE(lists_wait_half_a_minute_for_a_learner_that_does_not_answer) {
  learns->publishes = nullptr;
  use(young);
  world.advance(29s);
  BOOST_TEST(acts->seen.empty());
  world.advance(2s);
  BOOST_TEST(computed() == (strings{"a", "b"}), each);
}

BOOST_AUTO_TEST_CASE(lists_do_not_wait_for_a_dead_learner) {
  world.kill(learner);
  use(young);
  BOOST_TEST(computed() == (strings{"a", "b"}), each);
}

BOOST_AUTO_TEST_SUITE_END()
