#include "daemon_process.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/free_port.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

// winnowd's admin endpoint, and winnowctl, which talks to it.

using namespace winnow::test;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

const char* const history = R"(["0764227971", "0990351408"])";

struct ctl_outcome {
  int code = -1;
  std::string text; ///< Both streams, unless standard error was redirected.
};

/// Runs winnowctl in an environment of only `environment` and the sanitizers' options. Standard error goes to
/// the file `errors` unless that is empty.
ctl_outcome run_ctl(const strings& arguments, const strings& environment = {},
                    const std::string& errors = {}) {
  strings words{"env", "-i"};
  for (auto& option : sanitizer_options())
    words.push_back(std::move(option));
  words.insert(words.end(), environment.begin(), environment.end());
  if (!errors.empty())
    words.insert(words.end(), {"/bin/sh", "-c", R"(errors=$1; shift; exec "$@" 2> "$errors")", "sh", errors});
  words.push_back(required_variable("WINNOW_BIN_DIR") + "/winnowctl");
  words.insert(words.end(), arguments.begin(), arguments.end());
  const temp_dir directory;
  const auto file = directory.path() + "/output";
  ctl_outcome outcome;
  outcome.code = child_process(words, file).wait().value_or(-1);
  outcome.text = bytes_of(file);
  return outcome;
}

/// A daemon with the embedded store and an admin endpoint on a free port.
struct watched_daemon {
  explicit watched_daemon(const strings& further = {}) : process(flags(further)) {
    process.wait_until_ready();
    BOOST_REQUIRE_MESSAGE(wait_until([this] { return !process.admin_address().empty(); }), process.output());
    address = process.admin_address();
    admin.emplace(static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1))));
  }

  static strings flags(const strings& further) {
    strings all{"--host",  "127.0.0.1",  "--port",          "0", "--model-dir", bookshop_dir(),
                "--store", "memory:",    "--stage-workers", "1", "--deadline",  "20s",
                "--admin", "127.0.0.1:0"};
    all.insert(all.end(), further.begin(), further.end());
    return all;
  }

  ctl_outcome ctl(const strings& arguments, strings environment = {}) const {
    environment.insert(environment.begin(), "WINNOW_ADMIN=" + address);
    return run_ctl(arguments, environment);
  }

  /// The file with the token, from the log.
  std::string token_file() const {
    const auto log = process.errors();
    const auto event = log.find("steering token written");
    const auto at = log.find("file=", event) + 5;
    return event == std::string::npos ? std::string() : log.substr(at, log.find('\n', at) - at);
  }

  std::string token() const {
    const auto line = bytes_of(token_file());
    return line.substr(0, line.find('\n'));
  }

  http_answer steer(const std::string& target) const {
    return admin->post(target, {}, {{"Authorization", "Bearer " + token()}});
  }

  json status() const { return json::parse(admin->get("/status").body); }

  json actor(const std::string& name) const {
    const auto report = status();
    for (const auto& one : report.at("actors"))
      if (one.at("name") == name)
        return one;
    return nullptr;
  }

  daemon_process process;
  std::string address;
  std::optional<http_client> admin;
};

bool has(const ctl_outcome& outcome, const std::string& part) {
  return outcome.text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ctl)

BOOST_AUTO_TEST_CASE(status_describes_the_daemon_and_every_actor) {
  const watched_daemon shop;
  const auto status = shop.status();
  BOOST_TEST(status.at("daemon").at("ready") == true);
  BOOST_TEST(status.at("daemon").at("pid").get<int>() > 0);
  BOOST_TEST(status.at("daemon").at("retrieval") == "exact");
  BOOST_TEST(status.at("daemon").at("model_trained_at").get<std::int64_t>() > 0);
  BOOST_TEST(status.at("daemon").at("drift").at("stability_indices").empty()); // models from elsewhere
  BOOST_TEST(status.at("daemon").at("model_version").get<std::string>().size() == 16u);
  for (const auto& actor : status.at("actors")) {
    BOOST_TEST(actor.at("state") == "running");
    for (const char* key : {"id", "parent", "name", "up_ms", "doing", "handled", "rate", "busy", "in_flight",
                            "queue", "queue_capacity", "p50_us", "p99_us", "restarts", "last_error"})
      BOOST_TEST(actor.contains(key), key);
  }
  for (const char* command : {"status", "tree", "top"}) { // no terminal: top prints once
    const auto printed = shop.ctl({command});
    BOOST_TEST(printed.code == 0, printed.text);
    for (const char* part : {"winnowd", "ready", "supervisor", "din_ranker.1", "admin_server"})
      BOOST_TEST(has(printed, part), printed.text);
    BOOST_TEST(!has(printed, "\x1b"), printed.text);
    BOOST_TEST(json::parse(shop.ctl({command, "--json"}).text).contains("actors"));
  }
}

