#pragma once

#include "redis/store/redis_store.hpp"
#include "store_settings_for.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace winnow::test {

inline bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline std::string trouble_of(const redis_store& store, store_need need) {
  const auto trouble = store.state().troubles[static_cast<std::size_t>(need)];
  return trouble ? trouble->reason : "none";
}

inline std::string says(const redis_store& store, store_need need) {
  const auto trouble = store.state().troubles[static_cast<std::size_t>(need)];
  return trouble ? trouble->server_says : "nothing";
}

inline store_reply run(redis_store& store, const store_command& command) {
  return store.execute({&command, 1})[0];
}

inline const profile_key ann{"ann", ""};

/// A server with a user `old` that may do what `rules` say, and a store that uses it.
struct restricted {
  explicit restricted(const std::string& rules) {
    allow("reset on >pw ~* " + rules);
    server.call({"SET", "user_profile:ann", "[\"1\"]"});
    server.call({"SET", "recommendations:ann", "[\"2\"]"});
    settings.address.user = "old";
    settings.address.password = "pw";
  }

  void allow(const std::string& rules) {
    std::vector<std::string> words{"ACL", "SETUSER", "old"};
    std::istringstream source(rules);
    for (std::string word; source >> word;)
      words.push_back(word);
    BOOST_REQUIRE_EQUAL(server.call(words), "OK");
  }

  redis_server server;
  store_settings settings = settings_for(server);
};

} // namespace winnow::test
