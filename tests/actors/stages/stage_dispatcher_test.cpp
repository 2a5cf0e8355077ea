#include "actors/stages/stage_dispatcher.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/doubles.hpp"

#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <future>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

using manner = worker_script::manner;
using answer_ptr = asked_ptr<stage_reply>;

struct dispatcher_fixture {
  /// Starts the stage. If the script says hold, the worker keeps its first task and later tasks wait.
  void start(std::size_t workers = 1) {
    how.name = "din_ranker";
    how.workers = workers;
    const stage_parts parts{how, meters, record, tree, health, [this] { return idle_processors; }};
    stage =
        world.spawn(stage_dispatcher, parts, [this](caf::scheduled_actor* parent, const actor_record_ptr&) {
          auto worker = parent->spawn(scripted_worker, acts);
          hired.push_back(worker);
          return worker;
        });
    world.run();
  }

  answer_ptr ask(std::size_t number, urgency priority = urgency::interactive,
                 std::chrono::milliseconds left = 1h, std::optional<std::uint32_t> similar_to = {}) {
    stage_task task;
    task.keep = number;
    task.priority = priority;
    task.deadline = steady_clock::now() + left;
    task.similar_to = similar_to;
    return world.ask<stage_reply>(stage, caf::infinite, rank_atom_v,
                                  std::make_shared<const stage_task>(task));
  }

  answer_ptr search(std::size_t number) { return ask(number, urgency::interactive, 1h, 3); }

  void release() {
    acts->release();
    world.run();
  }

  /// Returns the numbers of the tasks that reached a worker, batch by batch.
  std::vector<std::vector<std::size_t>> batches() const {
    std::vector<std::vector<std::size_t>> numbers;
    for (const auto& batch : acts->seen) {
      numbers.emplace_back();
      for (const auto& task : batch->tasks)
        numbers.back().push_back(task->keep);
    }
    return numbers;
  }

  std::uint64_t scale(std::uint64_t workers) {
    return **world.ask<count_reply>(stage, caf::infinite, scale_atom_v, workers)->reply->get();
  }

  /// Returns the names of the workers in the tree, which are children of the dispatcher.
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& place : tree->places())
      if (place.record->parent() == record->id())
        found.push_back(place.record->name());
    return found;
  }

  actor_status status_of_worker(const std::string& name) const {
    for (const auto& place : tree->places())
      if (place.record->name() == name)
        return place.record->status();
    BOOST_FAIL("no worker " << name);
    return {};
  }

  double metric(std::string_view name) const { return metrics::total(meters->collect(), name); }

  stage_settings how;
  std::size_t idle_processors = 0;
  std::shared_ptr<metrics> meters = std::make_shared<metrics>();
  std::shared_ptr<health_board> health = std::make_shared<health_board>();
  std::shared_ptr<actor_tree> tree = std::make_shared<actor_tree>();
  actor_record_ptr record = tree->add("din_ranker", 0);
  std::shared_ptr<worker_script> acts = make_worker_script();
  std::vector<stage_worker_actor> hired;
  actor_world world;
  stage_actor stage;
};

void check_answered(const answer_ptr& answer, std::size_t number) {
  BOOST_REQUIRE(answer->reply);
  BOOST_REQUIRE(**answer->reply);
  BOOST_REQUIRE_EQUAL((**answer->reply)->items.size(), 1u);
  BOOST_CHECK_EQUAL((**answer->reply)->items[0].item, number);
}

void check_refused(const answer_ptr& answer, fault cause) {
  BOOST_REQUIRE(answer->reply);
  BOOST_REQUIRE(!**answer->reply);
  BOOST_CHECK_EQUAL(to_string((*answer->reply)->error().cause), to_string(cause));
  BOOST_CHECK_EQUAL((*answer->reply)->error().message.rfind("din_ranker: ", 0), 0u);
}

/// Does not even end while it hangs in its first task.
stage_worker_actor::behavior_type hung_worker(stage_worker_actor::pointer,
                                              const std::shared_future<void>& ended) {
  return {[ended](rank_atom, const stage_batch&) {
            ended.wait();
            return stage_replies();
          },
          [](status_atom) { return actor_status_ptr(); }};
}

