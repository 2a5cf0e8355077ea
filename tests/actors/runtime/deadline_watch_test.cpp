#include "actors/runtime/deadline_watch.hpp"

#include "tests/actors/actor_world.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <string>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

using watcher_actor = caf::typed_actor<caf::reacts_to<tick_atom>>;
using watch_type = deadline_watch<watcher_actor>;

/// An actor with only a watch, and the time-outs that expired.
struct watching {
  watching() {
    world.spawn(
        [](watcher_actor::pointer self, watching* it) -> watcher_actor::behavior_type {
          it->watch = std::make_shared<watch_type>(self, 10ms);
          return {[it](tick_atom) {
            ++it->ticks;
            it->watch->tick();
          }};
        },
        this);
    world.run();
  }
  ~watching() { watch->abandon(); }
  watching(const watching&) = delete;
  watching& operator=(const watching&) = delete;

  watch_type::ticket expect(std::chrono::milliseconds limit, const std::string& what) {
    return watch->expect(limit, [this, what] { expired += what; });
  }

  actor_world world;
  std::shared_ptr<watch_type> watch;
  std::string expired;
  int ticks = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(deadline_watches)

BOOST_AUTO_TEST_CASE(time_outs_expire_in_order_of_their_deadlines) {
  watching it;
  it.expect(1000ms, "c");
  it.expect(100ms, "a");
  it.expect(500ms, "b");
  it.world.advance(99ms);
  BOOST_TEST(it.expired == "");
  it.world.advance(1ms);
  BOOST_TEST(it.expired == "a");
  it.world.advance(400ms);
  BOOST_TEST(it.expired == "ab");
  it.world.advance(500ms);
  BOOST_TEST(it.expired == "abc");
}

BOOST_AUTO_TEST_CASE(a_settled_ticket_does_not_expire) {
  watching it;
  const auto settled = it.expect(100ms, "settled");
  it.expect(200ms, "late");
  BOOST_TEST(it.watch->settle(settled));
  it.world.advance(100ms);
  it.world.advance(100ms);
  BOOST_TEST(it.expired == "late");
  BOOST_TEST(!it.watch->settle(settled));
}

BOOST_AUTO_TEST_CASE(requests_answered_in_time_cause_no_ticks) {
  watching it;
  for (int i = 0; i < 900; ++i) {
    BOOST_TEST_REQUIRE(it.watch->settle(it.expect(1000ms, "never")));
    it.world.advance(1ms);
  }
  BOOST_TEST(it.ticks == 0);
  it.world.advance(1000ms);
  BOOST_TEST(it.expired == "");
  BOOST_TEST(it.ticks == 1);
}

BOOST_AUTO_TEST_CASE(time_outs_that_expire_in_quick_succession_share_ticks) {
  watching it;
  for (int i = 0; i < 100; ++i)
    it.expect(100ms + i * 1ms, "x");
  for (int i = 0; i < 250; ++i)
    it.world.advance(1ms);
  BOOST_TEST(it.expired == std::string(100, 'x'));
  BOOST_TEST(it.ticks <= 12);
}

BOOST_AUTO_TEST_CASE(a_limit_in_the_past_expires_soon) {
  watching it;
  it.expect(1000ms, "later");
  it.expect(-5ms, "past");
  it.world.advance(10ms);
  BOOST_TEST(it.expired == "past");
}

BOOST_AUTO_TEST_CASE(what_is_dropped_may_settle_others) {
  struct settles_another {
    watching& of;
    watch_type::ticket other;
    ~settles_another() { of.expired += of.watch->settle(other) ? "settled" : "gone"; }
  };
  watching it;
  const auto other = it.expect(1000ms, "x");
  for (int i = 0; i < 3; ++i)
    it.watch->expect(500ms, [kept = std::make_shared<settles_another>(settles_another{it, other})] {});
  it.expired.clear();
  it.watch->abandon();
  BOOST_TEST(it.expired == "gonegonegone");
}

BOOST_AUTO_TEST_SUITE_END()
