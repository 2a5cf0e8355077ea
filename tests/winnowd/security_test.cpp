#include "daemon_process.hpp"
#include "support/certificate.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fstream>
#include <sys/stat.h>

// Who may ask winnowd what, and TLS.

using namespace winnow::test;

namespace {

const std::string old_token = "old-0123456789abcdef";
const std::string new_token = "new-0123456789abcdef";

strings flags(const strings& further) {
  strings all{"--host",  "127.0.0.1",       "--port", "0",          "--model-dir", bookshop_dir(), "--store",
              "memory:", "--stage-workers", "1",      "--deadline", "20s",         "--admin",      "off"};
  all.insert(all.end(), further.begin(), further.end());
  return all;
}

void write(const std::string& file, const std::string& text) {
  std::ofstream(file, std::ios::trunc) << text;
}

winnow::http_headers bearer(const std::string& token) {
  return {{"Authorization", "Bearer " + token}};
}

/// The address that winnowd has printed, e.g. after `winnowd listening on `.
std::string printed_address(const daemon_process& shop, const std::string& announcement) {
  std::string address;
  BOOST_REQUIRE_MESSAGE(wait_until([&] {
                          const auto text = shop.output();
                          const auto at = text.find(announcement);
                          const auto end = text.find('\n', at);
                          if (at == std::string::npos || end == std::string::npos)
                            return false;
                          address = text.substr(at + announcement.size(), end - at - announcement.size());
                          return true;
                        }),
                        shop.output() << shop.errors());
  return address;
}

struct outcome {
  int code = -1;
  std::string text;
};

outcome run(const strings& words) {
  const temp_dir directory;
  const auto file = directory.path() + "/output";
  outcome done;
  done.code = child_process(words, file).wait().value_or(-1);
  done.text = bytes_of(file);
  return done;
}

outcome fetch(const std::string& url, const std::string& authority) {
  return run({"curl", "-sS", "--noproxy", "*", "--max-time", "20", "--cacert", authority, url});
}

} // namespace

BOOST_AUTO_TEST_SUITE(daemon_security)

