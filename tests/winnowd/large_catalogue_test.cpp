#include "daemon_process.hpp"
#include "support/wait_until.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

using namespace winnow::test;
namespace fs = std::filesystem;

namespace {

/// The bookshop with 20,000 more books, each similar to an existing one, in a directory that several daemons
/// use in turn.
struct large_shop {
  temp_dir directory;
  std::string models = directory.path() + "/models";
  std::string kept = models + "/.winnow-cache/item_embeddings.index";
  redis_server redis;

  large_shop() {
    fs::copy(bookshop_dir(), models, fs::copy_options::recursive);
    const auto path = models + "/lightgcn/item_embeddings.csv";
    std::vector<std::vector<float>> books_there;
    std::ifstream in(path);
    std::string line, cell;
    for (std::getline(in, line); std::getline(in, line);) {
      std::istringstream cells(line);
      std::getline(cells, cell, ',');
      books_there.emplace_back();
      while (std::getline(cells, cell, ','))
        books_there.back().push_back(std::stof(cell));
    }
    std::ofstream out(path, std::ios::app);
    std::mt19937 random(4);
    std::normal_distribution<float> normal;
    std::uniform_real_distribution<float> uniform;
    for (int book = 0; book < 20'000; ++book) {
      out << "new book " << book;
      const float length = 0.4f + 0.5f * std::pow(uniform(random), 4.0f);
      for (const float value : books_there[random() % books_there.size()])
        out << ',' << length * (value + 0.1f * normal(random));
      out << '\n';
    }
    redis.call({"SET", "user_profile:u", books(4)});
  }

  strings flags(const strings& further = {}) const {
    strings all{"--model-dir", models, "--approximate-from", "20000", "--candidates", "20",
                "--din-keep",  "10",   "--ranknet-keep",     "5"};
    all.insert(all.end(), further.begin(), further.end());
    return flags_for(redis, all);
  }
};

std::size_t count_lines(const daemon_process& shop, const std::string& part) {
  const auto lines = shop.error_lines();
  return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
    return line.find(part) != std::string::npos;
  }));
}

std::size_t list_length(const daemon_process& shop) {
  return nlohmann::json::parse(shop.http().post("/recommend/u").body).at("recommendations").size();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(large_catalogue, large_shop)

BOOST_AUTO_TEST_CASE(serves_with_an_index_that_the_next_start_reads_from_the_cache) {
  {
    daemon_process first(flags());
    first.wait_until_ready();
    BOOST_CHECK_EQUAL(list_length(first), 5u); // whether or not the index is ready yet
    BOOST_REQUIRE(first.wait_for_error_line("approximate index ready"));
    BOOST_CHECK_EQUAL(count_lines(first, "from=embeddings"), 1u);
    BOOST_CHECK_EQUAL(list_length(first), 5u);
    BOOST_CHECK_GE(first.metric("winnow_model_index_recall"), 0.98);
    BOOST_CHECK(fs::exists(kept));
    first.signal(SIGHUP); // the reloaded models get an index, too
    BOOST_CHECK(wait_until([&] { return count_lines(first, "approximate index ready") == 2; }));
  }
  {
    daemon_process second(flags());
    second.wait_until_ready();
    BOOST_REQUIRE(second.wait_for_error_line("approximate index ready"));
    BOOST_CHECK_EQUAL(count_lines(second, "from=cache"), 1u);
    BOOST_CHECK_EQUAL(list_length(second), 5u);
  }
  fs::resize_file(kept, 5'000);
  daemon_process third(flags());
  third.wait_until_ready();
  BOOST_REQUIRE(third.wait_for_error_line("approximate index ready"));
  BOOST_CHECK_EQUAL(count_lines(third, "item_embeddings.index: cut off"), 1u);
  BOOST_CHECK_EQUAL(count_lines(third, "from=embeddings"), 1u);
}

BOOST_AUTO_TEST_CASE(stops_at_once_while_it_builds_the_index) {
  daemon_process shop(flags());
  shop.wait_for_port();
  shop.signal(SIGTERM);
  const auto code = shop.wait(std::chrono::seconds(5));
  BOOST_REQUIRE(code);
  BOOST_CHECK_EQUAL(*code, 0);
}

BOOST_AUTO_TEST_CASE(writes_no_cache_if_disabled_and_builds_no_index_below_the_threshold) {
  {
    daemon_process shop(flags({"--model-cache", "false"}));
    BOOST_REQUIRE(shop.wait_for_error_line("approximate index ready"));
    BOOST_CHECK(!fs::exists(models + "/.winnow-cache"));
  }
  for (const char* from : {"0", "1000000"}) {
    daemon_process shop(flags({"--approximate-from", from}));
    shop.wait_until_ready();
    BOOST_CHECK_EQUAL(shop.metric("winnow_model_index_recall"), 0);
    shop.signal(SIGTERM);
    BOOST_CHECK(shop.wait());
    BOOST_CHECK_EQUAL(count_lines(shop, "approximate"), 0u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
