#include "actors/registry/model_registry.hpp"

#include "models/manifest.hpp"
#include "models/registry/version_directory.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "tests/actors/bookshop.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <deque>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace winnow;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// A registry over copies of the bookshop, whose slow work runs when a test says so.
struct registry_fixture {
  test::temp_dir made;
  fs::path home = fs::path(made.path()) / "models";
  std::deque<std::function<void()>> waiting;
  std::vector<std::string> loaded, served, refused;
  std::string digest;                                        ///< Of the models that are served.
  result<version_comparison> outcome = version_comparison{}; ///< Of the gate's comparisons.
  int comparisons = 0;
  std::weak_ptr<const model_set> latest; ///< Of those that were loaded.
  std::string unfit;                     ///< The version that the shop's rules do not fit.
  std::function<void()> meanwhile;       ///< Happens once, while models are loaded.
  std::function<void()> while_judged;    ///< The same, while models are compared.
  std::shared_ptr<model_registry> registry;
  model_trials_ptr beside; ///< Served.
  bool is_slow = false;    ///< Whether what is served comes into force only when a test says so.
  std::vector<std::function<void(const result<void>&)>> asked; ///< Of those who wait for that.

  registry_fixture() {
    for (const char* name : {"one", "two", "three", "four"})
      add(name);
    open(2, "one");
  }

  void add(const std::string& name) const {
    const auto directory = home / versions_directory / name;
    fs::create_directories(directory);
    fs::copy(test::bookshop_dir(), directory, fs::copy_options::recursive);
    std::ofstream(directory / manifest_file) << R"({"files": {}})";
  }

  /// Makes other models of those in a directory.
  static void add_reader(const fs::path& directory) {
    const auto file = directory / "lightgcn" / "user_embeddings.csv";
    std::ifstream in(file);
    std::string header, row;
    std::getline(in, header);
    std::getline(in, row);
    std::ofstream(file, std::ios::app) << "a new reader" << row.substr(row.find(',')) << "\n";
  }

  /// Replaces the files of a version by others under its name.
  void replace(const std::string& name) const {
    const auto directory = home / versions_directory / name;
    add_reader(directory);
    std::ofstream(directory / manifest_file)
        << test::need(make_manifest(directory, {"lightgcn/user_embeddings.csv"}));
  }

  void open(std::size_t in_memory, const std::string& first) {
    model_settings settings;
    settings.dir = home.string();
    settings.in_memory = in_memory;
    const auto load = [this, settings](const std::string& version) {
      loaded.push_back(version);
      if (const auto happens = std::exchange(meanwhile, {}))
        happens();
      auto chosen = settings;
      chosen.version = version;
      auto models = load_model_set(chosen);
      if (models)
        latest = *models;
      return models;
    };
    registry_parts parts;
    parts.settings = settings;
    parts.load = load;
    parts.later = [this](std::function<void()> work) { waiting.push_back(std::move(work)); };
    parts.compare = [this](const model_set&, const model_set&) {
      ++comparisons;
      if (const auto happens = std::exchange(while_judged, {}))
        happens();
      return outcome;
    };
    parts.fit_rules = [this](const model_set_ptr& models) -> result<void> {
      if (version_name_of(models->home, models->directory) == unfit)
        return fail(fault::malformed, "filter: the items have no attribute \"age\"");
      return {};
    };
    registry = std::make_shared<model_registry>(std::move(parts), test::need(load(first)));
    loaded.clear();
    registry->serve_with({[this](const model_set_ptr& models, const model_trials_ptr& trials) {
                            if (models) {
                              served.push_back(version_name_of(models->home, models->directory));
                              digest = models->version;
                            }
                            beside = trials;
                          },
                          [this](const error& why, const std::string&) { refused.push_back(why.message); },
                          [this](std::function<void(const result<void>&)> known) {
                            if (is_slow)
                              asked.push_back(std::move(known));
                            else
                              known({});
                          }});
  }

  void work() {
    while (!waiting.empty()) {
      const auto next = std::move(waiting.front());
      waiting.pop_front();
      next();
    }
  }

  /// Gives an order and returns the answer; null if there is none yet.
  template<class Order>
  std::shared_ptr<result<std::string>> order(Order give) {
    auto answer = std::make_shared<result<std::string>>(fail(fault::timeout, "no answer"));
    give([answer](result<std::string> reply) { *answer = std::move(reply); });
    return answer;
  }

  void promote(const std::string& name) {
    const auto answer = order([&](const auto& reply) { registry->promote(name, false, reply); });
    work();
    BOOST_REQUIRE_MESSAGE(answer->has_value(), (*answer ? std::string() : answer->error().message));
  }

  result<std::string> roll_back() {
    const auto answer = order([&](const auto& reply) { registry->roll_back(reply); });
    work();
    return *answer;
  }

  /// Makes the gate refuse every version.
  void refuse_all() {
    version_comparison bad;
    bad.profiles = 100;
    bad.overlap = 0;
    outcome = bad;
  }

  json entry(const std::string& name) const {
    const auto listed = json::parse(test::need(registry->list()));
    for (const auto& one : listed.at("versions"))
      if (one.at("name") == name)
        return one;
    return nullptr;
  }

