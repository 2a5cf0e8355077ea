#include "actors/pipeline/omission_log.hpp"

#include "config/log/event_ring.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

struct omission_fixture {
  /// Notes an omission `later` than the previous one. @return `stage:lists ` if it was logged, else empty.
  std::string note_after(std::chrono::milliseconds later, const char* stage, const std::string& reason) {
    const auto before = kept_events().last_id();
    log.note(stage, reason, now += later);
    std::string logged;
    for (const auto& event : kept_events().since(before))
      logged += std::get<std::string>(event.fields.at(0).second) + ":" +
                std::to_string(std::get<std::uint64_t>(event.fields.at(1).second)) + " ";
    return logged;
  }

  omission_log log;
  omission_log::clock::time_point now{};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(omission_log_suite, omission_fixture)

BOOST_AUTO_TEST_CASE(logs_the_first_omission_immediately) {
  BOOST_TEST(note_after(0ms, "din", "no answer in time") == "din:1 ");
}

BOOST_AUTO_TEST_CASE(counts_further_omissions_until_the_interval_is_over) {
  note_after(0ms, "din", "no answer in time");
  BOOST_TEST(note_after(1ms, "din", "no answer in time") == "");
  BOOST_TEST(note_after(4998ms, "din", "no answer in time") == "");
  BOOST_TEST(note_after(1ms, "din", "no answer in time") == "din:3 ");
  BOOST_TEST(note_after(4999ms, "din", "no answer in time") == "");
}

BOOST_AUTO_TEST_CASE(counts_each_stage_separately) {
  BOOST_TEST(note_after(0ms, "din", "the stage is down") == "din:1 ");
  BOOST_TEST(note_after(1ms, "ranknet", "the stage is down") == "ranknet:1 ");
  BOOST_TEST(note_after(5s, "din", "the stage is down") == "din:1 ");
}

BOOST_AUTO_TEST_SUITE_END()
