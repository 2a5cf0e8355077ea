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
  std::string rules;         ///< Digest of the shop's rules; empty: none.
  std::string learned;       ///< Digest of what was learned; empty: nothing is.
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
  std::uint64_t told = 0;        ///< Number of the value that was told last; 0 if none was, or they are lost.
  std::string erased;            ///< Id of the last erasure of a user; empty if none is kept.
  bool stream_is_new = false;    ///< There was no stream: what was in it, if anything, is lost.
  std::vector<fleet_peer> peers; ///< All replicas, also the caller, by id.
};

/// What came of adding keys to the stream.
struct fleet_enqueued {
  bool refused = false;    ///< The fencing number is not the current one: another replica leads.
  std::uint64_t done = 0;  ///< How many of the keys, from the first, were dealt with; fewer: it is full.
  std::uint64_t added = 0; ///< How many of these did not wait already.
};

/// One value that all replicas are to have. Of two with one name the later one holds, and in the same
/// millisecond the greater text.
struct fleet_value {
  std::string name;
  std::string group;     ///< The name of the value that, if it is as late or later, takes this one's place.
  std::int64_t time = 0; ///< In milliseconds since 1970.
  std::string text;
};

inline bool operator==(const fleet_value& a, const fleet_value& b) {
  return a.name == b.name && a.time == b.time && a.text == b.text;
}

/// What the fleet was told since.
struct fleet_news {
  std::vector<fleet_value> values;
  std::uint64_t told = 0; ///< To be passed the next time.
  bool has_gap = false;   ///< Some of it is no longer kept: all values have to be read.
};

/// A user whom all replicas are to forget.
struct fleet_erasure {
  std::string id; ///< As of an entry in a stream.
  std::string user_id;
};

/// Entries that replicas have taken since the last look.
struct fleet_observation {
  std::vector<fleet_entry> entries;
  std::string last; ///< To be passed the next time.
};

} // namespace winnow