BOOST_AUTO_TEST_CASE(tokens_are_required_and_replaced_by_sighup) {
  const temp_dir directory;
  const auto file = directory.path() + "/tokens";
  write(file, "shop full " + old_token + "\n");
  ::chmod(file.c_str(), 0644);
  daemon_process shop(flags({"--token-file", file, "--access-log"}));
  shop.wait_until_ready(); // asks /readyz, without a token
  const auto status = [&](const std::string& token) {
    return shop.http().get("/recommendations/nobody", bearer(token)).status;
  };
  BOOST_TEST(shop.http().get("/recommendations/nobody").status == 401u);
  BOOST_TEST(status(old_token) == 404u);
  BOOST_TEST(status(new_token) == 401u);
  BOOST_TEST(shop.wait_for_error_line("other users can use the tokens"));
  BOOST_TEST(shop.wait_for_error_line("token=shop"));

  write(file, "broken\n");
  shop.signal(SIGHUP);
  BOOST_TEST(shop.wait_for_error_line("line 1: expected read or full"));
  BOOST_TEST(status(old_token) == 404u);
  write(file, "shop full " + new_token + "\n");
  shop.signal(SIGHUP);
  BOOST_TEST(wait_until([&] { return status(new_token) == 404; }));
  BOOST_TEST(status(old_token) == 401u);
  const auto metrics =
      shop.http().get("/metrics", {{"Accept", "text/plain"}, bearer(new_token).front()}).body;
  BOOST_TEST(metrics.find("winnow_http_refused_clients_total{reason=\"no_token\"} 1\n") != std::string::npos);
  for (const auto& secret : {old_token, new_token})
    BOOST_TEST(shop.errors().find(secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(https_is_served_and_the_certificate_replaced_by_sighup) {
  const certificate own("first");
  daemon_process shop(flags({"--tls-certificate", own.file(), "--admin", "https://127.0.0.1:0"}));
  const auto url = printed_address(shop, "winnowd listening on ");
  const auto admin = printed_address(shop, "winnowd admin on ");
  BOOST_TEST(url.find("https://127.0.0.1:") == 0u);
  const auto alive = fetch(url + "/livez", own.file());
  BOOST_TEST(alive.text == R"({"status":"alive"})");
  const auto ctl = [&](const strings& words, const std::string& authority) {
    strings all{"env", "WINNOW_ADMIN=" + admin, "WINNOW_ADMIN_CA=" + authority};
    all.push_back(required_variable("WINNOW_BIN_DIR") + "/winnowctl");
    all.insert(all.end(), words.begin(), words.end());
    return run(all);
  };
  BOOST_TEST(ctl({"status"}, own.file()).code == 0);
  BOOST_TEST(ctl({"loglevel", "debug"}, own.file()).code == 0);
  BOOST_TEST(fetch("http" + admin.substr(5) + "/livez", own.file()).text.find("HTTPS") != std::string::npos);
  const auto metrics = run({"curl", "-sS", "--noproxy", "*", "--max-time", "20", "--cacert", own.file(), "-H",
                            "Accept: text/plain", url + "/metrics"});
  BOOST_TEST(metrics.text.find("winnow_http_failed_handshakes_total{reason=\"not_tls\"} 1\n") !=
             std::string::npos);
  const certificate other;
  const auto untrusted = ctl({"status"}, other.file());
  BOOST_TEST(untrusted.code == 69);
  BOOST_TEST(untrusted.text.find("certificate verify failed") != std::string::npos, untrusted.text);

  write(own.file(), "broken\n");
  shop.signal(SIGHUP);
  BOOST_TEST(shop.wait_for_error_line("reload refused, the old ones stay"));
  certificate::write("second", own.file());
  shop.signal(SIGHUP);
  BOOST_TEST(wait_until([&] { return fetch(url + "/livez", own.file()).code == 0; }));
  shop.signal(SIGTERM);
  BOOST_TEST(shop.wait().value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(broken_credentials_are_refused_at_the_start) {
  const temp_dir directory;
  const auto file = directory.path() + "/broken";
  write(file, "broken\n");
  for (const auto& further : std::vector<strings>{
           {"--token-file", file}, {"--tls-certificate", file}, {"--token-file", "/nowhere"}}) {
    daemon_process shop(flags(further));
    BOOST_TEST(shop.wait().value_or(-1) == 78);
    BOOST_TEST(shop.errors().find(further.back()) != std::string::npos, shop.errors());
  }
}

BOOST_AUTO_TEST_CASE(clients_that_ask_too_often_get_429) {
  daemon_process shop(flags({"--rate-limit", "1", "--rate-burst", "2"}));
  shop.wait_until_ready();
  BOOST_TEST(shop.http().get("/recommendations/a").status == 404u);
  BOOST_TEST(shop.http().get("/recommendations/a").status == 404u);
  const auto refused = shop.http().get("/recommendations/a");
  BOOST_TEST(refused.status == 429u);
  BOOST_TEST(refused.header("Retry-After") == "1");
  BOOST_TEST(shop.http().get("/readyz").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_check_of_the_settings_refuses_what_a_start_refuses) {
  const auto refusal_of = [](const strings& words) {
    daemon_process process(words);
    BOOST_TEST(process.wait().value_or(-1) == 78, words[0]);
    for (const auto& line : process.error_lines()) // the others are of the log
      if (line.rfind("winnowd: ", 0) == 0)
        return line;
    return std::string();
  };
  for (const strings& words :
       {strings{"--token-file", "/none"}, strings{"--deny-items", "/none"},
        strings{"--tls-certificate", "/none", "--tls-key", "/none"}, strings{"--rules", "/none"},
        strings{"--rules", "/none", "--deny-items", "/none"}}) {
    strings check = words;
    check.emplace_back("--check-config");
    const auto refusal = refusal_of(words);
    BOOST_TEST(refusal.find("/none: cannot open") != std::string::npos, refusal);
    BOOST_TEST(refusal_of(check) == refusal);
  }
}

BOOST_AUTO_TEST_SUITE_END()
