#include "changed_models.hpp"
#include "daemon_process.hpp"
#include "support/wait_until.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace winnow::test;
namespace fs = std::filesystem;

namespace {

/// Makes the file so long, at no cost, that reading it takes longer than any test.
void make_endless(const std::string& path) {
  std::ifstream in(path);
  std::string header, row;
  std::getline(in, header);
  std::getline(in, row);
  std::ofstream out(path);
  out << header << '\n';
  for (int i = 0; i < 10'000; ++i) // text enough that the head of the file looks like a table
    out << i << row.substr(row.find(',')) << '\n';
  out.close();
  fs::resize_file(path, std::uintmax_t{4} << 40U);
}

/// A daemon that serves a copy of the bookshop.
struct reload_fixture {
  temp_dir directory;
  std::string models = directory.path() + "/models";
  redis_server redis;
  daemon_process shop;

  reload_fixture() : shop(prepared()) {
    redis.call({"SET", "user_profile:u", books(4)});
    shop.wait_until_ready();
  }

  strings prepared() {
    fs::copy(bookshop_dir(), models, fs::copy_options::recursive);
    return flags_for(redis, {"--model-dir", models});
  }

  std::ptrdiff_t lines_with(const std::string& part) const {
    const auto lines = shop.error_lines();
    return std::count_if(lines.begin(), lines.end(),
                         [&part](const std::string& line) { return line.find(part) != std::string::npos; });
  }

  std::string version() const {
    return nlohmann::json::parse(shop.http().post("/recommend/u").body).at("model_version");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(reload, reload_fixture)

BOOST_AUTO_TEST_CASE(serves_changed_models_after_sighup) {
  const auto before = version();
  wait_for_list(redis, "u");
  // Only the sweep after the reload stores this one's list.
  redis.call({"SET", "user_profile:nobody asks", books(4)});
  wait_for_list(redis, "nobody asks");
  const auto computed = shop.metric("winnow_poller_profiles_changed_total");
  add_new_reader(models);
  shop.signal(SIGHUP);
  BOOST_CHECK(wait_until([&] { return version() != before; }));
  BOOST_CHECK(wait_until([&] { return shop.metric("winnow_poller_profiles_changed_total") > computed; }));
  redis.call({"SET", "user_profile:a new reader", books(4)});
  const auto answer = nlohmann::json::parse(shop.http().post("/recommend/a%20new%20reader").body);
  BOOST_CHECK_EQUAL(answer["source"], "personalised");
}

BOOST_AUTO_TEST_CASE(keeps_the_old_models_if_the_new_ones_are_broken) {
  const auto before = version();
  fs::resize_file(models + "/ranknet/best_model.pth", 1000);
  shop.signal(SIGHUP);
  BOOST_CHECK(shop.wait_for_error_line("reload refused"));
  BOOST_CHECK(shop.errors().find("ranknet/best_model.pth") != std::string::npos);
  BOOST_CHECK_EQUAL(version(), before);
  const auto counted = [&](const std::string& outcome) {
    const auto text = shop.http().get("/metrics", {{"Accept", "text/plain"}}).body;
    return text.find("winnow_model_reloads_total{outcome=\"" + outcome + "\"} 1\n") != std::string::npos;
  };
  BOOST_CHECK(wait_until([&] { return counted("refused"); }));
  BOOST_CHECK(!counted("taken"));

  fs::copy_file(bookshop_dir() + "/ranknet/best_model.pth", models + "/ranknet/best_model.pth",
                fs::copy_options::overwrite_existing);
  shop.signal(SIGHUP); // a later reload still works
  BOOST_CHECK(wait_until([&] { return lines_with("models loaded") == 2; }));
}

BOOST_AUTO_TEST_CASE(widths_and_stage_features_change_with_the_models) {
  const auto list_length = [&] {
    return nlohmann::json::parse(shop.http().post("/recommend/u?scores=true").body)["recommendations"].size();
  };
  BOOST_CHECK_EQUAL(list_length(), 20u);
  std::ifstream items(bookshop_dir() + "/items.csv");
  std::ofstream features(models + "/item_features.csv");
  features << "item_id,price\n";
  std::string row;
  for (std::getline(items, row); std::getline(items, row);)
    features << row.substr(0, row.find(',')) << ",0.5\n";
  features.close();
  fs::copy(bookshop_dir() + "/../stage_models", models,
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  shop.signal(SIGHUP);
  BOOST_CHECK(wait_until([&] { return list_length() == 15; })); // as its model.json says

  fs::remove(models + "/model.json");
  fs::remove(models + "/item_features.csv");
  fs::copy(bookshop_dir(), models, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  shop.signal(SIGHUP);
  BOOST_CHECK(wait_until([&] { return list_length() == 20; }));
}

BOOST_AUTO_TEST_CASE(a_slow_load_delays_neither_requests_nor_shutdown) {
  make_endless(models + "/lightgcn/user_embeddings.csv");
  shop.signal(SIGHUP);
  BOOST_REQUIRE(wait_until([&] { return lines_with("models loading") == 2; }));
  shop.signal(SIGHUP);
  BOOST_CHECK_EQUAL(shop.http().post("/recommend/u").status, 200u);
  shop.signal(SIGTERM);
  BOOST_CHECK_EQUAL(shop.wait().value_or(-1), 0);
  BOOST_CHECK(shop.errors().find("winnowd stopped unfinished_requests=0") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(stops_during_the_first_load) {
  const temp_dir directory;
  const auto models = directory.path() + "/models";
  fs::copy(bookshop_dir(), models, fs::copy_options::recursive);
  make_endless(models + "/lightgcn/user_embeddings.csv");
  const redis_server redis;
  daemon_process shop(flags_for(redis, {"--model-dir", models}));
  BOOST_REQUIRE(shop.wait_for_error_line("models loading"));
  shop.signal(SIGTERM);
  BOOST_CHECK_EQUAL(shop.wait().value_or(-1), 0);
  BOOST_CHECK_EQUAL(shop.output(), ""); // it never listened
}
