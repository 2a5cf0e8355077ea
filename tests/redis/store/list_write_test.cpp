// Lists that depend on a profile, and the records beside them, on a real server and on one that refuses them.

#include "redis/store/list_write.hpp"
#include "redis/store/redis_store.hpp"
#include "store_backends.hpp"
#include "store_settings_for.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

const std::string history = R"(["1"])";
constexpr list_record made_of{0xFFEE000000000001U, 2, 3};

/// Writes Ann's list if the profile still is `history`.
write_list conditional(const std::string& timestamp = {}) {
  write_list command{"ann", timestamp, R"(["9"])"};
  command.only_if = fingerprint_of(history);
  command.record = made_of;
  return command;
}

struct fixture {
  redis_server server;
  store_settings settings = settings_for(server);

  fixture() { server.call({"SET", "user_profile:ann", history}); }

  /// Lets the store log in as a user without some rights.
  void restrict_to(const std::vector<std::string>& rights) {
    std::vector<std::string> command{"ACL", "SETUSER", "winnow", "on", ">pw"};
    command.insert(command.end(), rights.begin(), rights.end());
    BOOST_REQUIRE_EQUAL(server.call(command), "OK");
    settings.address.user = "winnow";
    settings.address.password = "pw";
  }

  std::string list() const { return server.call({"GET", "recommendations:ann"}); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(list_writes)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_list_is_stored_only_for_the_profile_that_was_read, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  const auto stored = [&](const write_list& command) { return only(store, command).stored; };
  const auto list = [&] { return only(store, read_list{"ann"}).value; };
  BOOST_TEST(!stored(conditional())); // no profile
  for (const char* other : {R"(["1","2"])", R"(["2"])", "[]", ""}) {
    only(store, write_profile{ann, other});
    BOOST_TEST(!stored(conditional()));
  }
  BOOST_TEST(!list().has_value());
  only(store, write_profile{ann, history});
  BOOST_TEST(stored(conditional()));
  BOOST_TEST(list().value() == R"(["9"])");
  only(store, erase_profile{ann});
  only(store, erase_list{ann, true});
  BOOST_TEST(!stored(conditional()));
  BOOST_TEST(!list().has_value());

  BOOST_TEST(!stored(conditional("1700000000")));
  only(store, write_profile{ann_at, history});
  BOOST_TEST(stored(conditional("1700000000")));
  BOOST_TEST(list().has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(long_profiles_are_told_apart_by_length_and_end, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  std::string text = "[\"" + std::string(100'000, 'x') + "\"]";
  auto command = conditional();
  command.only_if = fingerprint_of(text);
  BOOST_TEST(command.only_if->tail.size() == 256u);
  only(store, write_profile{ann, text});
  BOOST_TEST(only(store, command).stored);
  // The first one has the same 256 bytes where they are looked for, and one more.
  for (const auto& other :
       {text + "]", text.substr(1), "[" + text, std::string(text).replace(text.size() - 4, 1, "y")}) {
    only(store, write_profile{ann, other});
    BOOST_TEST(!only(store, command).stored, other.size() << " bytes");
  }
}

BOOST_FIXTURE_TEST_CASE(the_digest_of_the_script_is_right, fixture) {
  BOOST_TEST(server.call({"SCRIPT", "LOAD", std::string(list_script())}) == list_script_sha());
}

BOOST_FIXTURE_TEST_CASE(a_server_that_forgot_the_script_is_told_it_again, fixture) {
  redis_store store(settings);
  for (int round = 0; round < 2; ++round) {
    const std::vector<store_command> commands{conditional(), read_profile{ann, true}, conditional(),
                                              conditional("1700000000")};
    const auto replies = store.execute(commands);
    BOOST_TEST(replies[0]->stored);
    BOOST_TEST(replies[2]->stored);
    BOOST_TEST(!replies[3]->stored);
    BOOST_TEST(list() == R"(["9"])");
    server.call({"DEL", "recommendations:ann"});
    server.call({"SCRIPT", "FLUSH"});
  }
}

BOOST_FIXTURE_TEST_CASE(a_list_that_has_no_key_is_not_stored, fixture) {
  redis_store store(settings);
  auto command = conditional();
  command.newest = false; // only the copy under a timestamp would be stored, and there is none
  const store_command one = command;
  BOOST_TEST(store.execute({&one, 1}).front().has_value());
  BOOST_TEST(list() == "(nil)");
}

BOOST_FIXTURE_TEST_CASE(a_record_is_kept_beside_each_list, fixture) {
  redis_store store(settings);
  BOOST_TEST(!only(store, read_profile{ann, true}).list.has_value());
  only(store, conditional());
  const auto found = only(store, read_profile{ann, true});
  BOOST_TEST(found.records_kept);
  BOOST_TEST(found.list.value().json == R"(["9"])");
  BOOST_CHECK(found.list->record == made_of);
  BOOST_TEST(server.call({"HSTRLEN", list_records_key("ann"), "ann"}) == "24");

  server.call({"SET", "recommendations:ann", "rubbish"});
  BOOST_TEST(only(store, read_profile{ann, true}).list.value().json == "rubbish");
  server.call({"DEL", "recommendations:ann"});
  BOOST_TEST(!only(store, read_profile{ann, true}).list.has_value());
  BOOST_TEST(only(store, read_profile{ann, true}).has_record);
  BOOST_TEST(!only(store, read_profile{{"bob", ""}, true}).has_record);
  server.call({"LPUSH", "recommendations:ann", "no string"});
  BOOST_TEST(!only(store, read_profile{ann, true}).list_exists);
  only(store, conditional());
  only(store, erase_list{ann, true});
  BOOST_TEST(server.call({"EXISTS", list_records_key("ann")}) == "0");
}

BOOST_FIXTURE_TEST_CASE(a_writer_that_yields_leaves_a_list_of_another_basis_alone, fixture) {
  redis_store store(settings);
  auto command = conditional();
  command.yields = true;
  only(store, command); // there is no list yet
  BOOST_TEST(list() == R"(["9"])");
  command.json = R"(["8"])";
  command.record->list = 7; // the same basis
  only(store, command);
  BOOST_TEST(list() == R"(["8"])");
  command.json = R"(["7"])";
  command.record->basis = 0x0102030405060708U;
  BOOST_TEST(only(store, command).stored);
  BOOST_TEST(list() == R"(["8"])");
  command.yields = false;
  only(store, command);
  BOOST_TEST(list() == R"(["7"])");
}

BOOST_FIXTURE_TEST_CASE(a_list_is_removed_only_if_its_profile_is_gone, fixture) {
  redis_store store(settings);
  for (const char* timestamp : {"", "1700000000"}) {
    const profile_key key{"ann", timestamp};
    auto written = conditional(timestamp);
    only(store, write_profile{key, history});
    only(store, written);
    const erase_list erasing{key, true, true};
    only(store, erasing);
    BOOST_TEST(list() == R"(["9"])");
    only(store, erase_profile{key});
    only(store, erasing);
    BOOST_TEST(list() == "(nil)");
    BOOST_TEST(server.call({"EXISTS", list_records_key("ann"),
                            recommendation_result_key("ann", "1700000000")}) == "0");
  }
}

BOOST_FIXTURE_TEST_CASE(what_a_result_was_made_of_is_kept_as_long_as_the_result, fixture) {
  redis_store store(settings);
  const profile_key older{"ann", "1700000000"};
  for (const bool scripted : {true, false}) {
    only(store, write_profile{older, history});
    BOOST_TEST(!only(store, read_profile{older, false, 1, true, true}).result_made_of.has_value());
    only(store, write_list{"ann", older.timestamp, "[]", false});
    only(store, note_result{older, made_of.profile});
    for (const auto& reading :
         {read_profile{older, false, 1, true, true}, // cut off
          read_profile{older, true, 0, true, true}, read_profile{older, false, 0, false, true}}) {
      const auto found = only(store, reading);
      BOOST_CHECK(found.result_made_of == made_of.profile);
      BOOST_CHECK(found.result_exists == (reading.with_result_presence ? std::optional(true) : std::nullopt));
      BOOST_TEST(found.is_longer == (reading.most_bytes > 0));
    }
    only(store, erase_profile{older});
    only(store, erase_list{older, false, scripted});
    BOOST_TEST(server.call({"EXISTS", result_records_key("ann"),
                            recommendation_result_key("ann", older.timestamp)}) == "0");
  }
}

BOOST_FIXTURE_TEST_CASE(records_can_be_switched_off, fixture) {
  settings.list_records = false;
  redis_store store(settings);
  only(store, note_result{{"ann", "1700000000"}, 1});
  only(store, conditional());
  const auto found = only(store, read_profile{ann, true});
  BOOST_TEST(found.list_exists);
  BOOST_TEST(!found.records_kept);
  BOOST_TEST(server.call({"DBSIZE"}) == "2");
}

BOOST_FIXTURE_TEST_CASE(lists_expire_unless_they_are_renewed, fixture) {
  settings.list_ttl = 1h;
  redis_store store(settings);
  const auto left = [&] { return std::stoll(server.call({"PTTL", "recommendations:ann"})); };
  for (const bool scripted : {true, false}) {
    auto command = conditional();
    if (!scripted)
      command.only_if.reset();
    only(store, command);
    BOOST_TEST(left() > 3'500'000);
  }
  BOOST_TEST(!only(store, read_profile{ann, true}).list.value().ends_soon);
  server.call({"PEXPIRE", "recommendations:ann", "1700000"});
  BOOST_TEST(only(store, read_profile{ann, true}).list.value().ends_soon);
  only(store, renew_list{"ann"});
  BOOST_TEST(left() > 3'500'000);
  const auto* const result = "recommendation_result:ann:1700000000";
  server.call({"SET", result, "[]", "PX", "1700000"});
  only(store, renew_list{"ann", "1700000000"});
  BOOST_TEST(std::stoll(server.call({"PTTL", result})) > 3'500'000);
  server.call({"PERSIST", "recommendations:ann"}); // written when lists did not expire
  BOOST_TEST(only(store, read_profile{ann, true}).list.value().ends_soon);
}

BOOST_FIXTURE_TEST_CASE(without_the_right_to_run_scripts_lists_are_stored_unconditionally, fixture) {
  for (const char* denied : {"-evalsha", "-eval"}) {
    restrict_to({"~*", "+@all", denied});
    server.call({"SCRIPT", "FLUSH"});
    redis_store store(settings);
    server.call({"DEL", "recommendations:ann"});
    BOOST_TEST(only(store, conditional()).stored);
    BOOST_TEST(list() == R"(["9"])");
    BOOST_CHECK(only(store, read_profile{ann, true}).list.value().record == made_of);
    server.call({"CONFIG", "RESETSTAT"});
    BOOST_TEST(only(store, conditional()).stored); // the script is not tried again
    BOOST_TEST(server.call({"INFO", "commandstats"}).find("cmdstat_eval") == std::string::npos);
  }
}

BOOST_FIXTURE_TEST_CASE(without_the_right_to_run_scripts_the_list_of_a_removed_profile_goes, fixture) {
  restrict_to({"~*", "+@all", "-eval"});
  redis_store store(settings);
  only(store, conditional());
  server.call({"DEL", "user_profile:ann"});
  only(store, erase_list{ann, true, true});
  BOOST_TEST(list() == "(nil)");
  BOOST_TEST(server.call({"EXISTS", list_records_key("ann")}) == "0");
}

BOOST_FIXTURE_TEST_CASE(without_rights_on_the_records_lists_are_still_stored_for_their_profile, fixture) {
  restrict_to({"~user_profile:*", "~recommendations:*", "+@all"});
  redis_store store(settings);
  BOOST_TEST(only(store, conditional()).stored);
  BOOST_TEST(list() == R"(["9"])");
  BOOST_TEST(!only(store, read_profile{ann, true}).records_kept);
  server.call({"SET", "user_profile:ann", "[]"});
  BOOST_TEST(!only(store, conditional()).stored); // by the script
}

BOOST_FIXTURE_TEST_CASE(reading_notices_that_records_are_denied, fixture) {
  restrict_to({"~user_profile:*", "~recommendations:*", "+@all"});
  redis_store store(settings);
  server.call({"SET", "recommendations:ann", "[]"});
  for (int round = 0; round < 2; ++round) {
    const auto found = only(store, read_profile{ann, true});
    BOOST_TEST(found.list_exists);
    BOOST_TEST(!found.records_kept);
  }
}

BOOST_FIXTURE_TEST_CASE(a_list_that_may_not_be_stored_is_denied, fixture) {
  restrict_to({"~*", "+@all", "-set"});
  redis_store store(settings);
  const store_command command = conditional();
  const auto reply = store.execute({&command, 1})[0];
  BOOST_REQUIRE(!reply);
  BOOST_CHECK(reply.error().cause == fault::denied);
}

BOOST_AUTO_TEST_CASE(records_survive_their_bytes) {
  const auto bytes = to_bytes(made_of);
  BOOST_TEST(bytes.size() == 24u);
  BOOST_CHECK(parse_list_record(bytes) == made_of);
  for (const auto& other : {std::string(), bytes.substr(1), bytes + "x"})
    BOOST_CHECK(!parse_list_record(other));
}

BOOST_AUTO_TEST_CASE(records_of_results_survive_their_bytes) {
  const auto bytes = to_result_record(made_of.profile);
  BOOST_TEST(bytes.size() == 8u);
  BOOST_CHECK(parse_result_record(bytes) == made_of.profile);
  for (const auto& other : {std::string(), bytes.substr(1), bytes + "x"})
    BOOST_CHECK(!parse_result_record(other));
}

BOOST_AUTO_TEST_CASE(the_shard_of_a_user_never_changes) {
  BOOST_TEST(result_records_key("ann") == "winnow:results:8609");
  BOOST_TEST(list_records_key("ann") == "winnow:lists:8609");
  BOOST_TEST(list_records_key("") == "winnow:lists:16321");
}

BOOST_AUTO_TEST_SUITE_END()
