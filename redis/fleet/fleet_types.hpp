#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// One changed profile in a fleet's stream.
struct fleet_entry {
  std::string id;  ///< Of the stream: milliseconds, `-`, a number.
  std::string key; ///< As in Redis: `user_profile:…`.
};

inline bool operator==(const fleet_entry& a, const fleet_entry& b) {
  return a.id == b.id && a.key == b.key;
}

/// What a replica tells the others about itself.
struct fleet_report {
  std::string id;           ///< Unique to this process.
  std::string rest_address; ///< `host:port`; empty if it does not listen yet.
  std::string admin_address;
  std::string program;       ///< Version of the program.
  std::string models;        ///< Version of the models.
  std::uint64_t in_hand = 0; ///< Entries that it has taken and not acknowledged.
  std::uint64_t computed = 0;
  std::uint64_t claimed = 0;        ///< Entries taken from replicas that had died.
  std::uint64_t computed_twice = 0; ///< Lists that another replica had computed already.
};

/// A replica as the others see it.
struct fleet_peer {
  fleet_report report;
  std::chrono::milliseconds last_seen{0}; ///< Ago, by the clock of the store.
  bool live = false;                      ///< It reported within the lease time.
};

/// The fleet's state, from one look at it.
struct fleet_state {
  std::uint64_t fence = 0;   ///< The caller's fencing number; 0 if it does not hold the lease.
  std::string leader;        ///< Id of the replica that holds the lease; empty if none does.
  std::string in_force;      ///< The newest version of models among the live replicas.
  std::uint64_t waiting = 0; ///< Keys that no replica has taken yet.
  std::uint64_t taken = 0;   ///< Entries that a replica has taken and not acknowledged.
  std::uint64_t stream = 0;  ///< Entries in the stream, also acknowledged ones.
  std::chrono::milliseconds lag{
      0};                        ///< Age of the oldest entry that no replica has taken; 0 if there is none.
  std::string delivered;         ///< Id of the last entry that a replica has taken.
  bool stream_is_new = false;    ///< There was no stream: what was in it, if anything, is lost.
  std::vector<fleet_peer> peers; ///< All replicas, also the caller, by id.
};

/// What came of adding keys to the stream.
struct fleet_enqueued {
  bool refused = false;    ///< The fencing number is not the current one: another replica leads.
  std::uint64_t done = 0;  ///< How many of the keys, from the first, were dealt with; fewer: it is full.
  std::uint64_t added = 0; ///< How many of these did not wait already.
};

/// Entries that replicas have taken since the last look.
struct fleet_observation {
  std::vector<fleet_entry> entries;
  std::string last; ///< To be passed the next time.
};

} // namespace winnow
