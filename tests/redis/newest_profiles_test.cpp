#include "redis/newest_profiles.hpp"

#include "store_backends.hpp"

#include <boost/test/unit_test.hpp>
#include <map>

using namespace winnow;
using namespace winnow::test;

namespace {

struct reading {
  newest_profiles found;
  std::vector<std::string> users; ///< In the order in which they came.
  std::map<std::string, profile> profiles;
  std::map<std::string, error> refused;
};

reading read_all(profile_store& store) {
  reading all;
  const auto found =
      read_newest_profiles(store, [&](const profile_key& key, result<parsed_profile> read) -> result<void> {
        all.users.push_back(key.user_id);
        if (read)
          all.profiles[key.user_id] = read->items;
        else
          all.refused.emplace(key.user_id, read.error());
        return {};
      });
  BOOST_REQUIRE_MESSAGE(found.has_value(), (found ? "" : found.error().message));
  all.found = *found;
  return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(newest_profiles_of_a_store)

BOOST_AUTO_TEST_CASE_TEMPLATE(reads_the_newest_of_each_user_in_the_order_of_ids, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  only(store, write_profile{{"carl:5", "1700000000"}, R"(["old"])"});
  only(store, write_profile{{"carl:5", "1700000001000"}, R"(["new", "newer"])"}); // milliseconds
  only(store, write_profile{{"carl:5", "1699999999"}, R"(["oldest"])"});
  only(store, write_profile{{"ann", ""}, R"(["plain"])"});
  only(store, write_profile{{"ann", "1700000000"}, R"(["timed"])"});
  only(store, write_profile{{"bob", ""}, "[]"});
  const auto all = read_all(store);
  BOOST_TEST(all.users == (std::vector<std::string>{"ann", "bob", "carl:5"}),
             boost::test_tools::per_element());
  BOOST_TEST(all.found.users == 3u);
  BOOST_TEST(all.found.older >= 3u); // a scan may return a key twice
  BOOST_TEST(all.profiles.at("ann") == profile{"timed"}, boost::test_tools::per_element());
  BOOST_TEST(all.profiles.at("carl:5") == (profile{"new", "newer"}), boost::test_tools::per_element());
  BOOST_TEST(all.profiles.at("bob").empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(reads_many_users_and_long_profiles, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  constexpr int users = 300;
  for (int user = 0; user < users; ++user)
    only(store, write_profile{{"u" + std::to_string(user), ""}, R"(["i)" + std::to_string(user) + R"("])"});
  std::string json = R"(["first")";
  for (int item = 0; item < 30'000; ++item)
    json += R"(,"item )" + std::to_string(item) + '"';
  only(store, write_profile{{"u7", "1700000000"}, json + "]"});
  const auto all = read_all(store);
  BOOST_TEST(all.profiles.size() == static_cast<std::size_t>(users));
  BOOST_TEST(all.profiles.at("u8") == profile{"i8"}, boost::test_tools::per_element());
  BOOST_TEST(all.profiles.at("u7").size() == 30'001u);
}

BOOST_AUTO_TEST_CASE(passes_on_why_a_profile_cannot_be_read) {
  redis_backend backend;
  auto& store = *backend.handles.store;
  only(store, write_profile{{"ann", ""}, R"(["a"])"});
  only(store, write_profile{{"bob", ""}, R"({"a": 1})"});
  redis_backend::server().call({"LPUSH", "user_profile:carl", "a"});
  const auto all = read_all(store);
  BOOST_TEST(all.profiles.size() == 1u);
  BOOST_CHECK(all.refused.at("bob").cause == fault::malformed);
  BOOST_TEST(all.refused.at("bob").message.find("user_profile:bob") != std::string::npos);
  BOOST_CHECK(all.refused.at("carl").cause == fault::conflict);
}

BOOST_AUTO_TEST_CASE(an_error_of_the_taker_ends_the_reading) {
  memory_backend backend;
  only(*backend.handles.store, write_profile{{"ann", ""}, R"(["a"])"});
  const auto found =
      read_newest_profiles(*backend.handles.store, [](const profile_key&, const result<parsed_profile>&) {
        return result<void>(fail(fault::invalid_argument, "enough"));
      });
  BOOST_REQUIRE(!found.has_value());
  BOOST_TEST(found.error().message == "enough");
}

BOOST_AUTO_TEST_SUITE_END()
