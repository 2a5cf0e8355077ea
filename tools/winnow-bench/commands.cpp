#include "tools/winnow-bench/command.hpp"

namespace winnow::bench {

const std::vector<bench_command>& bench_commands() {
  static const std::vector<bench_command> commands{
      {"data", "Only build the synthetic deployment", declare_data},
      {"serve", "Measure the daemon under load: closed and open loops, lists computed from Redis",
       declare_serve},
      {"peer", "Compare the daemon with the Python service on the same data, in turns", declare_peer_command},
      {"scale", "Compare them on growing catalogues, the daemon with one worker and with all", declare_scale},
      {"batch", "Compare batches of users with single requests, and filtered lists with plain ones",
       declare_batch},
      {"limits", "Measure the peak rates of this machine and the least cost of a request", declare_limits},
      {"stages", "Measure recall, DIN and RankNet in batches of 1 to 64, and compare with the limits",
       declare_stages},
      {"ann", "Measure the index of a large catalogue: recall against time, as a table and a plot",
       declare_ann},
      {"transitions", "Measure the search, count, writing and reading of transitions between items",
       declare_transitions},
      {"learn", "Measure learning from changed profiles: changes per second and memory", declare_learn},
      {"kafka", "Measure how fast messages of Kafka are stored in Redis, on one core", declare_kafka},
      {"chaos", "Measure the daemon while its parts are killed, hang or are overloaded", declare_chaos},
      {"fleet", "Measure replicas that share the changes of one Redis", declare_fleet},
      {"history", "Append the headline figures to a history of runs; draw it; compare two commits",
       declare_history},
      {"tables", "Measure starts with tables of many millions of users, from the cache", declare_tables},
      {"precision", "Compare the lists of a model directory in half precision with those in single",
       declare_precision},
      {"size", "Reckon processors, memory, replicas and Redis of a shop from measured unit costs",
       declare_size},
      {"traces", "Measure what traces cost that are sent to a collector", declare_traces},
      {"train", "Measure how soon LightGCN is good, and its memory, on invented purchases", declare_train},
      {"all", "Run serve, peer, scale, limits, stages and ann; print the table of targets", declare_all},
  };
  return commands;
}

} // namespace winnow::bench
