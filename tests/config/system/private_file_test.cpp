#include "config/system/private_file.hpp"

#include "config/system/admin_token_file.hpp"
#include "config/system/secret_token.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace winnow;
using namespace winnow::test;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(private_files)

BOOST_AUTO_TEST_CASE(only_the_user_can_read_it_whatever_was_there_before) {
  const temp_dir directory;
  const auto path = directory.path() + "/token";
  const auto other = directory.path() + "/other";
  std::ofstream(other) << "untouched";
  fs::create_symlink(other, path);
  {
    const auto made = private_file::create(path, "hush\n");
    BOOST_REQUIRE(made);
    BOOST_TEST(bytes_of(path) == "hush\n");
    BOOST_TEST(bytes_of(other) == "untouched");
    BOOST_CHECK(fs::symlink_status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  }
  BOOST_TEST(!fs::exists(path));
}

BOOST_AUTO_TEST_CASE(the_file_of_a_successor_stays) {
  const temp_dir directory;
  const auto path = directory.path() + "/token";
  auto first = std::make_unique<result<private_file>>(private_file::create(path, "first"));
  const auto second = private_file::create(path, "second");
  first.reset();
  BOOST_TEST(bytes_of(path) == "second");
}

BOOST_AUTO_TEST_CASE(a_file_that_replaces_one_that_was_deleted_stays) {
  const temp_dir directory;
  const auto path = directory.path() + "/token";
  auto kept = need(private_file::create(path, "first"));
  fs::remove(path);
  kept = need(private_file::create(path, "second")); // the file system may give it the inode of the first
  BOOST_TEST(bytes_of(path) == "second");
}

BOOST_AUTO_TEST_CASE(drafts_of_killed_processes_are_removed) {
  const temp_dir directory;
  const auto path = directory.path() + "/token";
  std::ofstream(path + ".99999999") << "half";
  const auto made = private_file::create(path, "hush\n");
  BOOST_REQUIRE(made);
  BOOST_TEST(bytes_of(path) == "hush\n");
  BOOST_TEST(!fs::exists(path + ".99999999"));
}

BOOST_AUTO_TEST_CASE(failures_name_the_file) {
  const auto failed = private_file::create("/nowhere/token", "hush");
  BOOST_REQUIRE(!failed);
  BOOST_TEST(failed.error().message.find("/nowhere/token") != std::string::npos);
  BOOST_CHECK(failed.error().cause == fault::not_found);
}

BOOST_AUTO_TEST_CASE(a_directory_that_others_can_write_to_is_refused) {
  const temp_dir directory;
  const auto path = directory.path() + "/winnow";
  BOOST_TEST(make_private_directory(path).has_value());
  BOOST_CHECK(fs::status(path).permissions() == fs::perms::owner_all);
  BOOST_TEST(make_private_directory(path).has_value());
  fs::permissions(path, fs::perms::all);
  BOOST_TEST(!make_private_directory(path));
  fs::permissions(path, fs::perms::owner_all);
  fs::create_directory_symlink(path, directory.path() + "/link");
  BOOST_TEST(!make_private_directory(directory.path() + "/link"));
}

BOOST_AUTO_TEST_CASE(tokens_differ_and_are_found_beside_the_socket) {
  const auto token = secret_token();
  BOOST_TEST(token.size() == 64u);
  BOOST_TEST(token != secret_token());
  const temp_dir directory;
  admin_address address;
  address.unix_path = directory.path() + "/admin.sock";
  BOOST_TEST(read_admin_tokens(address, {})->empty());
  const auto written = write_admin_token(address, {}, token);
  BOOST_REQUIRE(written);
  BOOST_TEST(written->path() == address.unix_path + ".token");
  BOOST_TEST(read_admin_tokens(address, {})->front() == token);
}

BOOST_AUTO_TEST_CASE(daemons_at_two_addresses_of_one_port_have_two_files) {
  const temp_dir directory;
  ::setenv("RUNTIME_DIRECTORY", directory.path().c_str(), 1); // NOLINT(concurrency-mt-unsafe)
  admin_address one, other;
  other.host = "127.0.0.2";
  const auto first = write_admin_token(one, {}, secret_token());
  const auto token = secret_token();
  {
    const auto second = write_admin_token(other, {}, token);
    BOOST_REQUIRE(first.has_value() && second.has_value());
    BOOST_TEST(first->path() == directory.path() + "/admin-8002.token");
    BOOST_TEST(read_admin_tokens(other, {})->front() == token);
    BOOST_TEST(read_admin_tokens(one, {})->front() != token);
  }
  // At each of its addresses is a daemon that listens at all of them.
  BOOST_TEST((*read_admin_tokens(other, {}) == *read_admin_tokens(one, {})));
  ::unsetenv("RUNTIME_DIRECTORY"); // NOLINT(concurrency-mt-unsafe)
}

BOOST_AUTO_TEST_CASE(only_a_token_in_a_file_is_read) {
  const temp_dir directory;
  const auto path = directory.path() + "/token";
  const auto token = secret_token();
  const auto read = [&] { return read_admin_tokens({}, path).has_value(); };
  for (const auto& text : {std::string("root:$6$hash:19000:0\n"), token, token + "0\n",
                           "g" + token.substr(1) + "\n", std::string()}) {
    std::ofstream(path, std::ios::trunc) << text;
    BOOST_TEST(!read(), text);
  }
  std::ofstream(path, std::ios::trunc) << token << "\n";
  BOOST_TEST(read());
  fs::rename(path, directory.path() + "/elsewhere");
  fs::create_symlink(directory.path() + "/elsewhere", path);
  BOOST_TEST(!read());
  fs::remove(path);
  BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0); // reading it would wait for ever
  BOOST_TEST(!read());
}

BOOST_AUTO_TEST_SUITE_END()
