#pragma once

#include "cluster/cluster_setup.hpp"
#include "connection/tls_server.hpp"
#include "redis/store_factory.hpp"
#include "sentinel/sentinel_setup.hpp"
#include "store_settings_for.hpp"
#include "support/temp_dir.hpp"

#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

namespace winnow::test {

/// The stores that the shared suites run against. Each starts empty.
struct memory_backend {
  store_handles handles = open_store(memory_settings()).value();
};

struct file_backend {
  temp_dir directory;
  store_handles handles = open_store(file_settings(directory.path() + "/store")).value();
};

struct redis_backend {
  redis_backend() { server().call({"FLUSHALL"}); }

  static const redis_server& server() {
    static const redis_server shared;
    return shared;
  }

  store_handles handles = open_store(settings_for(server())).value();
};

struct tls_backend {
  tls_backend() { server().server().call({"FLUSHALL"}); }

  static const tls_server& server() {
    static const tls_server shared;
    return shared;
  }

  store_handles handles = open_store(server().settings()).value();
};

struct sentinel_backend {
  sentinel_backend() { setup().master().call({"FLUSHALL"}); }

  static sentinel_setup& setup() {
    static sentinel_setup shared;
    return shared;
  }

  store_handles handles = open_store(setup().settings()).value();
};

struct cluster_backend {
  cluster_backend() { setup().clear(); }

  static cluster_setup& setup() {
    static cluster_setup shared;
    return shared;
  }

  store_handles handles = open_store(setup().settings()).value();
};

using backends = boost::mpl::list<memory_backend, file_backend, redis_backend, tls_backend, sentinel_backend,
                                  cluster_backend>;

/// Executes one command, which must succeed, and returns its reply.
inline store_value only(profile_store& store, const store_command& command) {
  const auto replies = store.execute({&command, 1});
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_REQUIRE_MESSAGE(replies[0].has_value(), (replies[0] ? "" : replies[0].error().message));
  return *replies[0];
}

inline const profile_key ann{"ann", ""};
inline const profile_key ann_at{"ann", "1700000000"};

} // namespace winnow::test