BOOST_AUTO_TEST_CASE(top_draws_on_a_terminal_and_restores_it) {
  const watched_daemon shop;
  const auto program = required_variable("WINNOW_BIN_DIR") + "/winnowctl";
  const temp_dir directory;
  const auto file = directory.path() + "/screen";
  // The keys end with q, which ends top and with it the pipe.
  child_process terminal({"env", "TERM=xterm", "sh", "-c",
                          "(for key in x r t b q; do sleep 0.3; printf $key; done; sleep 20) |"
                          " script -qec '" +
                              program + " top --admin " + shop.address + "' " + file + " >" +
                              directory.path() + "/typescript & wait $!"},
                         directory.path() + "/output");
  BOOST_CHECK(wait_until([&] { return written_so_far(file).find("\x1b[?1049l") != std::string::npos; }));
  const auto drawn = written_so_far(file);
  for (const char* part : {"\x1b[?1049h", "supervisor", "─ din_ranker", "order: rate", "\x1b[?25h"})
    BOOST_TEST(drawn.find(part) != std::string::npos, part);
}

BOOST_AUTO_TEST_CASE(history_grows) {
  const watched_daemon shop;
  BOOST_CHECK(wait_until([&] {
    const auto samples = json::parse(shop.admin->get("/history").body);
    const auto rows = samples.at("time").size();
    return rows >= 2 && samples.at("actors").at("din_ranker").at("p99_us").size() == rows &&
           samples.at("actors").at("http_server").at("rate").size() == rows;
  }));
}

BOOST_AUTO_TEST_CASE(trace_matches_the_recommendation_and_stores_nothing) {
  const watched_daemon shop;
  shop.process.http().put("/profiles/a%20b%2Fc", history);
  BOOST_CHECK(
      wait_until([&] { return shop.process.http().get("/recommendations/a%20b%2Fc").status == 200; }));
  const auto list =
      json::parse(shop.process.http().get("/recommendations/a%20b%2Fc").body).at("recommendations");
  const auto printed = shop.ctl({"trace", "a b/c", "--json"});
  BOOST_TEST_REQUIRE(printed.code == 0, printed.text);
  const auto trace = json::parse(printed.text);
  BOOST_TEST(trace.at("user_id") == "a b/c");
  BOOST_TEST(trace.at("recommendations") == list);
  BOOST_TEST_REQUIRE(trace.at("stages").size() == 3u);
  for (const auto& stage : trace.at("stages"))
    BOOST_TEST(stage.at("us").get<double>() > 0);
  BOOST_TEST(trace.at("stages")[1].at("items").size() == trace.at("stages")[0].at("items").size());
  BOOST_TEST(trace.at("attention").size() == 2u);
  BOOST_TEST(trace.at("because").size() == list.size());

  const auto text = shop.ctl({"trace", "a b/c"});
  BOOST_TEST(text.code == 0);
  BOOST_TEST(has(text, list[0].get<std::string>()), text.text);
  const auto nobody = shop.ctl({"trace", "nobody"});
  BOOST_TEST(nobody.code == 1);
  BOOST_TEST(has(nobody, "no profile of user nobody"), nobody.text);
}

