#include "daemon_process.hpp"

#include "support/environment.hpp"
#include "support/files.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

// winnowd --engine torch: the reference in the place of the kernels.

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

/// Every reader's list with its scores, for a history of his own.
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

BOOST_AUTO_TEST_CASE(gives_the_same_lists_by_either_engine) {
  const auto native = lists_of({});
  const auto torch = lists_of({"--engine", "torch"});
  for (std::size_t i = 0; i < native.size(); ++i) {
    BOOST_CHECK_EQUAL(native[i]["recommendations"], torch[i]["recommendations"]);
    BOOST_CHECK(!torch[i].contains("degraded"));
    check_near(native[i]["scores"], torch[i]["scores"]);
  }
}

BOOST_AUTO_TEST_CASE(logs_what_the_reference_computes_with) {
  daemon_process shop(memory_flags({"--engine", "torch"}));
  shop.wait_until_ready();
  BOOST_CHECK_MESSAGE(shop.errors().find("LibTorch ") != std::string::npos, shop.errors());
}

BOOST_AUTO_TEST_CASE(names_the_module_and_the_package_where_it_is_missing) {
  const temp_dir elsewhere;
  fs::create_directory(elsewhere.path() + "/bin");
  fs::copy(required_variable("WINNOW_BIN_DIR") + "/winnowd", elsewhere.path() + "/bin/winnowd");
  strings words{elsewhere.path() + "/bin/winnowd"};
  const auto flags = memory_flags({"--engine", "torch"});
  words.insert(words.end(), flags.begin(), flags.end());
  const auto said_in = elsewhere.path() + "/output";
  BOOST_CHECK_EQUAL(winnow::child_process(words, said_in).wait().value_or(-1), 78);
  const std::string said = bytes_of(said_in);
  BOOST_CHECK_MESSAGE(said.find("--engine torch: ") != std::string::npos, said);
  BOOST_CHECK_MESSAGE(said.find(elsewhere.path() + "/lib/winnow/libwinnow-torch.so") != std::string::npos,
                      said);
  BOOST_CHECK_MESSAGE(said.find("libtorch-dev") != std::string::npos, said);
}

BOOST_AUTO_TEST_SUITE_END()
