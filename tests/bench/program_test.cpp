#include "support/child_process.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace winnow::test;
using nlohmann::json;

namespace {

/// Runs winnow-bench on a small deployment, which takes seconds.
struct small_bench {
  /// @param seconds The length of each measurement; long enough for some answers if the test expects them.
  json run(const std::string& command, const std::string& seconds = "0.2") const {
    return run_words(
        {command, "--items", "500", "--users", "200", "--seconds", seconds, "--repetitions", "2"});
  }

  /// @param words The command and its options.
  json run_words(std::vector<std::string> words) const {
    const auto& to = directory.path();
    words.insert(words.begin(), required_variable("WINNOW_BIN_DIR") + "/winnow-bench");
    words.insert(words.end(), {"--dir", to + "/data", "--json", to + "/report.json"});
    child_process process(std::move(words), to + "/printed");
    const auto ended = process.wait(std::chrono::minutes(4));
    BOOST_REQUIRE_MESSAGE(ended == 0, bytes_of(to + "/printed"));
    return json::parse(bytes_of(to + "/report.json"));
  }

  temp_dir directory;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(program, small_bench)

BOOST_AUTO_TEST_CASE(measures_the_daemon_end_to_end) {
  const auto report = run("serve", "1");
  BOOST_CHECK_GT(report.at("seconds").get<double>(), 0);
  BOOST_CHECK_GE(report.at("machine").at("cores").get<int>(), 1);
  BOOST_CHECK_GE(report.at("cores_used_by_others").get<double>(), 0);
  const auto& sections = report.at("sections");
  BOOST_REQUIRE_EQUAL(sections.at("closed").size(), 3U); // 1, 16 and 64 connections
  for (const auto& row : sections.at("closed")) {
    BOOST_CHECK_EQUAL(row.at("served/s").at("values").size(), 2U);
    BOOST_CHECK_GT(row.at("served/s").at("median").get<double>(), 0);
    BOOST_CHECK_LE(row.at("p50_ms").at("median").get<double>(),
                   row.at("p99.9_ms").at("median").get<double>());
  }
  BOOST_CHECK_EQUAL(sections.at("open").size(), 5U);
  BOOST_REQUIRE_EQUAL(sections.at("poller").size(), 3U);
  for (const auto& row : sections.at("poller"))
    BOOST_CHECK_GT(row.at("profiles/s").at("median").get<double>(), 0);
  BOOST_CHECK_GT(sections.at("resources").at(0).at("resident_MB").at("median").get<double>(), 0);
  const auto printed = bytes_of(directory.path() + "/printed");
  BOOST_CHECK_NE(printed.find("## POST /recommend, closed loop\n\n| items | server "), std::string::npos);
}

BOOST_AUTO_TEST_CASE(compares_batches_and_filters_with_single_requests) {
  const auto rows = run("batch", "0.5").at("sections").at("batch");
  BOOST_REQUIRE_EQUAL(rows.size(), 4U);
  for (const auto& row : rows)
    BOOST_CHECK_GT(row.at("lists/s").at("median").get<double>(), 0);
  BOOST_CHECK_GT(rows.at(1).at("rate_over_single").at("median").get<double>(), 0);
  BOOST_CHECK_GT(rows.at(2).at("p50_over_plain").at("median").get<double>(), 0);
}

BOOST_AUTO_TEST_CASE(compares_stages_with_the_limits_of_the_machine) {
  const auto limits = run("limits").at("sections");
  for (const auto& row : limits.at("limits"))
    BOOST_CHECK_GT(row.at("rate").at("median").get<double>(), 0);
  for (const auto& row : limits.at("floor")) {
    BOOST_CHECK_GT(row.at("least_us").get<double>(), 0);
    BOOST_CHECK_GT(row.at("reading_us").get<double>(), 0);
  }
  BOOST_CHECK_EQUAL(limits.at("floor").at(0).at("bytes"), 500 * 128 * 4); // all item embeddings
  BOOST_CHECK_EQUAL(limits.at("floor").at(1).at("bytes"), 500 * 128);
  BOOST_REQUIRE_EQUAL(limits.at("ceilings").size(), 2U); // HTTP and Redis
  for (const auto& row : limits.at("ceilings"))
    BOOST_CHECK_GT(row.at("requests/s").at("median").get<double>(), 0);
  const auto stages = run("stages").at("sections").at("stages");
  BOOST_REQUIRE_EQUAL(stages.size(), 3U * 7U); // batches of 1 to 64
  for (const auto& row : stages) {
    BOOST_CHECK_EQUAL(row.at("CPU_us").at("values").size(), 2U);
    // A stage is faster than the floor only if a disturbance slowed down the floor's measurement alone.
    BOOST_CHECK_GT(row.at("times_the_floor").at("median").get<double>(), 0.5);
  }
}

BOOST_AUTO_TEST_CASE(starts_with_large_tables_mapped_from_the_cache) {
  const auto rows = run_words({"tables", "--items", "300", "--users", "100000", "--width", "32"})
                        .at("sections")
                        .at("tables");
  BOOST_REQUIRE_EQUAL(rows.size(), 6U);
  for (const auto& row : rows) {
    BOOST_CHECK_GT(row.at("start_to_ready_s").at("median").get<double>(), 0);
    BOOST_CHECK_GT(row.at("own_MB").at("median").get<double>(), 0);
  }
}

BOOST_AUTO_TEST_CASE(reckons_a_shop_from_kept_unit_costs) {
  const auto units = directory.path() + "/units.json";
  std::ofstream(units)
      << R"({"base_items": 10000, "request_us": 200, "request_redis_us": 10, "request_commands": 3,
      "change_us": 150, "change_redis_us": 20, "change_commands": 5, "exact_ns_per_item": 2,
      "search_width": 128, "index_items": 1000000, "index_us": 400, "index_exponent": 0.5, "base_mb": 50,
      "redis_bytes_a_user": 1000})";
  const auto rows = run_words({"size", "--users", "50M", "--items", "4M", "--rate", "20k", "--changes", "5k",
                               "--units", units})
                        .at("sections")
                        .at("size");
  BOOST_REQUIRE_EQUAL(rows.size(), 1U);
  BOOST_CHECK_CLOSE(rows.at(0).at("search_us").get<double>(), 800, 1e-6);
  BOOST_CHECK_CLOSE(rows.at(0).at("redis_commands/s").get<double>(), 85'000, 1e-6);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_deployment) {
  const auto dir = run("data").at("sections").at("data").at(0).at("directory").get<std::string>();
  const small_bench other;
  const auto again = other.run("data").at("sections").at("data").at(0).at("directory").get<std::string>();
  BOOST_REQUIRE_NE(dir, again);
  for (const auto* file : {"profiles.tsv", "item_emb.npy", "model_output/lightgcn/user_embeddings.csv",
                           "model_output/item_features.csv", "model_output/din/best_model.pth"}) {
    const auto content = bytes_of(std::filesystem::path(dir) / file);
    BOOST_CHECK_MESSAGE(!content.empty() && content == bytes_of(std::filesystem::path(again) / file), file);
  }
}

BOOST_AUTO_TEST_CASE(compares_a_daemon_that_exports_traces_with_one_that_does_not) {
  const auto sections = run_words({"traces", "--ratio", "1", "--items", "500", "--users", "200", "--seconds",
                                   "1", "--repetitions", "2"})
                            .at("sections");
  const auto& rows = sections.at("comparison");
  BOOST_REQUIRE_EQUAL(rows.size(), 1U);
  BOOST_CHECK_GT(rows.at(0).at("served/s").at("median").get<double>(), 0);
  BOOST_CHECK_GT(rows.at(0).at("server_s/1000").at("median").get<double>(), 0);
  const auto& alone = sections.at("tracer");
  BOOST_REQUIRE_EQUAL(alone.size(), 2U);
  for (const auto& one : alone)
    BOOST_CHECK_GT(one.at("us_a_request").at("median").get<double>(), 0);
}

BOOST_AUTO_TEST_CASE(a_short_run_of_the_learner_has_all_its_figures) {
  const auto rows = run_words({"learn", "--changes", "10001", "--users", "1000", "--items", "1000"})
                        .at("sections")
                        .at("learn");
  BOOST_REQUIRE_EQUAL(rows.size(), 5U);
  for (const auto& row : rows)
    BOOST_CHECK_MESSAGE(std::stod(row.at("value").get<std::string>()) > 0, row.dump());
}

BOOST_AUTO_TEST_CASE(measures_a_training_on_invented_purchases) {
  const auto rows = run_words({"train", "--interactions", "3000", "--items", "300", "--users", "150"})
                        .at("sections")
                        .at("training");
  BOOST_REQUIRE_EQUAL(rows.size(), 1U);
  BOOST_CHECK_GT(rows.at(0).at("best_recall").get<double>(), 0);
  BOOST_CHECK_GT(rows.at(0).at("peak_MB").get<double>(), 1);
  BOOST_CHECK_LE(rows.at(0).at("minutes_to_99_%_of_it").get<double>(),
                 rows.at(0).at("minutes").get<double>());
}

BOOST_AUTO_TEST_SUITE_END()