constexpr auto first_pause = 150ms; // the maximum of the first pause

using numbers = std::vector<std::vector<std::size_t>>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(stage_dispatcher_suite, dispatcher_fixture)

BOOST_AUTO_TEST_CASE(answers_each_task_with_its_own_list) {
  start();
  for (std::size_t number = 1; number <= 5; ++number)
    check_answered(ask(number), number);
}

BOOST_AUTO_TEST_CASE(hands_over_waiting_tasks_up_to_the_maximum_batch_size) {
  how.max_batch = 4;
  acts->how = manner::hold;
  start();
  std::vector<answer_ptr> answers;
  for (std::size_t number = 1; number <= 7; ++number)
    answers.push_back(ask(number));
  release();
  for (std::size_t i = 0; i < answers.size(); ++i)
    check_answered(answers[i], i + 1);
  BOOST_CHECK(batches() == (numbers{{1}, {2, 3, 4}, {5, 6, 7}}));
}

BOOST_AUTO_TEST_CASE(keeps_all_workers_busy) {
  acts->how = manner::hold;
  start(3);
  const auto first = ask(1), second = ask(2), third = ask(3), fourth = ask(4);
  BOOST_CHECK(batches() == (numbers{{1}, {2}, {3}}));
  release();
  check_answered(fourth, 4);
}

BOOST_AUTO_TEST_CASE(runs_interactive_before_background_tasks) {
  how.max_batch = 2;
  acts->how = manner::hold;
  start();
  ask(1);
  ask(2, urgency::background);
  ask(3, urgency::background);
  ask(4, urgency::interactive);
  ask(5, urgency::interactive);
  ask(6, urgency::interactive);
  release();
  BOOST_CHECK(batches() == (numbers{{1}, {4, 5}, {6, 2}, {3}}));
}

BOOST_AUTO_TEST_CASE(drops_a_task_past_its_deadline_before_it_reaches_a_worker) {
  acts->how = manner::hold;
  start();
  const auto in_hand = ask(1);
  const auto late = ask(2, urgency::interactive, -1ms);
  const auto in_time = ask(3);
  release();
  check_refused(late, fault::timeout);
  check_answered(in_time, 3);
  BOOST_CHECK(batches() == (numbers{{1}, {3}}));
  check_refused(ask(4, urgency::background, -1ms), fault::timeout); // even if a worker is idle
}

BOOST_AUTO_TEST_CASE(refuses_tasks_beyond_its_capacity_at_once) {
  how.capacity = 2;
  acts->how = manner::hold;
  start();
  const auto in_hand = ask(1), second = ask(2), third = ask(3, urgency::background);
  check_refused(ask(4), fault::overloaded);
  check_refused(ask(5, urgency::background), fault::overloaded);
  BOOST_CHECK_EQUAL(metric("winnow_stage_queue_tasks"), 2);
  release();
  check_answered(third, 3);
  check_answered(ask(6), 6);
  BOOST_CHECK_EQUAL(metric("winnow_stage_queue_tasks"), 0);
  BOOST_CHECK_EQUAL(metric("winnow_stage_failures_total"), 2);
}

BOOST_AUTO_TEST_CASE(answers_the_tasks_of_a_crashed_worker_and_replaces_it) {
  acts->how = manner::hold;
  start();
  const auto first = ask(1), second = ask(2), third = ask(3);
  acts->how = manner::crash; // once the first task is answered, the worker takes the other two
  acts->release_first();
  world.run();
  check_answered(first, 1);
  check_refused(second, fault::internal);
  check_refused(third, fault::internal);

  acts->how = manner::answer;
  const auto next = ask(4);
  BOOST_CHECK(next->pending()); // there is no worker until the pause is over
  world.advance(first_pause);
  check_answered(next, 4);
  BOOST_CHECK_EQUAL(hired.size(), 2u);
  BOOST_CHECK_EQUAL(metric("winnow_supervisor_restarts_total"), 1);
}

BOOST_AUTO_TEST_CASE(replaces_a_worker_that_dies_while_idle) {
  start();
  check_answered(ask(1), 1);
  world.kill(hired[0]);
  const auto next = ask(2);
  world.advance(first_pause);
  check_answered(next, 2);
  BOOST_CHECK_EQUAL(hired.size(), 2u);
}

