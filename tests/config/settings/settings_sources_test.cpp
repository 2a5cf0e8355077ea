#include "config/settings/sources/process_environment.hpp"
#include "tests/config/settings/settings_fixture.hpp"

#include <cstdlib>
#include <filesystem>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

using namespace std::chrono_literals;
using winnow::store_address;

namespace {

/// A folder that this thread must not search while this object exists. Root may search any: as root, the
/// thread has the rights of a user who owns nothing.
class unsearchable_folder {
public:
  explicit unsearchable_folder(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::filesystem::permissions(folder_, std::filesystem::perms::none);
    if (::geteuid() == 0)
      ::setfsuid(nobody);
  }
  ~unsearchable_folder() {
    ::setfsuid(::geteuid());
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all);
  }
  unsearchable_folder(const unsearchable_folder&) = delete;
  unsearchable_folder& operator=(const unsearchable_folder&) = delete;

  bool is_effective() const {
    std::error_code reason;
    static_cast<void>(std::filesystem::status(folder_ / "any", reason));
    return reason == std::errc::permission_denied;
  }

private:
  static constexpr uid_t nobody = 65534;
  std::filesystem::path folder_;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(settings_sources, settings_fixture)

BOOST_AUTO_TEST_CASE(has_the_defaults_of_the_contract) {
  const auto loaded = load();
  BOOST_TEST(loaded.values.http.port == 8001);
  BOOST_TEST(loaded.values.http.host == "0.0.0.0");
  BOOST_TEST(loaded.values.models.dir == "/app/model_output");
  BOOST_TEST(to_string(loaded.values.store.address) == "redis://localhost:6379/0");
  BOOST_TEST(source_of(loaded, "port") == "default");
}

BOOST_AUTO_TEST_CASE(reads_the_environment_of_the_process) {
  ::setenv("WINNOW_TEST_OF_THE_ENVIRONMENT", "a=b", 1); // NOLINT(concurrency-mt-unsafe)
  const auto seen = winnow::process_environment();
  ::unsetenv("WINNOW_TEST_OF_THE_ENVIRONMENT"); // NOLINT(concurrency-mt-unsafe)
  const auto found = seen.find("WINNOW_TEST_OF_THE_ENVIRONMENT");
  BOOST_REQUIRE((found != seen.end()));
  BOOST_TEST(found->second == "a=b");
}

BOOST_AUTO_TEST_CASE(each_source_overrides_the_weaker_ones) {
  const auto file = write_file(directory, "winnow.conf", "# test\nport = 1\n");
  BOOST_TEST(load({"--config", file.c_str()}).values.http.port == 1);
  BOOST_TEST(source_of(load({"--config", file.c_str()}), "port") == file + ":2");

  write_file(directory, ".env", "OTHER=1\nWINNOW_PORT=2\n");
  BOOST_TEST(load({"--config", file.c_str()}).values.http.port == 2);
  BOOST_TEST(source_of(load({"--config", file.c_str()}), "port") == ".env:2 WINNOW_PORT");

  variables["WINNOW_PORT"] = "3";
  BOOST_TEST(load({"--config", file.c_str()}).values.http.port == 3);
  BOOST_TEST(source_of(load({"--config", file.c_str()}), "port") == "environment WINNOW_PORT");

  BOOST_TEST(load({"--config", file.c_str(), "--port", "4"}).values.http.port == 4);
  BOOST_TEST(source_of(load({"--config", file.c_str(), "--port", "4"}), "port") == "flag --port");
}

BOOST_AUTO_TEST_CASE(reads_the_names_of_the_contract_from_the_environment) {
  variables = {{"REDIS_HOST", "redis"}, {"REDIS_PORT", "6380"},   {"REDIS_DB", "2"},
               {"REDIS_USER", "me"},    {"REDIS_PASSWORD", "pw"}, {"MODEL_DIR", "/models"}};
  const auto values = load().values;
  BOOST_TEST(values.store.address.host == "redis");
  BOOST_TEST(values.store.address.port == 6380);
  BOOST_TEST(values.store.address.database == 2u);
  BOOST_TEST(values.store.address.user == "me");
  BOOST_TEST(values.store.address.password == "pw");
  BOOST_TEST(values.models.dir == "/models");
}

BOOST_AUTO_TEST_CASE(reads_the_names_of_the_contract_from_the_env_file) {
  write_file(directory, ".env",
             "REDIS_HOST=redis\nREDIS_PORT='6380'\nREDIS_DB=2\nMODEL_DIR=\"/my models\"\n");
  const auto values = load().values;
  BOOST_TEST(to_string(values.store.address) == "redis://redis:6380/2");
  BOOST_TEST(values.models.dir == "/my models");
}

BOOST_AUTO_TEST_CASE(accepts_the_flags_that_scripts_use) {
  const auto values = load({"--port", "8003", "--host", "127.0.0.1", "--model-dir", "DIR", "--store",
                            "redis://127.0.0.1:6379/0", "--log-level", "debug"})
                          .values;
  BOOST_TEST(values.http.port == 8003);
  BOOST_TEST(values.http.host == "127.0.0.1");
  BOOST_TEST(values.models.dir == "DIR");
  BOOST_TEST(values.store.address.host == "127.0.0.1");
  BOOST_TEST((values.log.level == winnow::log_level::debug));
}

BOOST_AUTO_TEST_CASE(every_setting_has_a_flag) {
  const auto values = load({"--candidates=80",
                            "--din-keep=40",
                            "--ranknet-keep=10",
                            "--deadline=1s",
                            "--max-in-flight=64",
                            "--background-in-flight=8",
                            "--max-batch=16",
                            "--stage-workers=2",
                            "--drain-timeout=5s",
                            "--poll-interval=2s",
                            "--sweep-interval=2m",
                            "--connect-timeout=10ms",
                            "--command-timeout=20ms",
                            "--reconnect-min=1ms",
                            "--reconnect-max=2ms",
                            "--max-connections=9",
                            "--max-header-bytes=4096",
                            "--max-body-bytes=100",
                            "--max-unsent-bytes=2000000",
                            "--header-timeout=1s",
                            "--body-timeout=2s",
                            "--idle-timeout=3s",
                            "--cors-origins=https://a.example, https://b.example:8443",
                            "--access-log",
                            "--item-features=f.csv",
                            "--interactions=i.csv",
                            "--log-format=json"})
                          .values;
  BOOST_TEST(values.cascade.candidates.value() == 80u);
  BOOST_TEST(values.cascade.din_keep.value() == 40u);
  BOOST_TEST(values.cascade.ranknet_keep.value() == 10u);
  BOOST_TEST((values.pipeline.deadline == 1s));
  BOOST_TEST(values.pipeline.max_in_flight == 64u);
  BOOST_TEST(values.pipeline.background_in_flight == 8u);
  BOOST_TEST(values.pipeline.max_batch == 16u);
  BOOST_TEST(values.pipeline.stage_workers == 2u);
  BOOST_TEST((values.pipeline.drain_timeout == 5s));
  BOOST_TEST((values.poller.poll_interval == 2s));
  BOOST_TEST((values.poller.sweep_interval == 2min));
  BOOST_TEST((values.store.connect_timeout == 10ms));
  BOOST_TEST((values.store.command_timeout == 20ms));
  BOOST_TEST((values.store.reconnect_min == 1ms));
  BOOST_TEST((values.store.reconnect_max == 2ms));
  BOOST_TEST(values.http.max_connections == 9u);
  BOOST_TEST(values.http.max_header_bytes == 4096u);
  BOOST_TEST(values.http.max_body_bytes == 100u);
  BOOST_TEST(values.http.max_unsent_bytes == 2'000'000u);
  BOOST_TEST((values.http.header_timeout == 1s));
  BOOST_TEST((values.http.body_timeout == 2s));
  BOOST_TEST((values.http.idle_timeout == 3s));
  BOOST_TEST(values.http.cors_origins == "https://a.example, https://b.example:8443");
  BOOST_TEST(values.http.access_log);
  BOOST_TEST(values.models.item_features == "f.csv");
  BOOST_TEST(values.models.interactions == "i.csv");
  BOOST_TEST((values.log.format == winnow::log_format::json));
}

BOOST_AUTO_TEST_CASE(settings_complete_an_encrypted_store_address) {
  const auto loaded = load({"--store", "rediss://h?ssl_ca_certs=/url", "--redis-tls-ca", "/flag",
                            "--redis-tls-certificate", "/c", "--redis-tls-verify", "authority"});
  BOOST_TEST(to_string(loaded.values.store.address) ==
             "rediss://h:6379/0?ssl_ca_certs=/url&ssl_certfile=/c&ssl_check_hostname=false");
  BOOST_TEST(source_of(loaded, "redis-tls-certificate") == "flag --redis-tls-certificate");
  BOOST_TEST(to_string(load({"--redis-tls", "--redis-tls-ca", "/ca"}).values.store.address) ==
             "rediss://localhost:6379/0?ssl_ca_certs=/ca");
}

BOOST_AUTO_TEST_CASE(sentinels_can_be_set_without_an_address) {
  variables = {{"REDIS_SENTINELS", "s1,s2:7"}, {"REDIS_SENTINEL_PASSWORD", "pw"}, {"REDIS_DB", "2"}};
  BOOST_TEST(to_string(load().values.store.address) ==
             "redis+sentinel://s1:26379,s2:7/mymaster/2?sentinel_password=***");
  variables["REDIS_SENTINELS"] = "";
  variables["REDIS_MASTER_NAME"] = "shop";
  BOOST_TEST(to_string(load().values.store.address) == "redis://localhost:6379/2");
  variables["WINNOW_STORE"] = "redis+sentinel://s3/shop";
  BOOST_TEST(to_string(load().values.store.address) ==
             "redis+sentinel://s3:26379/shop/0?sentinel_password=***");
}

BOOST_AUTO_TEST_CASE(a_whole_store_address_overrides_its_parts_from_any_source) {
  const auto file = write_file(directory, "winnow.conf", "store = \"memory:\"\n");
  variables["REDIS_HOST"] = "redis";
  const auto loaded = load({"--config", file.c_str(), "--redis-port", "7"});
  BOOST_TEST((loaded.values.store.address.transport == store_address::kind::memory));
  BOOST_TEST(source_of(loaded, "store") == file + ":1");
  BOOST_TEST(source_of(loaded, "redis-host") == "environment REDIS_HOST, not used: store is set");
}

BOOST_AUTO_TEST_CASE(a_switch_can_be_turned_off_again) {
  variables["WINNOW_ACCESS_LOG"] = "true";
  BOOST_TEST(load().values.http.access_log);
  BOOST_TEST(!load({"--access-log=false"}).values.http.access_log);
  BOOST_TEST(!load({"--access-log=off"}).values.http.access_log);
  BOOST_TEST(load({"--access-log", "--port", "1"}).values.http.access_log);
}

BOOST_AUTO_TEST_CASE(a_switch_takes_a_truth_value_as_the_next_argument) {
  for (const char* yes : {"true", "On", "yes", "1"})
    BOOST_TEST(load({"--access-log", yes}).values.http.access_log, yes);
  variables["WINNOW_ACCESS_LOG"] = "true";
  for (const char* no : {"false", "OFF", "no", "0"})
    BOOST_TEST(!load({"--access-log", no, "--model-lock"}).values.http.access_log, no);
  BOOST_TEST(contains(refuse({"--access-log", "maybe"}), "argument \"maybe\": unexpected"));
  BOOST_TEST(contains(refuse({"--access-log", "true", "false"}), "argument \"false\": unexpected"));
  BOOST_TEST(
      contains(refuse({"--access-log", "true", "--access-log", "true"}), "flag --access-log: given 2 times"));
}

BOOST_AUTO_TEST_CASE(tables_can_be_locked_and_halved) {
  BOOST_TEST(!load().values.models.lock);
  BOOST_TEST(load({"--model-lock"}).values.models.lock);
  BOOST_TEST((load({"--model-precision", "half"}).values.models.precision == winnow::table_precision::half));
}

BOOST_AUTO_TEST_CASE(an_empty_flag_is_a_value) {
  BOOST_TEST(load({"--cors-origins=", "--port", "5"}).values.http.cors_origins == "");
  BOOST_TEST(load({"--cors-origins", "", "--port", "5"}).values.http.port == 5);
}

BOOST_AUTO_TEST_CASE(an_empty_variable_is_not_set_unless_empty_is_a_value) {
  variables = {{"REDIS_HOST", ""}, {"REDIS_PORT", ""}, {"WINNOW_STORE", ""}, {"WINNOW_CORS_ORIGINS", ""}};
  const auto loaded = load();
  BOOST_TEST(to_string(loaded.values.store.address) == "redis://localhost:6379/0");
  BOOST_TEST(source_of(loaded, "redis-host") == "default");
  BOOST_TEST(loaded.values.http.cors_origins == "");
}

BOOST_AUTO_TEST_CASE(the_variable_env_file_names_the_env_file) {
  write_file(directory, ".env", "WINNOW_PORT=1\n");
  write_file(directory, "other.env", "WINNOW_PORT=2\n");
  variables["ENV_FILE"] = "other.env";
  const auto loaded = load();
  BOOST_TEST(loaded.values.http.port == 2);
  BOOST_TEST(source_of(loaded, "port") == "other.env:1 WINNOW_PORT");
}

BOOST_AUTO_TEST_CASE(the_last_entry_of_a_name_in_the_env_file_counts) {
  write_file(directory, ".env", "WINNOW_PORT=wrong\nWINNOW_PORT=2\n");
  BOOST_TEST(load().values.http.port == 2);
}

BOOST_AUTO_TEST_CASE(the_config_file_can_be_named_in_three_places) {
  const auto flag = write_file(directory, "flag.conf", "port = 1\n");
  const auto variable = write_file(directory, "variable.conf", "port = 2\n");
  const auto entry = write_file(directory, "entry.conf", "port = 3\n");
  write_file(directory, ".env", "WINNOW_CONFIG=" + flag + "\nWINNOW_CONFIG=" + entry + "\n");
  BOOST_TEST(load().values.http.port == 3); // the last one counts, as of each name
  variables["WINNOW_CONFIG"] = variable;
  BOOST_TEST(load().values.http.port == 2);
  BOOST_TEST(load({"--config", flag.c_str()}).values.http.port == 1);
}

BOOST_AUTO_TEST_CASE(ignores_variables_of_other_programs) {
  write_file(directory, ".env", "DATABASE_URL=${X}\nSECRET='two\nlines'\nLONELY\nREDIS_URL=x\n");
  variables = {{"PATH", "/bin"}, {"REDIS_CLUSTER", "1"}, {"WINNOW_BIN_DIR", "/b"}, {"PORT", "x"}};
  BOOST_TEST(load().values.http.port == 8001);
}

BOOST_AUTO_TEST_CASE(the_environment_wins_over_a_broken_entry) {
  write_file(directory, ".env", "REDIS_HOST=\"open\nREDIS_PORT=${HOST\nWINNOW_PORT x\n");
  variables = {{"REDIS_HOST", "redis"}, {"REDIS_PORT", "6380"}, {"WINNOW_PORT", "8003"}};
  BOOST_TEST(to_string(load().values.store.address) == "redis://redis:6380/0");
  BOOST_TEST(load().warnings.empty());
  variables["REDIS_PORT"] = "tcp://10.0.0.1:6379"; // No setting, so the broken entry counts.
  BOOST_TEST(contains(refuse(), ".env:2 REDIS_PORT: expected a whole number"));
}

BOOST_AUTO_TEST_CASE(a_line_that_cannot_be_read_sets_nothing) {
  write_file(directory, ".env", "REDIS_HOST=first\nREDIS_HOST=\"redis\nREDIS_PORT 6380\nREDIS_DB=2\n");
  const auto loaded = load();
  BOOST_TEST(to_string(loaded.values.store.address) == "redis://first:6379/2");
  BOOST_REQUIRE(loaded.warnings.size() == 2u);
  BOOST_TEST(loaded.warnings[0] ==
             ".env:2 REDIS_HOST: expected a closing \", got the end of the file; ignored");
  BOOST_TEST(loaded.warnings[1] == ".env:3 REDIS_PORT: expected NAME=value; ignored");
}

BOOST_AUTO_TEST_CASE(lines_of_others_that_cannot_be_read_are_one_warning_without_their_text) {
  write_file(directory, ".env", "REDIS_DB=2\nsecret word\n");
  BOOST_TEST(load().warnings == std::vector<std::string>{".env:2: expected NAME=value; ignored"},
             boost::test_tools::per_element());
  write_file(directory, ".env", "=x\n'open\nsecret word\nREDIS_DB=2\n");
  const auto loaded = load();
  BOOST_TEST(loaded.warnings ==
                 std::vector<std::string>{".env:1: expected NAME=value; ignored, as are 2 more lines"},
             boost::test_tools::per_element());
  BOOST_TEST(to_string(loaded.values.store.address) == "redis://localhost:6379/2");
}

BOOST_AUTO_TEST_CASE(the_env_file_is_expanded) {
  write_file(directory, ".env", "NAME=shop\nREDIS_HOST=${NAME}.${ZONE:-local}\nREDIS_PORT=${REDIS_BASE}9\n");
  variables = {{"ZONE", "example"}, {"REDIS_BASE", "637"}};
  BOOST_TEST(to_string(load().values.store.address) == "redis://shop.example:6379/0");
}

BOOST_AUTO_TEST_CASE(a_missing_env_file_or_a_folder_is_a_warning) {
  variables["ENV_FILE"] = "none.env";
  const auto missing = load();
  BOOST_REQUIRE(missing.warnings.size() == 1u);
  BOOST_TEST(contains(missing.warnings[0], "environment ENV_FILE: "), missing.warnings[0]);
  BOOST_TEST(contains(missing.warnings[0], "none.env: cannot open: No such file or directory; ignored"),
             missing.warnings[0]);
  variables["ENV_FILE"] = ".";
  BOOST_TEST(contains(load().warnings.at(0), "got a directory; ignored"));
  variables.clear();
  BOOST_TEST(load().warnings.empty());
  std::filesystem::create_directory(std::filesystem::path(directory.path()) / ".env");
  BOOST_TEST(contains(load().warnings.at(0), ".env: expected a regular file, got a directory; ignored"));
}

// Password managers hand out a .env as a FIFO: what it holds must not get lost.
BOOST_AUTO_TEST_CASE(an_env_file_that_is_a_fifo_is_refused) {
  BOOST_REQUIRE_EQUAL(::mkfifo((directory.path() + "/.env").c_str(), 0600), 0);
  BOOST_TEST(contains(refuse(), ".env: expected a regular file, got a FIFO; expected a file that user "));
}

BOOST_AUTO_TEST_CASE(an_env_file_that_nothing_can_be_is_a_warning) {
  variables["ENV_FILE"] = std::string(300, 'e');
  BOOST_TEST(contains(load().warnings.at(0), "environment ENV_FILE: "));
  BOOST_TEST(contains(load().warnings.at(0), ": cannot open: File name too long; ignored"));
  std::filesystem::create_symlink(".env", std::filesystem::path(directory.path()) / ".env");
  variables.clear();
  BOOST_TEST(
      contains(load().warnings.at(0), ".env: cannot open: Too many levels of symbolic links; ignored"));
}

// Instead of a file of another user, which root could read: a process's memory, which has no beginning.
BOOST_AUTO_TEST_CASE(an_env_file_that_cannot_be_read_is_refused) {
  std::filesystem::create_symlink("/proc/self/mem", std::filesystem::path(directory.path()) / ".env");
  const auto reader = "; expected a file that user " + std::to_string(::geteuid()) + " can read";
  BOOST_TEST(contains(refuse(), ".env: cannot read: "));
  BOOST_TEST(contains(refuse(), reader));
  variables["ENV_FILE"] = ".env";
  BOOST_TEST(contains(refuse(), "environment ENV_FILE: "));
  BOOST_TEST(contains(refuse(), reader));
}

BOOST_AUTO_TEST_CASE(a_folder_that_must_not_be_searched_hides_its_env_file) {
  write_file(directory, ".env", "WINNOW_PORT=1\n");
  const unsearchable_folder hidden(directory.path());
  if (!hidden.is_effective()) {
    BOOST_TEST_MESSAGE("this process may search any folder");
    return;
  }
  const auto loaded = load();
  BOOST_TEST(loaded.values.http.port == 8001);
  BOOST_REQUIRE(loaded.warnings.size() == 1u);
  BOOST_TEST(contains(loaded.warnings[0], ".env: cannot open: Permission denied; user "), loaded.warnings[0]);
  BOOST_TEST(contains(loaded.warnings[0], "must not search the folder"), loaded.warnings[0]);
  variables["ENV_FILE"] = ".env"; // named, so it counts
  BOOST_TEST(contains(refuse(), "environment ENV_FILE: "));
}

BOOST_AUTO_TEST_CASE(some_settings_are_read_whatever_is_wrong_with_others) {
  const auto config = write_file(
      directory, "winnow.conf", "port = many\nnonsense\nprot = 1\nadmin = 127.0.0.1:1\nadmin-token = hush\n");
  variables["ENV_FILE"] =
      write_file(directory, "shop.env",
                 "set WINNOW_PORT=80\nREDIS_PORT=x\nWINNOW_ADMIN=127.0.0.1:2\nWINNOW_CONFIG=" + config);
  variables["WINNOW_PROT"] = "3";
  const auto asked = [&] { return winnow::read_settings_of({"admin", "admin-token"}, variables); };
  const auto read = asked();
  BOOST_TEST(read.errors.empty());
  BOOST_TEST(read.loaded.warnings.empty());
  BOOST_TEST(read.loaded.values.admin.address.port == 2);
  BOOST_TEST(read.loaded.values.admin.token == "hush");
  BOOST_TEST(read.loaded.values.http.port == 8001);
  variables["WINNOW_ADMIN"] = "127.0.0.1:3";
  BOOST_TEST(asked().loaded.values.admin.address.port == 3);
  variables["WINNOW_ADMIN"] = "nonsense";
  BOOST_REQUIRE(asked().errors.size() == 1u);
  BOOST_TEST(contains(asked().errors[0], "environment WINNOW_ADMIN: "), asked().errors[0]);
}

BOOST_AUTO_TEST_CASE(some_settings_are_read_without_files_that_cannot_be_read) {
  variables = {{"WINNOW_CONFIG", directory.path() + "/none.conf"}, {"ENV_FILE", "/proc/self/mem"}};
  const auto read = winnow::read_settings_of({"admin"}, variables);
  BOOST_TEST(read.errors.empty());
  BOOST_TEST(read.loaded.warnings.size() == 2u);
  variables = {{"ENV_FILE", directory.path() + "/none.env"}};
  BOOST_TEST(winnow::read_settings_of({"admin"}, variables).loaded.warnings.empty());
}

BOOST_AUTO_TEST_CASE(an_env_file_in_another_encoding_is_refused) {
  using namespace std::string_view_literals;
  write_file(directory, ".env", "\xff\xfeW\0=\0001\0"sv);
  BOOST_TEST(contains(refuse(), ".env: expected text in UTF-8, got UTF-16"));
  write_file(directory, ".env", "REDIS_HOST=\xe9\n");
  BOOST_TEST(contains(refuse(), ".env:1: expected text in UTF-8, got the byte "));
}

BOOST_AUTO_TEST_CASE(lines_that_look_as_if_they_should_set_one_of_its_own_settings_are_refused) {
  for (const std::string line :
       {"\"WINNOW_TOKEN_FILE\"=/x", "$env:WINNOW_TOKEN_FILE=\"/x\"", "\u200bWINNOW_TOKEN_FILE=/x",
        "\ufeffWINNOW_TOKEN_FILE=/x", "winnow_token_file=/x", "WINNOW_TOKEN_FILE", "WINNOW_TOKEN_FILE: /x",
        "set WINNOW_TOKEN_FILE=/x", "EXPORT WINNOW_TOKEN_FILE=/x", "A=\"x\" WINNOW_TOKEN_FILE=/x"}) {
    write_file(directory, ".env", "\n" + line + "\n");
    const auto text = refuse();
    BOOST_TEST(contains(text, ".env:2 WINNOW_TOKEN_FILE: expected WINNOW_TOKEN_FILE=VALUE, got \""), text);
    BOOST_TEST(!contains(text, "/x"), text);
  }
  write_file(directory, ".env", "A=\"x\nWINNOW_TOKEN_FILE=\"/x\"\n");
  BOOST_TEST(contains(refuse(), ".env:2 WINNOW_TOKEN_FILE: expected WINNOW_TOKEN_FILE=VALUE"));
  write_file(directory, ".env", "set WINNOW_TOKN_FILE=/x\n");
  BOOST_TEST(contains(refuse(), "got \"set WINNOW_TOKN_FILE\"; did you mean WINNOW_TOKEN_FILE?"));
  write_file(directory, ".env", "set WINNOW_PORT=80\nwinnow_port=80\nWINNOW_PORT=81\n");
  BOOST_TEST(load().values.http.port == 81);
  write_file(directory, ".env", "set WINNOW_PORT=80\n");
  variables["WINNOW_PORT"] = "82";
  BOOST_TEST(load().values.http.port == 82);
}

BOOST_AUTO_TEST_CASE(names_after_blanks_of_unicode_are_set) {
  for (const std::string before : {"\u00a0", "export\u00a0", "\u3000export \u2003"}) {
    write_file(directory, ".env", before + "WINNOW_PORT\u00a0=\u00a081\u00a0\n");
    BOOST_TEST(load().values.http.port == 81);
  }
}

BOOST_AUTO_TEST_CASE(lines_that_cannot_be_read_and_set_none_of_its_settings_are_ignored) {
  write_file(
      directory, ".env",
      "WINNOW_SERVICE_HOST: 10.0.0.2\nset WINNOW_PORT_8001_TCP=tcp://10.0.0.2:8001\nset WINNOW_BIN_DIR=/b\n");
  BOOST_TEST(load().warnings.size() == 1u);
  write_file(directory, ".env",
             "WINNOW_SERVICE_HOST=10.0.0.2\nWINNOW_API_PORT_8001_TCP=tcp://10.0.0.2:8001\n"
             "NOTE=see WINNOW_PORT\nURL=http://${WINNOW_HOST:-h}\n");
  BOOST_TEST(load().warnings.empty());
}

BOOST_AUTO_TEST_CASE(ignores_service_links_of_other_services) {
  for (const auto& [name, value] :
       {std::pair("WINNOW_API_PORT", "tcp://10.0.0.2:8001"),
        std::pair("WINNOW_API_PORT_8001_TCP", "tcp://10.0.0.2:8001"),
        std::pair("WINNOW_API_PORT_8001_TCP_ADDR", "10.0.0.2"),
        std::pair("WINNOW_API_PORT_8001_TCP_PORT", "8001"), std::pair("WINNOW_API_PORT_53_UDP_PROTO", "udp"),
        std::pair("WINNOW_API_SERVICE_HOST", "10.0.0.2"), std::pair("WINNOW_API_SERVICE_PORT", "8001"),
        std::pair("WINNOW_API_SERVICE_PORT_HTTP", "8001")}) {
    variables = {{name, value}};
    BOOST_TEST(load().warnings.empty(), name);
  }
}

BOOST_AUTO_TEST_CASE(refuses_names_that_nearly_are_those_of_settings) {
  for (const auto* name : {"WINNOW_PROT", "WINNOW_PORTS", "WINNOW_HOSTS", "WINNOW_DEDLINE",
                           "WINNOW_TOKENS_FILE", "WINNOW_CONFIGG"}) {
    variables = {{name, "tcp://10.0.0.2:8001"}};
    BOOST_TEST(contains(refuse(), std::string(name) + ": unknown; did you mean WINNOW_"), name);
  }
  for (const auto* name : {"WINOW_TOKEN_FILE", "WINNNOW_TOKEN_FILE", "WINNOWD_TOKEN_FILE", "WINNOWTOKEN_FILE",
                           "WINNOW-TOKEN-FILE", "winnow_token_file"}) {
    variables = {{name, "tokens"}};
    BOOST_TEST(contains(refuse(), std::string(name) + ": unknown; did you mean WINNOW_TOKEN_FILE?"), name);
  }
  variables.clear();
  write_file(directory, ".env", "WINNOW_LOG_LEVL=debug\n");
  BOOST_TEST(contains(refuse(), ".env:1 WINNOW_LOG_LEVL: unknown; did you mean WINNOW_LOG_LEVEL?\n"));
}

BOOST_AUTO_TEST_CASE(warns_of_names_that_only_look_like_those_of_settings) {
  for (const auto* name :
       {"WINNOW_VERSION", "WINNOW_NAME", "WINNOW_ENV_FOO", "WINNOW_HOME", "WINNOW_API_PORT",
        "WINNOW_PORT_8001", "WINNOW_PORT_X_TCP", "WINNOW_SERVICE", "WINNOW_", "WINNOW_IMAGE"}) {
    variables = {{name, "8001"}};
    const auto loaded = load();
    BOOST_REQUIRE(loaded.warnings.size() == 1u);
    BOOST_TEST(loaded.warnings[0] ==
               "environment " + std::string(name) + ": ignored, because no setting has this name");
    BOOST_TEST(loaded.values.http.port == 8001);
  }
  variables.clear();
  write_file(directory, ".env", "WINNOW_VERSION=1.2\n");
  BOOST_TEST(load().warnings.at(0) == ".env:1 WINNOW_VERSION: ignored, because no setting has this name");
}

BOOST_AUTO_TEST_CASE(ignores_kubernetes_service_links) {
  variables = {{"REDIS_PORT", "tcp://10.0.0.1:6379"},
               {"WINNOW_PORT", "tcp://10.0.0.2:8001"},
               {"WINNOW_PORT_8001_TCP_ADDR", "10.0.0.2"},
               {"WINNOW_SERVICE_HOST", "10.0.0.2"}};
  const auto loaded = load();
  BOOST_TEST(loaded.values.http.port == 8001);
  BOOST_TEST(loaded.values.store.address.port == 6379);
  BOOST_REQUIRE(loaded.warnings.size() == 2u);
  BOOST_TEST(loaded.warnings[0] == "environment REDIS_PORT: ignored, because it describes a service "
                                   "(\"tcp://10.0.0.1:6379\"), as Kubernetes and Docker links do");
  BOOST_TEST(contains(loaded.warnings[1], "environment WINNOW_PORT: ignored"));
  write_file(directory, ".env", "REDIS_PORT=6380\n");
  BOOST_TEST(load().values.store.address.port == 6380);
}

BOOST_AUTO_TEST_SUITE_END()
