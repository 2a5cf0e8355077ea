#include "actors/items/item_keeper.hpp"

#include "support/temp_dir.hpp"
#include "tests/actors/actor_world.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/send.hpp>
#include <chrono>
#include <fstream>

using namespace winnow;
using namespace winnow::test;

namespace {

supervisor_actor::behavior_type dressing_supervisor(supervisor_actor::pointer) {
  return {[](listen_atom) { return listen_reply(); },
          [](admin_atom) { return listen_reply(); },
          [](drain_atom) { return std::uint64_t{0}; },
          [](reload_atom, const model_set_ptr&) {},
          [](reload_atom, const model_set_ptr&, const shop_rules_ptr&) {},
          [](reload_atom, const model_set_ptr&, const shop_rules_ptr&, const model_trials_ptr&) {},
          [](learned_atom, const model_set_ptr&) {},
          [](dress_atom) { return true; },
          [](scale_atom, const std::string&, std::uint64_t) { return count_reply(); },
          [](status_atom) { return status_of(actor_record()); }};
}

struct keeper_fixture {
  keeper_fixture() {
    model_settings settings;
    settings.deny_items = dir.path() + "/deny";
    std::ofstream(settings.deny_items) << "an item\n";
    parts.desk = item_desk::open(settings).value();
    parts.supervisor = world.spawn(dressing_supervisor);
    parts.health = std::make_shared<health_board>();
    parts.meters = std::make_shared<metrics>();
  }

  void look_after() { world.advance(std::chrono::seconds(1)); }

  double reads() const { return metrics::total(parts.meters->collect(), "winnow_items_file_reads_total"); }

  temp_dir dir;
  actor_world world;
  item_keeper_parts parts;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(item_keeper_suite, keeper_fixture)

BOOST_AUTO_TEST_CASE(a_keeper_that_is_restarted_counts_no_reading_twice) {
  const auto first = world.spawn(item_keeper, parts);
  world.run();
  parts.desk->read_deny_list_again();
  look_after();
  BOOST_TEST(reads() == 1);
  world.kill(first);
  world.spawn(item_keeper, parts);
  look_after();
  BOOST_TEST(reads() == 1);
  parts.desk->read_deny_list_again();
  look_after();
  BOOST_TEST(reads() == 2);
}

BOOST_AUTO_TEST_SUITE_END()