  bool is_loaded(const std::string& name) const { return entry(name).at("loaded"); }
  std::string current() const { return test::written_so_far(home / "current"); }

  /// Why a version is not promoted; empty if it is.
  std::string refusal_of(const std::string& name, bool force) {
    const auto answer = order([&](const auto& reply) { registry->promote(name, force, reply); });
    work();
    return *answer ? std::string() : answer->error().message;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(model_registry_suite, registry_fixture)

BOOST_AUTO_TEST_CASE(a_version_is_promoted_for_this_run_and_the_next) {
  promote("two");
  BOOST_TEST(served == std::vector<std::string>{"two"}, boost::test_tools::per_element());
  BOOST_TEST(current() == "versions/two\n");
  BOOST_TEST(entry("two").at("in_force") == true);
  BOOST_TEST(entry("one").at("in_force") == false);
  BOOST_TEST(entry("one").at("digest").get<std::string>().size() == 16u);
  BOOST_TEST(entry("three").at("digest") == "");
}

BOOST_AUTO_TEST_CASE(orders_are_answered_once_they_are_in_force) {
  promote("two");
  is_slow = true;
  const std::vector<std::function<void(const model_registry::reply&)>> orders{
      [this](const auto& reply) { registry->promote("three", false, reply); },
      [this](const auto& reply) { registry->roll_back(reply); },
      [this](const auto& reply) { registry->promote("three", true, reply); }, // from memory
      [this](const auto& reply) {
        registry->start_experiment({"e", "", {{"three", "", 1}, {"two", "", 1}}}, true, reply);
      },
      [this](const auto& reply) {
        registry->start_shadow({"four", 0.5}, reply);
      }};
  for (const auto& give : orders) {
    const auto answer = order(give);
    work();
    BOOST_REQUIRE(asked.size() == 1u);
    BOOST_TEST(answer->error().message == "no answer");
    std::exchange(asked, {}).front()({});
    BOOST_TEST(answer->has_value());
  }
  const auto late = order([&](const auto& reply) { registry->promote("two", true, reply); });
  work();
  BOOST_REQUIRE(asked.size() == 1u);
  asked.front()(fail(fault::timeout, "too late"));
  BOOST_TEST(late->error().message == "too late");
}

BOOST_AUTO_TEST_CASE(an_order_that_is_refused_waits_for_nothing) {
  is_slow = true;
  unfit = "two";
  BOOST_TEST(!refusal_of("two", false).empty());
  BOOST_TEST(asked.empty());
}

BOOST_AUTO_TEST_CASE(rolling_back_reads_nothing_from_disk) {
  promote("two");
  loaded.clear();
  fs::remove_all(home / versions_directory / "one" / "lightgcn");
  const auto answer = order([&](const auto& reply) { registry->roll_back(reply); });
  BOOST_REQUIRE(answer->has_value()); // although no slow work was done
  BOOST_TEST(waiting.empty());
  BOOST_TEST(loaded.empty());
  BOOST_TEST(served.back() == "one");
  BOOST_TEST(current() == "versions/one\n");
  BOOST_CHECK(roll_back().error().cause == fault::conflict); // nothing was in force before
}

BOOST_AUTO_TEST_CASE(rolls_back_all_the_way_from_disk_if_need_be) {
  for (const char* name : {"two", "three"})
    promote(name);
  BOOST_TEST(!is_loaded("one"));
  BOOST_TEST(is_loaded("two"));
  BOOST_TEST(test::need(roll_back()).find(R"("in_force":"two")") != std::string::npos);
  loaded.clear();
  BOOST_TEST(test::need(roll_back()).find(R"("in_force":"one")") != std::string::npos);
  BOOST_TEST(loaded == std::vector<std::string>{"one"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_last_ones_stay_in_memory) {
  open(3, "one");
  for (const char* name : {"two", "three", "four"})
    promote(name);
  BOOST_TEST(!is_loaded("one"));
  for (const char* name : {"two", "three", "four"})
    BOOST_TEST(is_loaded(name), name);
  open(1, "one");
  promote("two");
  BOOST_TEST(!is_loaded("one"));
}

BOOST_AUTO_TEST_CASE(a_version_that_was_loaded_aside_is_not_served) {
  promote("two");
  const auto answer = order([&](const auto& reply) { registry->load("three", reply); });
  BOOST_TEST(!answer->has_value());
  work();
  BOOST_TEST(answer->has_value());
  BOOST_TEST(served.back() == "two");
  for (const char* name : {"one", "two", "three"}) // what one can go back to stays
    BOOST_TEST(is_loaded(name), name);
  order([&](const auto& reply) { registry->load("four", reply); });
  work();
  BOOST_TEST(!is_loaded("three"));
  promote("four");
  BOOST_TEST(!is_loaded("one"));
}

BOOST_AUTO_TEST_CASE(pinned_versions_stay) {
  promote("two");
  test::need(registry->pin("one", true));
  promote("three");
  BOOST_TEST(is_loaded("one"));
  BOOST_TEST(entry("one").at("pinned") == true);
  BOOST_CHECK(registry->remove("one").error().cause == fault::conflict);
  test::need(registry->pin("one", false));
  BOOST_TEST(!is_loaded("one"));
  test::need(registry->remove("one"));
  BOOST_TEST(entry("one").is_null());
}

BOOST_AUTO_TEST_CASE(what_is_in_force_is_not_deleted) {
  promote("two");
  BOOST_CHECK(registry->remove("two").error().cause == fault::conflict);
  test::need(registry->remove("one")); // which one could go back to
  BOOST_CHECK(roll_back().error().cause == fault::conflict);
}

BOOST_AUTO_TEST_CASE(what_the_next_start_needs_is_not_deleted) {
  promote("two");
  fs::remove_all(home / versions_directory / "one");
  BOOST_TEST(test::need(roll_back()).find("until the next start only") != std::string::npos);
  BOOST_TEST(current() == "versions/two\n");
  const auto refusal = registry->remove("two");
  BOOST_REQUIRE(!refusal);
  BOOST_CHECK(refusal.error().cause == fault::conflict);
  BOOST_TEST(refusal.error().message ==
             "version two is what current names, so the next start needs it: promote another one first");
  promote("three");
  test::need(registry->remove("two"));
}

BOOST_AUTO_TEST_CASE(a_link_stands_for_the_version_that_it_leads_to) {
  fs::create_directory_symlink("two", home / versions_directory / "latest");
  order([&](const auto& reply) { registry->load("latest", reply); });
  work();
  BOOST_TEST(is_loaded("two"));
  promote("latest");
  BOOST_TEST(entry("two").at("in_force") == true);
  BOOST_CHECK(registry->remove("two").error().cause == fault::conflict);
  const auto refusal = registry->remove("latest");
  BOOST_REQUIRE(!refusal);
  BOOST_TEST(refusal.error().message == "version latest is in force, under the name two");
}

BOOST_AUTO_TEST_CASE(after_a_deletion_going_back_leads_to_another_version_or_nowhere) {
  for (const char* name : {"two", "one"})
    promote(name);
  test::need(registry->remove("two"));
  BOOST_TEST(json::parse(test::need(registry->list())).at("rolls_back_to").is_null());
  BOOST_CHECK(roll_back().error().cause == fault::conflict);
  for (const char* name : {"three", "one", "four"})
    promote(name);
  test::need(registry->remove("three")); // between one and one
  BOOST_TEST(test::need(roll_back()).find(R"("in_force":"one")") != std::string::npos);
  BOOST_CHECK(roll_back().error().cause == fault::conflict);
}

BOOST_AUTO_TEST_CASE(files_that_were_replaced_under_their_name_are_loaded_and_judged) {
  promote("two");
  const auto before = digest;
  for (const char* name : {"two", "one"}) { // in force, and in memory only
    replace(name);
    refuse_all();
    BOOST_TEST(refusal_of(name, false).find("did not pass the gate") != std::string::npos, name);
    BOOST_TEST(digest == before, name);
    BOOST_TEST(entry(name).at("replaced") == true, name);
    outcome = version_comparison{};
  }
  comparisons = 0;
  order([&](const auto& reply) { registry->load("two", reply); });
  work();
  BOOST_TEST(comparisons == 1); // is judged beside what it replaced
  BOOST_TEST(digest == before);
  promote("two");
  BOOST_TEST(served.back() == "two");
  BOOST_TEST(digest != before);
  loaded.clear();
  promote("two"); // has these files already
  BOOST_TEST(loaded.empty());
}

BOOST_AUTO_TEST_CASE(the_list_tells_which_version_was_replaced_on_disk) {
  promote("two");
  BOOST_TEST(entry("two").at("replaced") == false);
  replace("two");
  BOOST_TEST(entry("two").at("replaced") == true);
  BOOST_TEST(entry("two").at("digest") == digest);
  BOOST_TEST(entry("two").at("published").is_null()); // that of other files
  promote("two");
  BOOST_TEST(entry("two").at("replaced") == false);
  BOOST_TEST(entry("two").at("digest") == digest);
}

BOOST_AUTO_TEST_CASE(going_back_to_what_was_replaced_on_disk_lasts_until_the_next_start) {
  const auto before = entry("one").at("digest");
  promote("two");
  replace("one");
  BOOST_TEST(test::need(roll_back()).find("until the next start only") != std::string::npos);
  BOOST_TEST(digest == before);
  BOOST_TEST(current() == "versions/two\n"); // the other files of one were never judged
}

BOOST_AUTO_TEST_CASE(going_back_judges_files_that_were_never_in_force) {
  const auto before = entry("one").at("digest");
  for (const char* name : {"two", "three"})
    promote(name);
  test::need(roll_back());
  BOOST_REQUIRE(!is_loaded("one"));
  replace("one");
  refuse_all();
  BOOST_TEST(roll_back().error().message.find("version one did not pass the gate") != std::string::npos);
  BOOST_TEST(roll_back().error().message.find("version one did not pass the gate") != std::string::npos,
             "now that they are in memory");
  BOOST_TEST(served.back() == "two");
  outcome = version_comparison{};
  test::need(roll_back());
  BOOST_TEST(served.back() == "one");
  BOOST_TEST(digest != before);
}

BOOST_AUTO_TEST_CASE(files_that_are_replaced_while_they_are_judged_are_not_promoted) {
  while_judged = [&] { replace("two"); };
  BOOST_TEST(refusal_of("two", false).find("its files were replaced after they were loaded") !=
             std::string::npos);
  BOOST_TEST(served.empty());
  BOOST_TEST(current() == "");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_loaded_changes_nothing) {
  fs::resize_file(home / versions_directory / "two" / "ranknet" / "best_model.pth", 1000);
  for (const char* name : {"two", "five", "../two"}) {
    const auto answer = order([&](const auto& reply) { registry->promote(name, false, reply); });
    work();
    BOOST_TEST(!answer->has_value(), name);
  }
  BOOST_TEST(served.empty());
  BOOST_TEST(current() == "");
}

BOOST_AUTO_TEST_CASE(the_last_order_counts) {
  const auto slow = order([&](const auto& reply) { registry->promote("two", false, reply); });
  std::ofstream(home / "current") << "versions/four\n";
  registry->reload();
  registry->reload();
  BOOST_TEST(waiting.size() == 2u); // the second one adds nothing
  order([&](const auto& reply) { registry->load("three", reply); });
  waiting.back()(); // "three" is loaded, and promoted, before "two" is loaded
  waiting.pop_back();
  order([&](const auto& reply) { registry->promote("three", false, reply); });
  work();
  BOOST_TEST(served == std::vector<std::string>{"three"}, boost::test_tools::per_element());
  BOOST_REQUIRE(!*slow);
  BOOST_CHECK(slow->error().cause == fault::conflict);
  BOOST_TEST(refused == std::vector<std::string>{"another version came into force meanwhile"},
             boost::test_tools::per_element());
  std::ofstream(home / "current") << "versions/four\n";
  registry->reload();
  work();
  BOOST_TEST(served.back() == "four");
}

BOOST_AUTO_TEST_CASE(the_last_of_two_reloads_counts) {
  std::ofstream(home / "current") << "versions/two\n";
  meanwhile = [&] {
    std::ofstream(home / "current") << "versions/one\n";
    registry->reload();
  };
  registry->reload();
  work();
  BOOST_TEST(loaded.size() == 2u);
  BOOST_TEST(served.back() == "one");
  BOOST_TEST(refused.empty());
}

BOOST_AUTO_TEST_CASE(a_promotion_that_the_next_start_would_forget_is_refused) {
  promote("two");
  fs::remove(home / "current");
  fs::create_directory(home / "current");
  fs::create_directory(home / "current" / "in the way");
  const auto refusal = order([&](const auto& reply) { registry->promote("one", false, reply); });
  BOOST_REQUIRE(!*refusal);
  BOOST_TEST(served.back() == "two");
  // Going back must work in any case.
  BOOST_TEST(test::need(roll_back()).find("until the next start only") != std::string::npos);
  BOOST_TEST(served.back() == "one");
}

BOOST_AUTO_TEST_CASE(a_version_that_the_rules_do_not_fit_is_not_promoted) {
  unfit = "two";
  for (const bool force : {false, true}) { // from disk, and then from memory
    BOOST_TEST(refusal_of("two", force) == "filter: the items have no attribute \"age\"");
    BOOST_TEST(served.empty());
    BOOST_TEST(current() == "");
  }
  std::ofstream(home / "current") << "versions/two\n";
  registry->reload();
  work();
  BOOST_TEST(served.empty());
  BOOST_TEST(refused == std::vector<std::string>{"filter: the items have no attribute \"age\""},
             boost::test_tools::per_element());
  unfit.clear(); // the rules have changed
  promote("two");
  BOOST_TEST(served.back() == "two");
}

BOOST_AUTO_TEST_CASE(going_back_works_in_any_case_and_says_which_rules_do_not_fit) {
  promote("two");
  unfit = "one";
  const auto answer = json::parse(test::need(roll_back()));
  BOOST_TEST(served.back() == "one");
  BOOST_TEST(answer.at("warning") ==
             "rules of the shop that do not fit are left out, and the next start refuses them: "
             "filter: the items have no attribute \"age\"");
}

BOOST_AUTO_TEST_CASE(an_answer_tells_what_the_next_rollback_leads_to) {
  const auto leads_to = [](const result<std::string>& answer) {
    return json::parse(test::need(answer)).at("rolls_back_to");
  };
  const auto promoted = [&](const std::string& name) {
    const auto answer = order([&](const auto& reply) { registry->promote(name, false, reply); });
    work();
    return *answer;
  };
  BOOST_TEST(leads_to(promoted("two")) == "one");
  BOOST_TEST(leads_to(promoted("two")) == "one"); // again
  BOOST_TEST(leads_to(promoted("three")) == "two");
  BOOST_TEST(leads_to(roll_back()) == "one");
  BOOST_TEST(leads_to(roll_back()).is_null());
  BOOST_CHECK(roll_back().error().cause == fault::conflict);
}

BOOST_AUTO_TEST_CASE(a_version_whose_copy_has_not_ended_is_not_used) {
  fs::remove(home / versions_directory / "two" / manifest_file);
  BOOST_TEST(refusal_of("two", true).find("has no manifest.json") != std::string::npos);
  BOOST_TEST(loaded.empty());
  BOOST_TEST(current() == "");
}

BOOST_AUTO_TEST_CASE(models_of_the_flat_layout_leave_the_memory_when_they_are_replaced) {
  fs::copy(test::bookshop_dir(), home, fs::copy_options::recursive);
  open(2, "flat");
  for (int i = 0; i < 2; ++i) {
    const std::weak_ptr<const model_set> before = latest;
    registry->reload();
    work();
    BOOST_TEST(before.expired());
  }
  for (const char* name : {"v1", "v2"}) { // as `current` may name them without a registry
    fs::copy(test::bookshop_dir(), home / name, fs::copy_options::recursive);
    std::ofstream(home / "current") << name << "\n";
    registry->reload();
    work();
    BOOST_TEST(served.back() == std::string("./") + name);
  }
  BOOST_CHECK(roll_back().error().cause == fault::conflict);
  promote("one");
  BOOST_TEST(test::need(roll_back()).find(R"("in_force":"./v2")") != std::string::npos);
  BOOST_TEST(current() == "v2\n");
}

BOOST_AUTO_TEST_CASE(what_the_gate_refuses_stays_aside_with_a_report) {
  refuse_all();
  const auto refusal = order([&](const auto& reply) { registry->promote("two", false, reply); });
  work();
  BOOST_REQUIRE(!*refusal);
  BOOST_CHECK(refusal->error().cause == fault::conflict);
  BOOST_TEST(refusal->error().message ==
             "version two did not pass the gate: overlap of the lists: expected at least 0.05, got 0");
  BOOST_TEST(served.empty());
  BOOST_TEST(is_loaded("two"));
  BOOST_TEST(entry("two").at("gate") == "refused");
  const auto report = json::parse(test::need(registry->report("two")));
  BOOST_TEST(report.at("passed") == false);
  BOOST_TEST(report.at("against") == "one");
  BOOST_TEST(report.at("objections").size() == 1u);
  BOOST_TEST(json::parse(test::need(registry->report(""))).at("reports").size() == 1u);
  BOOST_CHECK(registry->report("three").error().cause == fault::not_found);
  const auto again = order([&](const auto& reply) { registry->promote("two", false, reply); });
  BOOST_TEST(!*again); // at once, as it was judged already
  BOOST_TEST(comparisons == 1);
  const auto forced = order([&](const auto& reply) { registry->promote("two", true, reply); });
  BOOST_TEST(forced->has_value());
  BOOST_TEST(served.back() == "two");
  BOOST_TEST(test::need(roll_back()).find("one") != std::string::npos); // which no gate hinders
}

BOOST_AUTO_TEST_CASE(reports_outlive_a_restart) {
  refuse_all();
  order([&](const auto& reply) { registry->promote("two", false, reply); });
  work();
  const auto before = json::parse(test::need(registry->report("two")));
  open(2, "one");
  BOOST_TEST(json::parse(test::need(registry->report("two"))) == before);
  order([&](const auto& reply) { registry->load("two", reply); });
  work();
  BOOST_TEST(entry("two").at("gate") == "refused");
  std::ofstream(reports_file(home)) << "[{]";
  open(2, "one"); // says so, and begins without
  BOOST_CHECK(registry->report("two").error().cause == fault::not_found);
}

BOOST_AUTO_TEST_CASE(a_version_is_judged_anew_beside_another_one) {
  order([&](const auto& reply) { registry->load("two", reply); });
  work();
  BOOST_TEST(comparisons == 1);
  BOOST_TEST(entry("two").at("gate") == "passed");
  promote("three");
  BOOST_TEST(comparisons == 2);
  BOOST_TEST(!is_loaded("two")); // three took its place aside
  promote("two");
  BOOST_TEST(comparisons == 3);
}

BOOST_AUTO_TEST_CASE(a_comparison_that_fails_refuses) {
  outcome = fail(fault::internal, "a score is not a number");
  const auto refusal = order([&](const auto& reply) { registry->promote("two", false, reply); });
  work();
  BOOST_REQUIRE(!*refusal);
  BOOST_TEST(refusal->error().message.find("not a number") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(sighup_passes_the_gate_too) {
  refuse_all();
  std::ofstream(home / "current") << "versions/two\n";
  registry->reload();
  work();
  BOOST_TEST(served.empty());
  BOOST_REQUIRE(refused.size() == 1u);
  BOOST_TEST(refused[0].find("did not pass the gate") != std::string::npos);
  BOOST_TEST(current() == "versions/one\n"); // for the next start
  BOOST_TEST(is_loaded("two"));
  registry->reload(); // the same files again
  work();
  BOOST_TEST(served.back() == "one");
  BOOST_TEST(comparisons == 1);
}

BOOST_AUTO_TEST_CASE(sighup_judges_other_files_of_the_version_in_force) {
  std::ofstream(home / "current") << "versions/one\n";
  registry->reload();
  work();
  BOOST_TEST(comparisons == 0); // the same files
  const auto before = digest;
  replace("one");
  refuse_all();
  registry->reload();
  work();
  BOOST_TEST(digest == before);
  BOOST_TEST(refused.size() == 1u);
  BOOST_TEST(entry("one").at("replaced") == true);
  outcome = version_comparison{};
  registry->reload();
  work();
  BOOST_TEST(digest != before);
  BOOST_TEST(entry("one").at("replaced") == false);
}

BOOST_AUTO_TEST_CASE(the_flat_layout_has_no_gate) {
  refuse_all();
  fs::copy(test::bookshop_dir(), home, fs::copy_options::recursive);
  promote("flat");
  BOOST_TEST(comparisons == 0);
  BOOST_TEST(served.back() == "flat");
}

BOOST_AUTO_TEST_CASE(nothing_is_ordered_once_nobody_serves) {
  registry->stop();
  registry->reload();
  order([&](const auto& reply) { registry->load("two", reply); });
  work();
  const auto answer = order([&](const auto& reply) { registry->promote("two", false, reply); });
  BOOST_REQUIRE(!*answer);
  BOOST_CHECK(answer->error().cause == fault::unavailable);
  BOOST_TEST(served.empty());
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// Experiments and the shadow.
struct trials_fixture : registry_fixture {
  experiment_order order(const std::vector<std::pair<std::string, double>>& versions) const {
    experiment_order wanted{"layout", {}, {}};
    for (const auto& [name, weight] : versions)
      wanted.arms.push_back({name, {}, weight});
    return wanted;
  }

  result<std::string> start(const std::vector<std::pair<std::string, double>>& versions, bool force = false) {
    const auto answer = registry_fixture::order(
        [&](const auto& reply) { registry->start_experiment(order(versions), force, reply); });
    work();
    return *answer;
  }

  result<std::string> shadow(const std::string& name, double share = 0.5) {
    const auto answer = registry_fixture::order([&](const auto& reply) {
      registry->start_shadow({name, share}, reply);
    });
    work();
    return *answer;
  }

  static std::string error_of(const result<std::string>& answer) {
    return answer ? std::string() : answer.error().message;
  }

  bool runs() const { return registry->state_of_trials().runs; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(model_trials_suite, trials_fixture)

BOOST_AUTO_TEST_CASE(versions_share_the_users) {
  test::need(start({{"one", 50}, {"two", 50}}));
  BOOST_TEST(served.empty()); // what is in force stays
  BOOST_REQUIRE(beside);
  BOOST_TEST(!beside->arms[0]);
  BOOST_TEST(beside->arms[1]->directory.filename().string() == "two");
  BOOST_TEST(beside->running->arms[1].digest == beside->arms[1]->version);
  BOOST_TEST(entry("one").at("users_share").get<double>() == 0.5, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(entry("two").at("users_share").get<double>() == 0.5, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(entry("three").at("users_share") == 0);
  const auto before = *beside->running;
  test::need(start({{"one", 75}, {"two", 25}}));
  BOOST_TEST(beside->running->started == before.started);
  BOOST_TEST(entry("two").at("users_share").get<double>() == 0.25, boost::test_tools::tolerance(1e-6));
  test::need(registry->stop_experiment());
  BOOST_TEST(!beside);
  BOOST_TEST(!runs());
  BOOST_CHECK(registry->stop_experiment().error().cause == fault::conflict);
}

BOOST_AUTO_TEST_CASE(all_versions_of_an_experiment_stay_in_memory) {
  open(1, "one");
  test::need(start({{"one", 1}, {"two", 1}, {"three", 1}}));
  registry_fixture::order([&](const auto& reply) { registry->load("four", reply); });
  work();
  for (const char* name : {"one", "two", "three"})
    BOOST_TEST(is_loaded(name), name);
  BOOST_CHECK(registry->remove("two").error().cause == fault::conflict);
  test::need(registry->stop_experiment());
  BOOST_TEST(!is_loaded("two"));
  test::need(registry->remove("two"));
}

BOOST_AUTO_TEST_CASE(an_experiment_goes_on_after_a_restart) {
  test::need(start({{"one", 30}, {"two", 70}}));
  test::need(shadow("three"));
  const auto before = *beside->running;
  open(2, "one");
  registry->restore_trials();
  BOOST_TEST(runs());
  const auto trials = registry->trials();
  BOOST_REQUIRE(trials);
  BOOST_TEST((trials->running->buckets == before.buckets));
  BOOST_TEST(trials->running->started == before.started);
  BOOST_TEST(trials->arms[1]->version == before.arms[1].digest);
  BOOST_TEST(trials->shadow->directory.filename().string() == "three");
  test::need(registry->stop_experiment());
  test::need(registry->stop_shadow());
  open(2, "one");
  registry->restore_trials();
  BOOST_TEST(!registry->trials());
}

BOOST_AUTO_TEST_CASE(an_order_does_not_depend_on_what_others_leave_in_memory) {
  test::need(shadow("two")); // loads it without asking the gate
  test::need(registry->stop_shadow());
  BOOST_TEST(is_loaded("two"));
  registry_fixture::order([&](const auto& reply) { registry->load("three", reply); });
  const auto answer =
      registry_fixture::order([&](const auto& reply) { registry->promote("two", false, reply); });
  work(); // three takes its place in memory first
  BOOST_TEST(error_of(*answer) == "");
  BOOST_TEST(served.back() == "two");
}

BOOST_AUTO_TEST_CASE(an_experiment_does_not_go_on_with_other_files) {
  test::need(start({{"one", 30}, {"two", 70}}));
  replace("two");
  open(2, "one");
  registry->restore_trials();
  BOOST_TEST(!runs());
  BOOST_TEST(!registry->trials());
  BOOST_TEST(registry->state_of_trials().problem.find("version two has other files: its digest is ") == 0u,
             registry->state_of_trials().problem);
  test::need(start({{"one", 30}, {"two", 70}})); // with these
  open(2, "one");
  registry->restore_trials();
  BOOST_TEST(runs());
}

BOOST_AUTO_TEST_CASE(a_version_of_an_experiment_stays_what_it_is) {
  test::need(start({{"one", 30}, {"two", 70}}));
  const auto before = beside->arms[1]->version;
  replace("two");
  registry_fixture::order([&](const auto& reply) { registry->load("two", reply); });
  work();
  test::need(start({{"one", 50}, {"two", 50}}));
  BOOST_TEST(beside->arms[1]->version == before);
  BOOST_TEST(entry("two").at("replaced") == true);
  test::need(registry->stop_experiment());
  test::need(start({{"one", 50}, {"two", 50}}));
  BOOST_TEST(beside->arms[1]->version != before);
}

BOOST_AUTO_TEST_CASE(an_experiment_of_one_replica_runs_on_another) {
  registry_fixture other;
  BOOST_TEST(!registry->trial_to_share());
  test::need(start({{"one", 30}, {"two", 70}}));
  const auto told = registry->trial_to_share();
  BOOST_REQUIRE(told);
  other.registry->take_trial(*told);
  BOOST_TEST(!other.beside); // nothing waits for the versions to be loaded
  other.work();
  BOOST_REQUIRE(other.beside);
  BOOST_TEST(other.beside->division() == beside->division());
  BOOST_TEST((other.beside->running->buckets == beside->running->buckets));
  BOOST_TEST(other.registry->trial_to_share()->ordered == told->ordered);
  BOOST_TEST(other.registry->trial_to_share()->text == told->text);
  other.registry->take_trial(*told); // as each look at the fleet does
  BOOST_TEST(other.waiting.empty());
  test::need(start({{"one", 90}, {"two", 10}}));
  BOOST_TEST(registry->trial_to_share()->ordered > told->ordered);
  other.registry->take_trial(*registry->trial_to_share());
  other.work();
  BOOST_TEST(other.beside->division() == beside->division());
  test::need(registry->stop_experiment());
  other.registry->take_trial(*registry->trial_to_share());
  BOOST_TEST(!other.beside);
  other.registry->take_trial(*told); // an earlier order is none
  other.work();
  BOOST_TEST(!other.beside);
  other.open(2, "one");
  other.registry->restore_trials();
  BOOST_TEST(!other.registry->trials());
}

BOOST_AUTO_TEST_CASE(an_experiment_of_another_replica_goes_on_after_a_restart) {
  registry_fixture other;
  test::need(start({{"one", 30}, {"two", 70}}));
  other.registry->take_trial(*registry->trial_to_share());
  other.work();
  other.open(2, "one");
  other.registry->restore_trials();
  BOOST_REQUIRE(other.registry->trials());
  BOOST_TEST(other.registry->trials()->division() == beside->division());
  BOOST_TEST(other.registry->trial_to_share()->ordered == registry->trial_to_share()->ordered);
}

BOOST_AUTO_TEST_CASE(an_experiment_whose_versions_are_missing_or_others_does_not_run) {
  registry_fixture other;
  test::need(start({{"one", 30}, {"two", 70}}));
  const auto told = *registry->trial_to_share();
  add_reader(other.home / versions_directory / "two");
  other.registry->take_trial(told);
  other.work();
  BOOST_TEST(!other.beside);
  BOOST_TEST(other.registry->state_of_trials().problem.find("version two has other files here") == 0u,
             other.registry->state_of_trials().problem);
  other.registry->take_trial(told); // not before a while
  BOOST_TEST(other.waiting.empty());
  registry_fixture third;
  fs::remove_all(third.home / versions_directory / "two");
  third.registry->take_trial(told);
  third.work();
  BOOST_TEST(!third.beside);
  BOOST_TEST(!third.registry->state_of_trials().problem.empty());
  registry_fixture fourth;
  fourth.promote("three");
  fourth.registry->take_trial(told);
  fourth.work();
  BOOST_TEST(!fourth.beside);
  BOOST_TEST(fourth.registry->state_of_trials().problem.find("version three, which is in force here") == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_no_experiment_is_not_taken) {
  registry->take_trial({1, "{}"});
  registry->take_trial({1, "no JSON"});
  BOOST_TEST(waiting.empty());
  BOOST_TEST(!registry->trial_to_share());
}

BOOST_AUTO_TEST_CASE(what_cannot_go_on_is_said_and_harms_nobody) {
  test::need(start({{"one", 1}, {"two", 1}}));
  fs::remove_all(home / versions_directory / "two");
  open(2, "one");
  registry->restore_trials();
  BOOST_TEST(!runs());
  BOOST_TEST(!registry->trials());
  BOOST_TEST(registry->state_of_trials().problem.find("two") != std::string::npos);
  add("two");
  open(2, "three");
  registry->restore_trials();
  BOOST_TEST(registry->state_of_trials().problem.find("three, which is in force") != std::string::npos);
  test::need(registry->stop_experiment());
  std::ofstream(home / trials_file) << "{";
  open(2, "one");
  registry->restore_trials();
  BOOST_TEST(registry->state_of_trials().problem.find(trials_file) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_shadow_that_cannot_go_on_is_no_problem_of_the_experiment) {
  test::need(start({{"one", 1}, {"two", 1}}));
  test::need(shadow("three"));
  fs::remove_all(home / versions_directory / "three");
  open(2, "one");
  registry->restore_trials();
  BOOST_TEST(runs());
  BOOST_TEST(registry->state_of_trials().problem == "");
  BOOST_TEST(!registry->trials()->shadow);
}

BOOST_AUTO_TEST_CASE(promoting_and_rolling_back_end_an_experiment) {
  promote("two");
  test::need(start({{"two", 1}, {"one", 1}}));
  const auto promoted =
      registry_fixture::order([&](const auto& reply) { registry->promote("one", false, reply); });
  work();
  BOOST_TEST(json::parse(test::need(*promoted)).at("experiment_ended") == "layout");
  BOOST_TEST(served.back() == "one");
  BOOST_TEST(!beside);
  test::need(start({{"one", 1}, {"two", 1}}));
  BOOST_TEST(json::parse(test::need(roll_back())).at("experiment_ended") == "layout");
  BOOST_TEST(!beside);
  BOOST_TEST(served.back() == "two");
  open(2, "two");
  registry->restore_trials();
  BOOST_TEST(!registry->trials());
}

BOOST_AUTO_TEST_CASE(a_reload_of_the_version_in_force_ends_nothing) {
  std::ofstream(home / "current") << "versions/one\n";
  test::need(start({{"one", 1}, {"two", 1}}));
  registry->reload();
  work();
  BOOST_TEST(served.back() == "one");
  BOOST_TEST(runs());
  BOOST_REQUIRE(beside);
  BOOST_TEST(!beside->arms[0]);
  std::ofstream(home / "current") << "versions/three\n"; // as somebody may write it by hand
  registry->reload();
  work();
  BOOST_TEST(served.back() == "three");
  BOOST_TEST(!runs());
  BOOST_TEST(!beside);
}

BOOST_AUTO_TEST_CASE(the_gate_keeps_versions_out_of_experiments) {
  refuse_all();
  BOOST_TEST(error_of(start({{"one", 1}, {"two", 1}})).find("version two did not pass the gate") == 0u);
  BOOST_TEST(!beside);
  BOOST_TEST(error_of(start({{"one", 1}, {"two", 1}})).find("version two did not pass the gate") == 0u);
  BOOST_TEST(comparisons == 1);
  test::need(start({{"one", 1}, {"two", 1}}, true));
  BOOST_TEST(runs());
}

BOOST_AUTO_TEST_CASE(experiments_that_make_no_sense_are_refused) {
  BOOST_TEST(error_of(start({{"two", 1}, {"three", 1}})).find("expected one among them") !=
             std::string::npos);
  BOOST_TEST(error_of(start({{"one", 1}, {"five", 1}})).find("there is no version five") !=
             std::string::npos);
  BOOST_TEST(error_of(start({{"one", 1}})).find("expected 2 to 8") != std::string::npos);
  test::need(start({{"one", 1}, {"two", 1}}));
  auto other = order({{"one", 1}, {"two", 1}});
  other.name = "other";
  const auto answer =
      registry_fixture::order([&](const auto& reply) { registry->start_experiment(other, false, reply); });
  BOOST_TEST(error_of(*answer) == "experiment layout runs: stop it first");
  fs::create_directory(home / "in the way");
  fs::remove(home / trials_file);
  fs::rename(home / "in the way", home / trials_file);
  fs::create_directory(home / trials_file / "x");
  BOOST_TEST(!start({{"one", 3}, {"two", 1}}).has_value()); // the next start would not know it
  BOOST_TEST(entry("one").at("users_share").get<double>() == 0.5, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(test::need(registry->stop_experiment()).find("until the next start only") != std::string::npos);
  BOOST_TEST(!beside);
}

BOOST_AUTO_TEST_CASE(a_shadow_needs_a_share_that_is_a_number) {
  for (const double share : {std::nan(""), 0.0, -1.0, 1.5})
    BOOST_TEST(error_of(shadow("two", share)) == "share: expected more than 0 and at most 1");
  BOOST_TEST(!beside);
}

BOOST_AUTO_TEST_CASE(a_shadow_only_ranks_and_ends_when_it_comes_into_force) {
  BOOST_TEST(error_of(shadow("one")) == "version one is in force");
  test::need(shadow("two"));
  BOOST_TEST(beside->shadow->directory.filename().string() == "two");
  BOOST_TEST(beside->shadow_share == 0.5);
  BOOST_TEST(!beside->running);
  BOOST_TEST(entry("two").at("shadow") == true);
  BOOST_CHECK(registry->remove("two").error().cause == fault::conflict);
  promote("two");
  BOOST_TEST(!beside);
  BOOST_CHECK(registry->stop_shadow().error().cause == fault::conflict);
}

BOOST_AUTO_TEST_SUITE_END()
