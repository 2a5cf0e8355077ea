#include "http/connection/unix_socket.hpp"

#include "support/temp_dir.hpp"
#include "tests/http/running_server.hpp"

#include <fstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace winnow::http::test {

namespace {

struct socket_path {
  winnow::test::temp_dir directory;
  std::string path = directory.path() + "/admin.sock";

  http_settings settings() const {
    http_settings made = local();
    made.unix_socket = path;
    return made;
  }

  bool exists() const { return ::access(path.c_str(), F_OK) == 0; }
};

/// Creates a socket file without a listener, as a killed daemon leaves behind.
void leave_behind(const std::string& path) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  BOOST_REQUIRE_EQUAL(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  BOOST_REQUIRE_EQUAL(::listen(socket, 1), 0);
  ::close(socket);
}

} // namespace

BOOST_AUTO_TEST_SUITE(unix_socket)

BOOST_AUTO_TEST_CASE(only_the_own_user_can_connect) {
  const socket_path place;
  {
    const running_server server(place.settings());
    BOOST_TEST(server.port() == 0);
    struct stat made {};
    BOOST_REQUIRE_EQUAL(::stat(place.path.c_str(), &made), 0);
    BOOST_TEST((made.st_mode & 0777) == 0600u);
    raw_client client(place.path);
    BOOST_TEST(client.ask(get("/health")).body == "ok");
    BOOST_TEST(client.ask(get("/health")).body == "ok");
    BOOST_TEST(server.exchanges().at(0).client == "unix");
  }
  BOOST_TEST(!place.exists());
}

BOOST_AUTO_TEST_CASE(a_socket_left_behind_is_replaced) {
  const socket_path place;
  leave_behind(place.path);
  const running_server server(place.settings());
  BOOST_TEST(raw_client(place.path).ask(get("/health")).body == "ok");
}

BOOST_AUTO_TEST_CASE(a_socket_in_use_is_a_conflict_and_stays) {
  const socket_path place;
  const running_server first(place.settings());
  {
    server second(place.settings(), test_routes());
    const auto refused = second.listen();
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.error().cause == fault::conflict));
    BOOST_TEST(refused.error().message == "cannot listen on " + place.path + ": Address already in use");
  }
  BOOST_TEST(raw_client(place.path).ask(get("/health")).body == "ok");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_a_socket_is_kept) {
  const socket_path place;
  std::ofstream(place.path) << "precious";
  server refused(place.settings(), test_routes());
  BOOST_TEST((refused.listen().error().cause == fault::conflict));
  BOOST_TEST(place.exists());
}

BOOST_AUTO_TEST_CASE(a_missing_directory_is_reported) {
  const socket_path place;
  http_settings settings = place.settings();
  settings.unix_socket = place.directory.path() + "/nowhere/admin.sock";
  server refused(settings, test_routes());
  const auto port = refused.listen();
  BOOST_REQUIRE(!port);
  BOOST_TEST(port.error().message.find("No such file or directory") != std::string::npos,
             port.error().message);
}

BOOST_AUTO_TEST_CASE(a_socket_that_replaced_a_deleted_one_stays) {
  const socket_path place;
  {
    leave_behind(place.path);
    unix_socket_file first(place.path);
    first.bound();
    ::unlink(place.path.c_str());
    leave_behind(place.path); // the file system may give it the inode of the first
  }
  BOOST_TEST(place.exists());
}

BOOST_AUTO_TEST_CASE(the_file_is_removed_when_accepting_stops) {
  const socket_path place;
  running_server server(place.settings());
  server->stop_accepting();
  BOOST_TEST(!place.exists());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow::http::test