BOOST_AUTO_TEST_CASE(abandons_a_stuck_worker_and_replaces_it) {
  how.stuck_after = 50ms;
  acts->how = manner::hold;
  start();
  const auto stuck = ask(1);
  const auto waiting = ask(2);
  BOOST_CHECK(stuck->pending());
  acts->how = manner::answer;
  world.advance(50ms);
  check_refused(stuck, fault::timeout);
  BOOST_CHECK(waiting->pending());
  world.advance(first_pause);
  check_answered(waiting, 2);
  BOOST_CHECK_EQUAL(hired.size(), 2u);
  BOOST_CHECK_EQUAL(metric("winnow_supervisor_restarts_total"), 1);

  world.advance(first_pause); // the end of the abandoned worker does not cause another replacement
  BOOST_CHECK_EQUAL(hired.size(), 2u);
  check_answered(ask(3), 3);
}

BOOST_AUTO_TEST_CASE(changes_the_number_of_its_workers) {
  acts->how = manner::hold;
  start(1);
  const auto first = ask(1), second = ask(2), third = ask(3);
  BOOST_CHECK(batches() == (numbers{{1}}));
  BOOST_CHECK_EQUAL(scale(3), 3u);
  BOOST_CHECK(batches() == (numbers{{1}, {2, 3}})); // the first new worker took the waiting tasks
  BOOST_CHECK_EQUAL(hired.size(), 3u);

  BOOST_CHECK_EQUAL(scale(1), 1u); // the idle worker retires now, busy ones after their batch
  BOOST_CHECK_EQUAL(names().size(), 2u);
  release();
  check_answered(first, 1);
  check_answered(third, 3);
  BOOST_CHECK_EQUAL(names().size(), 1u);
  check_answered(ask(4), 4);
  world.advance(first_pause); // retired workers are not replaced
  BOOST_CHECK_EQUAL(hired.size(), 3u);
}

BOOST_AUTO_TEST_CASE(keeps_the_record_of_a_replaced_worker) {
  start(2);
  BOOST_TEST(names() == (std::vector<std::string>{"din_ranker.1", "din_ranker.2"}),
             boost::test_tools::per_element());
  world.kill(hired[0]);
  BOOST_CHECK(status_of_worker("din_ranker.1").state == actor_state::restarting);
  world.advance(first_pause);
  const auto status = status_of_worker("din_ranker.1");
  BOOST_CHECK(status.state == actor_state::running);
  BOOST_CHECK_EQUAL(status.restarts, 1u);
  BOOST_CHECK_EQUAL(status.restarts_in_window, 1u);
  BOOST_CHECK(!status.last_error.empty());
  BOOST_CHECK_EQUAL(names().size(), 2u);
}

BOOST_AUTO_TEST_CASE(shows_an_abandoned_worker_until_it_ends) {
  how.stuck_after = 50ms;
  acts->how = manner::hold;
  start();
  ask(1);
  hired.clear(); // drop the test's handle
  world.advance(50ms);
  world.advance(first_pause);
  BOOST_CHECK(names() == std::vector<std::string>{"din_ranker.2"}); // the first one has ended meanwhile
}

BOOST_AUTO_TEST_CASE(refuses_interactive_tasks_while_another_waits_too_long) {
  how.max_task_wait = 0ms;
  acts->how = manner::hold;
  start();
  const auto in_hand = ask(1), waiting = ask(2);
  check_refused(ask(3), fault::overloaded);
  const auto background = ask(4, urgency::background); // may wait for any time
  release();
  check_answered(waiting, 2);
  check_answered(background, 4);
  check_answered(ask(5), 5);
}