BOOST_AUTO_TEST_CASE(scale_outlives_a_restart_of_the_stage) {
  const watched_daemon shop;
  BOOST_TEST(shop.ctl({"scale", "din_ranker", "3"}).code == 0);
  BOOST_TEST(shop.actor("din_ranker.3").is_object());
  BOOST_TEST(shop.ctl({"kill", "din_ranker"}).code == 0);
  BOOST_CHECK(wait_until([&] {
    const auto stage = shop.actor("din_ranker");
    return stage.at("restarts") == 1 && stage.at("state") == "running" &&
           shop.actor("din_ranker.3").is_object();
  }));
  BOOST_TEST(shop.ctl({"scale", "din_ranker", "1"}).code == 0);
  BOOST_CHECK(wait_until([&] { return shop.actor("din_ranker.2").is_null(); }));
  const auto none = shop.ctl({"scale", "no_stage", "2"});
  BOOST_TEST(none.code == 1);
  BOOST_TEST(has(none, "no_stage"), none.text);
  BOOST_TEST(shop.ctl({"scale", "din_ranker", "0"}).code == 64);
  BOOST_TEST(shop.steer("/stages/din_ranker/workers?count=many").status == 400u);
}

BOOST_AUTO_TEST_CASE(killed_actors_are_restarted) {
  const watched_daemon shop;
  for (const std::string actor : {"recommender", "ranknet_ranker.1", "admin_server"}) {
    BOOST_TEST_CONTEXT(actor) {
      BOOST_TEST(shop.ctl({"kill", actor}).code == 0);
      BOOST_CHECK(wait_until([&] {
        try {
          const auto restarted = shop.actor(actor);
          return restarted.at("restarts") == 1 && restarted.at("state") == "running" &&
                 !restarted.at("last_error").is_null();
        } catch (const std::exception&) { // the admin endpoint itself is restarting
          return false;
        }
      }));
    }
  }
  BOOST_TEST(shop.ctl({"kill", "supervisor"}).code == 1);
  BOOST_TEST(shop.ctl({"kill", "nobody"}).code == 1);
  BOOST_TEST(shop.process.http().get("/readyz").status == 200u);
}

BOOST_AUTO_TEST_CASE(completion_offers_actors_that_can_be_killed) {
  const watched_daemon shop;
  const auto status = shop.status();
  std::string expected;
  for (const auto& actor : status.at("actors"))
    if (!actor.at("group").get<bool>() && actor.at("parent") != 0)
      expected += actor.at("name").get<std::string>() + "\n";
  strings words{"env", "PATH=" + required_variable("WINNOW_BIN_DIR") + ":/usr/bin:/bin"};
  const auto script = required_variable("WINNOW_SOURCE_DIR") + "/tools/winnowctl/winnowctl.bash";
  words.insert(words.end(), {"bash", "-c",
                             ". '" + script + "'; COMP_WORDS=(winnowctl --admin " + shop.address +
                                 " kill ''); COMP_CWORD=4; _winnowctl; printf '%s\\n' \"${COMPREPLY[@]}\""});
  const temp_dir directory;
  const auto file = directory.path() + "/output";
  BOOST_TEST(child_process(words, file).wait().value_or(-1) == 0);
  BOOST_TEST(bytes_of(file) == expected);
}

BOOST_AUTO_TEST_CASE(loglevel_changes_what_is_logged) {
  const watched_daemon shop;
  BOOST_TEST(shop.ctl({"loglevel", "debug"}).code == 0);
  BOOST_TEST(shop.status().at("daemon").at("log_level") == "debug");
  BOOST_CHECK(shop.process.wait_for_error_line(" debug "));
  BOOST_TEST(shop.ctl({"loglevel", "loud"}).code == 64);
  BOOST_TEST(shop.steer("/loglevel?level=loud").status == 400u);
  BOOST_TEST(shop.steer("/loglevel").status == 400u);
}

BOOST_AUTO_TEST_CASE(drain_stops_the_daemon_cleanly) {
  watched_daemon shop;
  BOOST_TEST(shop.ctl({"drain"}).code == 0);
  BOOST_TEST(shop.process.wait().value_or(-1) == 75);
  BOOST_TEST(shop.process.errors().find("an operator") != std::string::npos, shop.process.errors());
  BOOST_TEST(shop.process.errors().find("SIGTERM") == std::string::npos, shop.process.errors());
  const auto after = shop.ctl({"status"});
  BOOST_TEST(after.code == 69);
  BOOST_TEST(has(after, shop.address), after.text);
}

