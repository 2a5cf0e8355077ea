#include "tests/config/settings/settings_fixture.hpp"

#include "config/settings/table/setting_table.hpp"
#include "config/version.hpp"

#include <set>

using kind = winnow::startup_request::kind;

BOOST_FIXTURE_TEST_SUITE(settings_report, settings_fixture)

BOOST_AUTO_TEST_CASE(help_shows_every_flag_with_default_and_environment_name) {
  const auto request = read({"--help"});
  BOOST_TEST((request.action == kind::help));
  BOOST_TEST(request.exit_code == 0);
  for (const auto& entry : winnow::setting_table()) {
    BOOST_TEST(contains(request.text, "--" + entry.name), entry.name);
    BOOST_TEST(contains(request.text, "[" + entry.environment + "]"), entry.name);
  }
  // CLI11 prints defaults as =500ms, since 2.4 as [500ms].
  const auto shows_default = [&](const std::string& flag, const std::string& value) {
    return contains(request.text, flag + "=" + value) || contains(request.text, flag + " [" + value + "]");
  };
  BOOST_TEST(shows_default("--deadline DURATION", "500ms"), request.text);
  BOOST_TEST(shows_default("--max-body-bytes BYTES", "1048576"), request.text);
  BOOST_TEST(contains(request.text, "WINNOW_CONFIG"), request.text);
  BOOST_TEST(contains(request.text, "Precedence, highest first: flag, environment"), request.text);
}

BOOST_AUTO_TEST_CASE(help_and_error_list_every_form_of_the_admin_address) {
  const std::string forms = "host:port, [address]:port, https://host:port, unix:/path or off";
  BOOST_TEST(contains(read({"--help"}).text, "[WINNOW_ADMIN] " + forms));
  BOOST_TEST(contains(read({"--admin", "nonsense"}).text, forms));
}

BOOST_AUTO_TEST_CASE(help_and_version_work_with_invalid_settings) {
  variables["WINNOW_PORT"] = "wrong";
  BOOST_TEST((read({"--help"}).action == kind::help));
  BOOST_TEST((read({"-h"}).action == kind::help));
  BOOST_TEST((read({"--version"}).action == kind::version));
}

BOOST_AUTO_TEST_CASE(version_names_the_program_and_its_libraries) {
  const auto request = read({"--version"});
  BOOST_TEST(request.text.find("winnowd " + std::string(winnow::version()) + "\n") == 0u);
  for (const auto* library : {"CAF ", "Boost ", "hiredis ", "librdkafka "}) {
    const auto found = request.text.find(library);
    BOOST_REQUIRE(found != std::string::npos);
    BOOST_TEST(std::isdigit(request.text[found + std::string_view(library).size()]), request.text);
  }
}

BOOST_AUTO_TEST_CASE(check_config_exits_with_0_or_78) {
  const auto request = read({"--check-config"});
  BOOST_TEST((request.action == kind::check_config));
  BOOST_TEST(request.exit_code == 0);
  refuse({"--check-config", "--port", "x"});
}

BOOST_AUTO_TEST_CASE(a_check_of_the_store_is_kept_beside_another_check) {
  for (const char* flag : {"--check-config", "--print-config"}) {
    BOOST_TEST(read({flag, "--check-store"}).checks_store, flag);
    BOOST_TEST(!read({flag}).checks_store, flag);
    BOOST_TEST((read({"--check-store", flag}).action == read({flag}).action), flag);
  }
}

BOOST_AUTO_TEST_CASE(print_config_shows_value_and_source_of_every_setting) {
  variables["MODEL_DIR"] = "/my models";
  const auto request = read({"--print-config", "--port", "9"});
  BOOST_TEST((request.action == kind::print_config));
  BOOST_TEST(request.exit_code == 0);
  BOOST_TEST(contains(request.text, "port = 9 "), request.text);
  BOOST_TEST(contains(request.text, "  # flag --port\n"), request.text);
  BOOST_TEST(contains(request.text, "model-dir = \"/my models\" "), request.text);
  BOOST_TEST(contains(request.text, "  # environment MODEL_DIR\n"), request.text);
  for (const auto& entry : winnow::setting_table())
    BOOST_TEST(contains("\n" + request.text, entry.name + " = "), entry.name);
}

BOOST_AUTO_TEST_CASE(print_config_comments_out_unset_widths) {
  auto text = read({"--print-config", "--din-keep", "60"}).text;
  BOOST_TEST(contains(text, "# candidates = 100 "), text);
  BOOST_TEST(contains(text, "  # from model.json in the model directory, else this default\n"), text);
  BOOST_TEST(contains(text, "\ndin-keep = 60 "), text);
  const auto loaded = load({"--config", write_file(directory, "printed.conf", text).c_str()});
  BOOST_TEST(!loaded.values.cascade.candidates.has_value());
}

BOOST_AUTO_TEST_CASE(print_config_masks_secrets) {
  variables["REDIS_PASSWORD"] = "hush";
  auto text = read({"--print-config"}).text;
  BOOST_TEST(!contains(text, "hush"), text);
  BOOST_TEST(contains(text, "# redis-password = \"***\""), text);
  text = read({"--print-config", "--store", "redis://me:hush@h"}).text;
  BOOST_TEST(!contains(text, "hush"), text);
  BOOST_TEST(contains(text, "# store = \"redis://me:***@h:6379/0\""), text);
}

BOOST_AUTO_TEST_CASE(print_config_can_be_used_as_a_config_file) {
  const auto text = read({"--print-config", "--port", "9", "--redis-host", "h", "--cors-origins", ""}).text;
  const auto file = write_file(directory, "printed.conf", text);
  const auto loaded = load({"--config", file.c_str()});
  BOOST_TEST(loaded.values.http.port == 9);
  BOOST_TEST(loaded.values.http.cors_origins == "");
  BOOST_TEST(to_string(loaded.values.store.address) == "redis://h:6379/0");
}

BOOST_AUTO_TEST_CASE(no_two_settings_share_a_name) {
  std::set<std::string> names;
  std::set<std::string> variables_seen;
  for (const auto& entry : winnow::setting_table()) {
    BOOST_TEST(names.insert(entry.name).second, entry.name);
    BOOST_TEST(variables_seen.insert(entry.environment).second, entry.environment);
  }
}

BOOST_AUTO_TEST_CASE(every_default_is_in_range) {
  for (const auto& entry : winnow::setting_table()) {
    winnow::settings_draft draft;
    BOOST_TEST(!entry.assign(draft, entry.print(draft)).has_value(), entry.name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