BOOST_AUTO_TEST_CASE(is_down_for_a_pause_if_its_workers_keep_dying) {
  const auto is_down = [this] { return health->stage("din_ranker").down.load(); };
  start();
  for (std::size_t death = 0; death < how.worker_restarts.intensity; ++death) {
    world.kill(hired.back());
    BOOST_CHECK(!is_down());
    world.advance(how.worker_restarts.longest_pause);
  }
  check_answered(ask(1), 1);
  world.kill(hired.back());
  BOOST_CHECK(is_down());
  BOOST_CHECK(record->state() == actor_state::down);
  check_refused(ask(2), fault::unavailable);

  world.advance(how.worker_restarts.longest_pause);
  BOOST_CHECK(!is_down());
  BOOST_CHECK(record->state() == actor_state::running);
  check_answered(ask(3), 3);
  world.kill(hired.back()); // on trial, a single death is too many
  BOOST_CHECK(is_down());
}

BOOST_AUTO_TEST_CASE(is_down_while_too_many_hung_workers_do_not_end) {
  how.stuck_after = 50ms;
  how.worker_restarts.intensity = 1000; // it is not how often they hang
  how.name = "din_ranker";
  std::promise<void> end;
  const auto ended = end.get_future().share();
  const stage_parts parts{how, meters, record, tree, health, [this] { return idle_processors; }};
  stage =
      world.spawn(stage_dispatcher, parts, [ended](caf::scheduled_actor* parent, const actor_record_ptr&) {
        return stage_worker_actor(parent->spawn<caf::detached>(hung_worker, ended)); // on a thread of its own
      });
  const auto is_down = [this] { return health->stage("din_ranker").down.load(); };
  constexpr std::size_t too_many = 6;
  for (std::size_t hung = 1; hung <= too_many; ++hung) {
    BOOST_CHECK(!is_down());
    const auto answer = ask(hung);
    world.advance(how.stuck_after);
    check_refused(answer, fault::timeout);
    world.advance(how.worker_restarts.longest_pause);
  }
  BOOST_CHECK(is_down()); // also after the pause
  check_refused(ask(7), fault::unavailable);
  end.set_value();
  BOOST_CHECK(wait_until([&] {
    world.advance(how.worker_restarts.longest_pause);
    return !is_down();
  }));
}

BOOST_AUTO_TEST_CASE(hires_nobody_while_it_is_down) {
  how.worker_restarts.intensity = 0;
  start();
  world.kill(hired.back());
  BOOST_REQUIRE(health->stage("din_ranker").down.load());
  BOOST_CHECK_EQUAL(scale(3), 3u);
  BOOST_CHECK_EQUAL(hired.size(), 1u);
  world.advance(how.worker_restarts.longest_pause);
  BOOST_CHECK_EQUAL(hired.size(), 4u); // the three that were asked for
}

BOOST_AUTO_TEST_CASE(answers_waiting_tasks_when_it_goes_down) {
  how.worker_restarts.intensity = 0;
  how.max_batch = 1;
  acts->how = manner::hold;
  start();
  const auto first = ask(1), in_hand = ask(2), waiting = ask(3), background = ask(4, urgency::background);
  acts->how = manner::crash;
  acts->release_first();
  world.run();
  check_answered(first, 1);
  check_refused(in_hand, fault::internal);
  check_refused(waiting, fault::unavailable);
  check_refused(background, fault::unavailable);
}

BOOST_AUTO_TEST_CASE(reports_its_status) {
  acts->how = manner::hold;
  start();
  ask(1), ask(2), ask(3);
  auto status = *world.ask<actor_status_ptr>(stage, caf::infinite, status_atom_v)->reply;
  BOOST_CHECK_EQUAL(status->name, "din_ranker");
  BOOST_CHECK_EQUAL(status->in_flight, 1u);
  BOOST_CHECK_EQUAL(status->queue_depth, 2u);
  BOOST_CHECK_EQUAL(status->queue_capacity, how.capacity);
  BOOST_CHECK_EQUAL(status->handled, 0u);
  release();
  status = *world.ask<actor_status_ptr>(stage, caf::infinite, status_atom_v)->reply;
  BOOST_CHECK_EQUAL(status->in_flight + status->queue_depth, 0u);
  BOOST_CHECK_EQUAL(status->handled, 3u);
  BOOST_CHECK(status->busy.count() > 0);
}

