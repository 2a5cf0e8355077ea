#include "daemon_process.hpp"

#include "support/environment.hpp"
#include "support/files.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

// winnowd --engine torch: LibTorch replaces the built-in kernels.

using namespace winnow::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const strings readers{"A8SZ6INK77SAY", "a stranger", "another"};

strings memory_flags(const strings& further) {
  strings flags{"--host",      "127.0.0.1",    "--admin", "off",     "--port",     "0",
                "--model-dir", bookshop_dir(), "--store", "memory:", "--deadline", "20s"};
  flags.insert(flags.end(), further.begin(), further.end());
  return flags;
}

/// Returns the readers' lists with scores, each for a different history.
std::vector<json> lists_of(const strings& further) {
  daemon_process shop(memory_flags(further));
  shop.wait_until_ready();
  std::vector<json> lists;
  for (std::size_t i = 0; i < 12; ++i) {
    const auto user = readers[i % readers.size()];
    const auto path = user == "a stranger" ? std::string("a%20stranger") : user;
    BOOST_REQUIRE_EQUAL(shop.http().put("/profiles/" + path, books(1 + 5 * i, 11 * i)).status / 100, 2u);
    const auto answer = shop.http().post("/recommend/" + path + "?scores=true");
    BOOST_REQUIRE_EQUAL(answer.status, 200u);
    lists.push_back(json::parse(answer.body));
  }
  return lists;
}

void check_near(const json& one, const json& other) {
  BOOST_REQUIRE_EQUAL(one.size(), other.size());
  for (std::size_t i = 0; i < one.size(); ++i)
    for (const auto& [key, value] : one[i].items()) {
      if (value.is_number_float())
        BOOST_CHECK_SMALL(value.get<double>() - other[i].at(key).get<double>(), 1e-4);
      else
        BOOST_CHECK_EQUAL(value, other[i].at(key));
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine)

BOOST_AUTO_TEST_CASE(both_engines_give_the_same_lists) {
  const auto native = lists_of({});
  const auto torch = lists_of({"--engine", "torch"});
  for (std::size_t i = 0; i < native.size(); ++i) {
    BOOST_CHECK_EQUAL(native[i]["recommendations"], torch[i]["recommendations"]);
    BOOST_CHECK(!torch[i].contains("degraded"));
    check_near(native[i]["scores"], torch[i]["scores"]);
  }
}

BOOST_AUTO_TEST_CASE(logs_that_it_uses_libtorch) {
  daemon_process shop(memory_flags({"--engine", "torch"}));
  shop.wait_until_ready();
  BOOST_CHECK_MESSAGE(shop.errors().find("LibTorch ") != std::string::npos, shop.errors());
}

BOOST_AUTO_TEST_CASE(names_the_missing_module_and_its_package) {
  const temp_dir elsewhere;
  fs::create_directory(elsewhere.path() + "/bin");
  fs::copy(required_variable("WINNOW_BIN_DIR") + "/winnowd", elsewhere.path() + "/bin/winnowd");
  strings words{elsewhere.path() + "/bin/winnowd"};
  const auto flags = memory_flags({"--engine", "torch"});
  words.insert(words.end(), flags.begin(), flags.end());
  const auto output = elsewhere.path() + "/output";
  BOOST_CHECK_EQUAL(winnow::child_process(words, output).wait().value_or(-1), 78);
  const std::string printed = bytes_of(output);
  BOOST_CHECK_MESSAGE(printed.find("--engine torch: ") != std::string::npos, printed);
  BOOST_CHECK_MESSAGE(printed.find(elsewhere.path() + "/lib/winnow/libwinnow-torch.so") != std::string::npos,
                      printed);
  BOOST_CHECK_MESSAGE(printed.find("libtorch-dev") != std::string::npos, printed);
}

BOOST_AUTO_TEST_SUITE_END()