BOOST_AUTO_TEST_CASE(steering_needs_the_token_in_the_daemons_file) {
  const temp_dir directory;
  const auto file = directory.path() + "/token";
  std::ofstream(file) << "an older one";
  std::filesystem::permissions(file, std::filesystem::perms::all);
  {
    watched_daemon shop({"--admin-token-file", file});
    BOOST_TEST(shop.token_file() == file);
    BOOST_CHECK(std::filesystem::status(file).permissions() ==
                (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    for (const auto& [method, path] :
         std::vector<std::pair<std::string, std::string>>{{"POST", "/drain"},
                                                          {"POST", "/loglevel?level=debug"},
                                                          {"POST", "/actors/recommender/kill"},
                                                          {"POST", "/stages/din_ranker/workers?count=2"},
                                                          {"POST", "/faults/din_ranker?kind=crash"},
                                                          {"DELETE", "/faults"}}) {
      const auto refused = shop.admin->send(method, path);
      BOOST_TEST(refused.status == 401u, method + path);
      BOOST_TEST(refused.header("WWW-Authenticate") == "Bearer");
      BOOST_TEST(refused.body.find("winnowctl") != std::string::npos, refused.body);
      BOOST_TEST(shop.admin->send(method, path, "", {{"Authorization", "Bearer 0"}}).status == 401u);
    }
    for (const char* path : {"/status", "/events", "/history", "/console"})
      BOOST_TEST(shop.admin->get(path).status == 200u, path);
    BOOST_TEST(shop.token().size() == 64u);
    BOOST_TEST(shop.process.errors().find(shop.token()) == std::string::npos);
    BOOST_TEST(shop.steer("/loglevel?level=debug").status == 200u);
    BOOST_TEST(shop.ctl({"loglevel", "info"}).code == 1); // it does not know the file
    BOOST_TEST(shop.ctl({"loglevel", "info", "--token-file", file}).code == 0);
    BOOST_TEST(shop.ctl({"loglevel", "info"}, {"WINNOW_ADMIN_TOKEN_FILE=" + file}).code == 0);
    BOOST_TEST(shop.ctl({"loglevel", "info", "--token-file", "/nowhere"}).code == 1);
    const auto printed = shop.ctl({"console", "--token-file", file});
    BOOST_TEST(printed.text == "http://" + shop.address + "/console#token=" + shop.token() + "\n");
    // A restarted endpoint keeps the token.
    BOOST_TEST(shop.steer("/actors/admin_server/kill").status == 200u);
    BOOST_CHECK(wait_until([&] {
      try {
        return shop.steer("/loglevel?level=info").status == 200u;
      } catch (const std::exception&) {
        return false;
      }
    }));
    shop.process.signal(SIGTERM);
    BOOST_TEST(shop.process.wait().value_or(-1) == 0);
  }
  BOOST_TEST(!std::filesystem::exists(file));
}

BOOST_AUTO_TEST_CASE(a_token_file_that_cannot_be_written_stops_the_daemon) {
  daemon_process shop(watched_daemon::flags({"--admin-token-file", "/nowhere/token"}));
  BOOST_TEST(shop.wait().value_or(-1) == 69);
  BOOST_TEST(shop.errors().find("/nowhere/token") != std::string::npos, shop.errors());
}

BOOST_AUTO_TEST_CASE(the_token_is_required) {
  const watched_daemon shop({"--admin-token", "hush"});
  BOOST_TEST(shop.ctl({"status"}).code == 1);
  BOOST_TEST(shop.ctl({"--token", "wrong", "status"}).code == 1);
  BOOST_TEST(shop.ctl({"status", "--token", "hush"}).code == 0);
  BOOST_TEST(shop.ctl({"status"}, {"WINNOW_ADMIN_TOKEN=hush"}).code == 0);
  BOOST_TEST(shop.admin->post("/drain").status == 401u);
  BOOST_TEST(shop.process.errors().find("hush") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_for_the_token_serves_beside_a_configured_one) {
  const temp_dir directory;
  const auto file = directory.path() + "/token";
  const watched_daemon shop({"--admin-token", "hush", "--admin-token-file", file});
  BOOST_TEST(shop.token_file() == file);
  BOOST_TEST(shop.token().size() == 64u); // the configured one is written nowhere
  for (const strings& words : {strings{"status"}, strings{"loglevel", "info"}}) {
    BOOST_TEST(shop.ctl(words).code == 1, words[0]);
    BOOST_TEST(shop.ctl(words, {"WINNOW_ADMIN_TOKEN_FILE=" + file}).code == 0, words[0]);
    BOOST_TEST(shop.ctl(words, {"WINNOW_ADMIN_TOKEN=hush"}).code == 0, words[0]);
  }
  BOOST_TEST(shop.ctl({"status", "--token-file", "/nowhere"}).code == 1);
  BOOST_TEST(shop.admin->send("GET", "/status", "", {{"Authorization", "Bearer "}}).status == 401u);
}

BOOST_AUTO_TEST_CASE(reading_without_a_token_needs_no_file) {
  const watched_daemon shop;
  BOOST_TEST(shop.ctl({"status", "--token-file", "/nowhere"}).code == 0);
}

BOOST_AUTO_TEST_CASE(pages_of_other_origins_are_refused) {
  const watched_daemon shop;
  const auto& admin = *shop.admin;
  BOOST_TEST(admin.send("POST", "/drain", "", {{"Origin", "http://evil.example"}}).status == 403u);
  BOOST_TEST(admin.get("/status", {{"Host", "evil.example:8002"}}).status == 403u);
  BOOST_TEST(admin.get("/status").header("Access-Control-Allow-Origin") == "");
  BOOST_TEST(admin.get("/nowhere").status == 404u);
  BOOST_TEST(admin.get("/drain").status == 405u);
  for (const char* path : {"/status", "/history", "/trace/u"}) // never on the public port
    BOOST_TEST(shop.process.http().get(path).status == 404u, path);
  BOOST_TEST(shop.process.http().post("/drain").status == 404u);
}

BOOST_AUTO_TEST_CASE(the_rest_port_is_named_as_such) {
  const watched_daemon shop;
  const std::string announcement = "http://";
  const auto printed = shop.process.output();
  const auto at = printed.find(announcement) + announcement.size();
  const auto rest_port = printed.substr(at, printed.find('\n') - at);
  for (const strings& asked :
       {strings{"status"}, strings{"rules"}, strings{"drain"}, strings{"--json", "status"}}) {
    strings words{"--admin", rest_port};
    words.insert(words.end(), asked.begin(), asked.end());
    const auto outcome = run_ctl(words);
    BOOST_TEST(outcome.code == 69);
    BOOST_TEST(has(outcome, rest_port + " is winnowd's REST port, not its admin endpoint"), outcome.text);
  }
}

BOOST_AUTO_TEST_CASE(slow_requests_are_listed_with_their_steps) {
  const watched_daemon shop({"--slow-log", "1ms", "--enable-faults"});
  BOOST_TEST(shop.ctl({"slow"}).text == "no request took 1.0ms or longer\n");
  shop.process.http().put("/profiles/u", history);
  BOOST_TEST(shop.ctl({"fault", "din_ranker", "slow", "--batches", "0", "--ms", "5"}).code == 0);
  const auto trace = "0af7651916cd43dd8448eb211c80319c";
  shop.process.http().post("/recommend/u", {},
                           {{"traceparent", "00-" + std::string(trace) + "-b7ad6b7169203331-01"}});
  BOOST_CHECK(wait_until([&] { return has(shop.ctl({"slow"}), trace); }));
  const auto listed = shop.ctl({"slow"});
  BOOST_TEST(listed.code == 0);
  BOOST_TEST(has(listed, " 200 POST /recommend/u trace="), listed.text);
  BOOST_TEST(has(listed, "din_ranker "), listed.text);
  BOOST_TEST(has(listed, ", batch 1)"), listed.text);
  shop.process.http().post("/recommend", R"({"users":["u","u","u"]})");
  BOOST_CHECK(wait_until([&] { return has(shop.ctl({"slow"}), "POST /recommend trace="); }));
  const auto many = shop.ctl({"slow"});
  BOOST_TEST(has(many, "(3 times, total "), many.text);
  BOOST_CHECK(shop.process.wait_for_error_line("slow request"));
}

BOOST_AUTO_TEST_CASE(slow_requests_need_their_setting) {
  const watched_daemon shop;
  const auto refused = shop.ctl({"slow"});
  BOOST_TEST(refused.code == 1);
  BOOST_TEST(has(refused, "--slow-log 50ms"), refused.text);
  BOOST_TEST(shop.process.http().get("/health").header("traceparent") == "");
}

BOOST_AUTO_TEST_CASE(events_can_be_read) {
  const watched_daemon shop;
  const auto all = json::parse(shop.admin->get("/events").body);
  BOOST_TEST_REQUIRE(!all.at("events").empty());
  const auto last = all.at("events").back().at("id").get<std::uint64_t>();
  BOOST_TEST(shop.ctl({"kill", "din_ranker"}).code == 0);
  const auto since = "/events?since=" + std::to_string(last);
  BOOST_CHECK(
      wait_until([&] { return shop.admin->get(since).body.find("actor restarted") != std::string::npos; }));
  const auto later = json::parse(shop.admin->get(since).body).at("events");
  BOOST_TEST(later[0].at("event") == "killing an actor");
  BOOST_TEST(later[0].at("fields").at("actor") == "din_ranker");
  BOOST_TEST(later[1].at("event") == "actor died");
  BOOST_TEST(later[1].at("level") == "error");
  BOOST_TEST(shop.admin->get("/events?since=x").status == 400u);
  const auto text = shop.ctl({"events"});
  BOOST_TEST(text.code == 0);
  BOOST_TEST(has(text, " error   din_ranker          actor died "), text.text);
  BOOST_TEST(has(text, " reason=exit_reason(kill)"), text.text);
}

BOOST_AUTO_TEST_CASE(faults_must_be_enabled) {
  const watched_daemon shop;
  const auto refused = shop.ctl({"fault", "din_ranker", "crash"});
  BOOST_TEST(refused.code == 1);
  BOOST_TEST(refused.text.find("--enable-faults") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_injected_fault_degrades_lists_until_it_is_cleared) {
  const watched_daemon shop({"--enable-faults"});
  BOOST_TEST(shop.ctl({"fault", "nobody", "crash"}).code == 1);
  BOOST_TEST(shop.ctl({"fault", "din_ranker", "melt"}).code == 1);
  BOOST_TEST(shop.ctl({"fault", "din_ranker", "slow"}).code == 1); // the duration is missing
  shop.process.http().put("/profiles/u", history);
  BOOST_TEST(shop.ctl({"fault", "din_ranker", "error", "--batches", "0"}).code == 0);
  const auto list = shop.process.http().post("/recommend/u");
  BOOST_TEST(list.status == 200u);
  BOOST_TEST(list.body.find(R"("degraded":["din: internal"])") != std::string::npos);
  BOOST_TEST(shop.ctl({"clear-faults"}).code == 0);
  BOOST_TEST(shop.process.http().post("/recommend/u").body.find("degraded") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_actor_that_does_not_stop_is_logged_by_name) {
  watched_daemon shop({"--enable-faults", "--drain-timeout", "0ms", "--stuck-after", "1m"});
  shop.process.http().put("/profiles/u", history);
  BOOST_REQUIRE(wait_until([&] { return shop.process.http().get("/recommendations/u").status == 200; }));
  BOOST_TEST(shop.ctl({"fault", "din_ranker", "hang"}).code == 0);
  auto request = recommend_later(shop.process, "u");
  BOOST_REQUIRE(wait_until([&] { return shop.process.metric(in_flight) == 1; }));
  BOOST_REQUIRE(wait_until([&] { return shop.ctl({"tree"}).text.find("scoring") != std::string::npos; }));
  shop.process.signal(SIGTERM);
  BOOST_TEST(request.get() == 503u);
  BOOST_TEST(shop.process.wait().value_or(-1) == 70);
  BOOST_TEST(shop.process.errors().find("at_work=din_ranker.1") != std::string::npos, shop.process.errors());
}

BOOST_AUTO_TEST_CASE(the_console_is_for_operators) {
  const watched_daemon shop({"--admin-token", "hush"});
  const auto page = shop.admin->get("/console"); // needs no token: the page itself asks for it
  BOOST_TEST(page.status == 200u);
  BOOST_TEST(page.header("Content-Security-Policy").find("default-src 'none'") == 0u);
  BOOST_TEST(page.header("X-Content-Type-Options") == "nosniff");
  BOOST_TEST(shop.admin->get("/console", {{"Host", "evil.example:8002"}}).status == 403u);
  BOOST_TEST(shop.admin->get("/stream").status == 401u);
  BOOST_TEST(shop.admin->get("/events").status == 401u);
  for (const char* path : {"/console", "/stream", "/events"})
    BOOST_TEST(shop.process.http().get(path).status == 404u, path);
}

BOOST_AUTO_TEST_CASE(a_unix_socket_serves_the_same_endpoint) {
  const temp_dir directory;
  const auto path = directory.path() + "/admin.sock";
  {
    daemon_process shop(watched_daemon::flags({"--admin", "unix:" + path}));
    shop.wait_until_ready();
    BOOST_CHECK(wait_until(
        [&] { return shop.output().find("winnowd admin on unix:" + path + "\n") != std::string::npos; }));
    const auto printed = run_ctl({"status", "--json"}, {"WINNOW_ADMIN=unix:" + path});
    BOOST_TEST(printed.code == 0, printed.text);
    BOOST_TEST(json::parse(printed.text).at("daemon").at("ready") == true);
    BOOST_TEST(run_ctl({"--admin", "unix:" + path, "kill", "din_ranker"}).code == 0);
    BOOST_TEST(run_ctl({"--admin", "unix:" + path, "kill", "admin_server"}).code == 0);
    BOOST_CHECK(wait_until([&] { return run_ctl({"--admin", "unix:" + path, "tree"}).code == 0; }));
    shop.signal(SIGTERM);
    BOOST_TEST(shop.wait().value_or(-1) == 0);
  }
  BOOST_TEST(!std::ifstream(path).good());
  const auto gone = run_ctl({"--admin", "unix:" + path, "status"});
  BOOST_TEST(gone.code == 69);
  BOOST_TEST(has(gone, "no winnowd answers at unix:" + path), gone.text);
}

BOOST_AUTO_TEST_CASE(an_explicit_admin_address_that_is_in_use_stops_the_daemon) {
  const watched_daemon first;
  daemon_process second(watched_daemon::flags({"--admin", first.address}));
  BOOST_TEST(second.wait().value_or(-1) == 69);
  BOOST_TEST(second.output() == "");
  BOOST_TEST(second.errors().find("admin") != std::string::npos, second.errors());
}

BOOST_AUTO_TEST_CASE(scripts_get_json_even_if_no_daemon_answers) {
  const temp_dir directory;
  const auto errors = directory.path() + "/errors";
  const auto nobody = "unix:" + directory.path() + "/admin.sock";
  const std::pair<int, strings> unanswered[] = {
      {69, {"WINNOW_ADMIN=" + nobody}}, {78, {"WINNOW_ADMIN=nonsense"}}, {78, {"WINNOW_ADMIN=\xff"}}};
  for (const auto& [code, environment] : unanswered) {
    BOOST_TEST_CONTEXT(environment.front()) {
      const auto printed = run_ctl({"--json", "status"}, environment, errors);
      BOOST_TEST(printed.code == code);
      const auto body = json::parse(printed.text, nullptr, false);
      BOOST_TEST_REQUIRE(body.is_object(), printed.text);
      BOOST_TEST(!body.at("error").get<std::string>().empty());
      BOOST_TEST(bytes_of(errors).find("winnowctl: ") == 0u);
      BOOST_TEST(run_ctl({"status"}, environment, errors).text == "");
    }
  }
  const auto gone = json::parse(run_ctl({"--json", "--admin", nobody, "tree"}, {}, errors).text);
  BOOST_TEST(gone.at("error").get<std::string>().find("no winnowd answers at " + nobody) == 0u);
}

BOOST_AUTO_TEST_CASE(wrong_command_lines_and_wrong_environments_have_different_exit_codes) {
  const watched_daemon shop;
  BOOST_TEST(shop.ctl({}).code == 64);
  BOOST_TEST(shop.ctl({"dance"}).code == 64);
  BOOST_TEST(shop.ctl({"--admin", "nonsense", "status"}).code == 64);
  BOOST_TEST(shop.ctl({"status"}, {"WINNOW_ADMIN=nonsense"}).code == 78);
  const auto help = shop.ctl({"--help"});
  BOOST_TEST(help.code == 0);
  for (const char* command :
       {"status", "tree", "top", "events", "slow", "trace", "scale", "kill", "drain", "loglevel"})
    BOOST_TEST(has(help, command), help.text);
}

BOOST_AUTO_TEST_SUITE_END()
