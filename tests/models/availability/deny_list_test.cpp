#include "models/availability/deny_list.hpp"

#include "config/log/event_ring.hpp"
#include "models/availability/item_desk.hpp"
#include "tests/models/stage_directory.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

using namespace winnow;
using namespace winnow::test;

namespace {

id_table table_of(std::initializer_list<std::string_view> ids) {
  id_table made;
  for (const auto id : ids)
    made.insert(id);
  return made;
}

/// Opens a desk with a deny list of these items and, perhaps, one that the models know. Returns what the log
/// says of items that they do not know, or of something else.
std::vector<kept_event> said_of(const std::vector<std::string>& denied, bool with_known = true,
                                const char* about = "that the models do not know") {
  const temporary_directory dir;
  std::filesystem::copy(fixture("bookshop"), dir.path(), std::filesystem::copy_options::recursive);
  auto settings = stage_directory::settings_of(dir.path());
  settings.deny_items = (dir.path() / "deny.txt").string();
  const auto models = need(load_model_set(settings));
  std::ofstream file(settings.deny_items);
  if (with_known)
    file << models->items[0] << '\n';
  for (const auto& id : denied)
    file << id << '\n';
  file.close();
  const auto before = kept_events().last_id();
  static_cast<void>(need(item_desk::open(settings))->adopt(models));
  std::vector<kept_event> said;
  for (const auto& event : kept_events().since(before))
    if (event.event.find(about) != std::string::npos)
      said.push_back(event);
  return said;
}

} // namespace

BOOST_AUTO_TEST_SUITE(deny_lists)

BOOST_AUTO_TEST_CASE(knows_what_a_catalogue_lacks) {
  const auto adopted = std::make_shared<const id_table>(table_of({"c"}));
  const auto items = catalogue(table_of({"a", "b"})).with(adopted);
  const auto some = unknown_among(table_of({"a", "x", "c", "y"}), items);
  BOOST_CHECK_EQUAL(some.count, 2u);
  BOOST_CHECK_EQUAL(some.example, "x");
  BOOST_CHECK_EQUAL(unknown_among(table_of({"a", "b"}), items).count, 0u);
  BOOST_CHECK_EQUAL(unknown_among(table_of({}), items).count, 0u);
}

BOOST_AUTO_TEST_CASE(items_that_the_models_do_not_know_are_logged_once) {
  BOOST_CHECK(said_of({}).empty());
  const auto said = said_of({"unknown", "strange"});
  BOOST_REQUIRE_EQUAL(said.size(), 1u);
  BOOST_CHECK(said[0].level == log_level::info);
  const auto all = said_of({"unknown", "strange"}, false);
  BOOST_REQUIRE_EQUAL(all.size(), 1u);
  BOOST_CHECK(all[0].level == log_level::warning);
}

BOOST_AUTO_TEST_CASE(ids_with_control_characters_are_logged) {
  const auto* const about = "ids have control characters";
  BOOST_CHECK(said_of({"plain"}, true, about).empty());
  const auto said = said_of({"a\x1B", "b\x01", "b\x01"}, true, about);
  BOOST_REQUIRE_EQUAL(said.size(), 1u);
  BOOST_CHECK(said[0].level == log_level::warning);
  const auto& ids = said[0].fields.at(1);
  BOOST_TEST(ids.first == "ids");
  BOOST_TEST(std::get<std::uint64_t>(ids.second) == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
