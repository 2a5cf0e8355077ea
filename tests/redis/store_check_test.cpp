#include "redis/store_check.hpp"

#include "redis/store_factory.hpp"
#include "store_settings_for.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

/// The words of an ACL line, as a shell would split them.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::istringstream source(line);
  for (std::string word; source >> word;) {
    if (word.front() == '\'')
      word = word.substr(1, word.size() - 2);
    words.push_back(word == ">PASSWORD" ? ">pw" : word);
  }
  return words;
}

std::vector<std::string> failing(const std::vector<command_check>& checks) {
  std::vector<std::string> names;
  for (const auto& check : checks)
    if (check.failure)
      names.push_back(display_name(check.command));
  return names;
}

struct fixture {
  fixture() { settings.address.password = "pw"; }

  void set_user(std::vector<std::string> rules) {
    settings.address.user = "old";
    std::vector<std::string> command{"ACL", "SETUSER", "old", "on", ">pw"};
    command.insert(command.end(), rules.begin(), rules.end());
    BOOST_REQUIRE_EQUAL(server.call(command), "OK");
  }

  test::redis_server server;
  store_settings settings = test::settings_for(server);
};

std::string document(const std::string& name) {
  return test::bytes_of(test::required_variable("WINNOW_SOURCE_DIR") + "/" + name);
}

/// Joins lines that end with a backslash.
std::string unwrapped(std::string text) {
  for (auto at = text.find(" \\\n "); at != std::string::npos; at = text.find(" \\\n "))
    text.replace(at, text.find_first_not_of(' ', at + 3) - at, " ");
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(store_check_suite)

BOOST_FIXTURE_TEST_CASE(the_acl_line_gives_all_that_is_needed, fixture) {
  settings.address.user = "winnow";
  BOOST_REQUIRE_EQUAL(server.call(words_of(acl_line(""))), "OK");
  const auto checks = check_store(settings);
  BOOST_REQUIRE_MESSAGE(checks.has_value(), (checks ? "" : checks.error().message));
  BOOST_TEST(failing(*checks).empty());
  BOOST_TEST(is_sufficient(*checks));
  BOOST_TEST(server.call({"DBSIZE"}) == "0"); // nothing is left

  // And so works all that the daemon does.
  auto handles = open_store(settings).value();
  BOOST_TEST(handles.changes->wait(20s).has_value());
  const std::vector<store_command> commands{
      write_list{"ann", "1700000000", "[]"},   read_profile{{"ann", ""}, true},  read_list{"ann"},
      erase_list{{"ann", "1700000000"}, true}, write_profile{{"ann", ""}, "[]"}, erase_profile{{"ann", ""}}};
  for (const auto& reply : handles.store->execute(commands))
    BOOST_TEST(reply.has_value(), (reply ? "" : reply.error().message));
  BOOST_TEST(handles.store->scan(key_family::profiles, 0, 10).has_value());
  BOOST_TEST(handles.store->key_count().has_value());
  BOOST_TEST(handles.store->probe().has_value());
}

BOOST_FIXTURE_TEST_CASE(each_command_that_is_denied_is_named, fixture) {
  for (const auto& command : needed_commands()) {
    set_user({"reset"});
    auto words = words_of(acl_line("old"));
    BOOST_REQUIRE_EQUAL(server.call(words), "OK");
    const std::string name(command.name);
    set_user({"-" + name});
    const auto checks = check_store(settings);
    BOOST_REQUIRE_MESSAGE(checks.has_value(), (checks ? "" : checks.error().message));
    BOOST_TEST(failing(*checks) == std::vector<std::string>{display_name(command)},
               boost::test_tools::per_element());
    BOOST_TEST(is_sufficient(*checks) == !command.without_it.empty(), name);
  }
}

BOOST_FIXTURE_TEST_CASE(the_commands_of_the_python_service_lack_only_scan, fixture) {
  set_user({"~*", "+get", "+set", "+keys"});
  const auto checks = check_store(settings);
  BOOST_REQUIRE(checks);
  BOOST_TEST(!is_sufficient(*checks));
  set_user({"+scan"});
  BOOST_TEST(is_sufficient(*check_store(settings)));
}

BOOST_FIXTURE_TEST_CASE(denied_keys_are_found, fixture) {
  set_user({"+@all", "&*", "~user_profile:*"});
  const auto checks = check_store(settings);
  BOOST_REQUIRE(checks);
  BOOST_TEST(!is_sufficient(*checks));
}

BOOST_FIXTURE_TEST_CASE(each_family_of_keys_that_is_denied_is_named, fixture) {
  const std::vector<std::string> families{"user_profile", "recommendations", "recommendation_result"};
  for (const auto& denied : families) {
    set_user({"reset"});
    set_user({"on", ">pw", "+@all", "&*", "~winnow:*"});
    for (const auto& other : families)
      if (other != denied)
        set_user({"~" + other + ":*"});
    const auto checks = check_store(settings);
    BOOST_REQUIRE_MESSAGE(checks.has_value(), (checks ? "" : checks.error().message));
    BOOST_TEST(!is_sufficient(*checks), denied);
    for (const auto& check : *checks)
      if (check.failure)
        BOOST_TEST(check.failure->message.find(" of " + denied + ":*: NOPERM") != std::string::npos,
                   check.failure->message);
  }
}

BOOST_FIXTURE_TEST_CASE(a_refused_connection_is_an_error, fixture) {
  settings.address.user = "nobody";
  const auto refused = check_store(settings);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(to_string(refused.error().cause) == "denied");
  server.stop();
  const auto away = check_store(settings);
  BOOST_REQUIRE(!away);
  BOOST_TEST(to_string(away.error().cause) == "unavailable");
}

BOOST_AUTO_TEST_CASE(the_documents_tell_the_same) {
  for (const char* name : {"tools/winnowd/README.md", "tools/docs/zh-CN/operations.md"}) {
    const auto text = unwrapped(document(name));
    BOOST_TEST(text.find("redis-cli " + acl_line("") + "\n") != std::string::npos,
               name << " lacks: redis-cli " << acl_line(""));
    std::size_t after = 0; // the rows have the order of the table
    for (const auto& command : needed_commands()) {
      const auto row = text.find("\n| `" + display_name(command) + "` | ", after);
      BOOST_TEST(row != std::string::npos, name << " lacks a row for " << display_name(command));
      after = row == std::string::npos ? after : row;
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
