#include "config/files/library_files.hpp"

#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>

namespace winnow {

namespace {

std::string reason_of(const result<void>& checked) {
  return checked ? "none" : checked.error().message;
}

/// What is said of the system's authorities with this variable.
std::string refusal_with(const char* name, const std::string& value) {
  ::setenv(name, value.c_str(), 1); // NOLINT(concurrency-mt-unsafe): the program has one thread
  auto reason = reason_of(check_system_authorities());
  ::unsetenv(name); // NOLINT(concurrency-mt-unsafe)
  return reason;
}

/// A directory with a regular file and a FIFO, which has the name of a certificate.
struct odd_directory {
  test::temp_dir dir;
  std::string file = dir.path() + "/file", fifo = dir.path() + "/0a1b2c3d.0";
  const std::string refusal = fifo + ": expected a regular file, got a FIFO";

  odd_directory() {
    std::ofstream(file) << "text";
    BOOST_REQUIRE_EQUAL(::mkfifo(fifo.c_str(), 0600), 0);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(library_files_suite)

BOOST_FIXTURE_TEST_CASE(names_what_a_library_would_wait_at, odd_directory) {
  BOOST_TEST(reason_of(check_library_file(file)) == "none");
  BOOST_TEST(reason_of(check_library_file(dir.path() + "/missing")) == "none"); // the library says it
  BOOST_TEST(reason_of(check_library_file(fifo)) == refusal);
  BOOST_TEST((check_library_file(fifo).error().cause == fault::invalid_argument));
}

BOOST_FIXTURE_TEST_CASE(looks_only_at_what_openssl_reads_of_a_directory, odd_directory) {
  BOOST_TEST(reason_of(check_authorities(file)) == "none");
  BOOST_TEST(reason_of(check_authorities(fifo)) == refusal);
  BOOST_TEST(reason_of(check_authorities(dir.path())) == refusal);
  std::filesystem::rename(fifo, dir.path() + "/other.0");
  BOOST_TEST(reason_of(check_authorities(dir.path())) == "none");
  std::filesystem::rename(dir.path() + "/other.0", dir.path() + "/0a1b2c3d.r1");
  BOOST_TEST(reason_of(check_authorities(dir.path())).find("0a1b2c3d.r1: expected") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(looks_at_what_the_environment_names, odd_directory) {
  BOOST_TEST(refusal_with("SSL_CERT_FILE", file) == "none");
  BOOST_TEST(refusal_with("SSL_CERT_FILE", fifo) == refusal);
  BOOST_TEST(refusal_with("SSL_CERT_DIR", "/missing:" + dir.path()) == refusal);
  BOOST_TEST(refusal_with("SSL_CERT_DIR", "") == "none");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