BOOST_AUTO_TEST_CASE(searches_for_similar_items_occupy_one_worker) {
  start(3);
  acts->how = manner::hold;
  const auto one = search(1);
  world.run();
  const auto two = search(2);
  world.run();
  const auto three = ask(3);
  world.run();
  BOOST_CHECK((batches() == std::vector<std::vector<std::size_t>>{{1}, {3}}));
  release();
  BOOST_CHECK((batches() == std::vector<std::vector<std::size_t>>{{1}, {3}, {2}}));
  check_answered(one, 1);
  check_answered(two, 2);
  check_answered(three, 3);
}

BOOST_AUTO_TEST_CASE(searches_go_on_after_a_worker_dies_with_one) {
  start(2);
  acts->how = manner::crash;
  search(1);
  world.run();
  acts->how = manner::answer;
  const auto two = search(2);
  world.run();
  check_answered(two, 2);
}

BOOST_AUTO_TEST_CASE(idle_workers_help_with_a_task_that_arrives_alone) {
  how.can_be_shared = [](const stage_task&) { return true; };
  idle_processors = 2;
  start(4);
  const auto one = ask(7);
  world.run();
  BOOST_REQUIRE_EQUAL(acts->seen.size(), 3u);
  BOOST_CHECK_EQUAL(acts->seen[0]->tasks.size(), 1u);
  for (std::size_t helper : {1, 2}) {
    BOOST_CHECK(acts->seen[helper]->tasks.empty());
    BOOST_CHECK(acts->seen[helper]->shared);
    BOOST_CHECK(acts->seen[helper]->shared == acts->seen[0]->shared);
  }
  check_answered(one, 7);
  acts->seen.clear(); // all three workers are idle again
  const auto two = ask(8);
  world.run();
  BOOST_CHECK((batches() == std::vector<std::vector<std::size_t>>{{8}, {}, {}}));
  check_answered(two, 8);
}

BOOST_AUTO_TEST_CASE(no_worker_helps_if_no_processor_is_idle) {
  how.can_be_shared = [](const stage_task&) { return true; };
  start(2);
  ask(7);
  world.run();
  BOOST_CHECK((batches() == std::vector<std::vector<std::size_t>>{{7}}));
  BOOST_CHECK(!acts->seen[0]->shared);
}

BOOST_AUTO_TEST_CASE(no_worker_helps_with_a_task_that_cannot_be_shared) {
  how.can_be_shared = [](const stage_task& task) { return task.keep == 8; };
  idle_processors = 1;
  start(2);
  ask(7);
  world.run();
  BOOST_CHECK((batches() == std::vector<std::vector<std::size_t>>{{7}}));
  ask(8);
  world.run();
  BOOST_CHECK((batches() == std::vector<std::vector<std::size_t>>{{7}, {8}, {}}));
}

BOOST_AUTO_TEST_CASE(a_task_is_answered_even_if_a_helper_dies) {
  how.can_be_shared = [](const stage_task&) { return true; };
  idle_processors = 1;
  start(2);
  acts->how = manner::hold;
  const auto one = ask(7);
  world.run();
  BOOST_REQUIRE_EQUAL(hired.size(), 2u);
  BOOST_REQUIRE_EQUAL(acts->seen.size(), 2u);
  // The newest worker takes the task, because it became idle last.
  world.kill(hired.front(), caf::exit_reason::kill);
  acts->how = manner::answer;
  release();
  check_answered(one, 7);
}

BOOST_AUTO_TEST_CASE(answers_all_tasks_when_it_stops) {
  acts->how = manner::hold;
  start();
  const auto in_hand = ask(1), waiting = ask(2), background = ask(3, urgency::background);
  world.kill(stage, caf::exit_reason::user_shutdown);
  check_refused(in_hand, fault::unavailable);
  check_refused(waiting, fault::unavailable);
  check_refused(background, fault::unavailable);
  const auto after = ask(4);
  BOOST_CHECK(after->failure);
}

BOOST_AUTO_TEST_CASE(ends_its_workers_when_it_stops) {
  start(2);
  world.kill(stage, caf::exit_reason::user_shutdown);
  for (const auto& worker : hired)
    BOOST_CHECK(
        world.ask<stage_replies>(worker, caf::infinite, rank_atom_v, std::make_shared<const stage_work>())
            ->failure);
}

BOOST_AUTO_TEST_SUITE_END()
