// winnow-kafka-mock BROKERS PARTITIONS TOPIC COMMANDS: a Kafka cluster for tests and benchmarks, which
// librdkafka brings along. Prints its addresses, then obeys the lines of the FIFO COMMANDS, `down N` and `up
// N` for broker N, and prints a line for each. It holds everything in memory: at most 5 MB or 100,000
// messages of a partition.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <string>
#include <unistd.h>

namespace {

int complain(const char* what, const char* why) {
  std::fprintf(stderr, "winnow-kafka-mock: %s: %s\n", what, why);
  return 1;
}

void print_line(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

void obey(rd_kafka_mock_cluster_t* cluster, const char* line) {
  int broker = 0;
  rd_kafka_resp_err_t outcome = RD_KAFKA_RESP_ERR_UNKNOWN;
  if (std::sscanf(line, "down %d", &broker) == 1)
    outcome = rd_kafka_mock_broker_set_down(cluster, broker);
  else if (std::sscanf(line, "up %d", &broker) == 1)
    outcome = rd_kafka_mock_broker_set_up(cluster, broker);
  print_line(rd_kafka_err2name(outcome));
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 5)
    return complain("arguments", "expected BROKERS PARTITIONS TOPIC COMMANDS");
  const int brokers = std::atoi(argv[1]);
  const int partitions = std::atoi(argv[2]);
  const char* const topic = argv[3];
  std::array<char, 512> why{};
  rd_kafka_conf_t* const conf = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(
      conf, nullptr); // it would warn of a client without a cluster, among the lines for the owner
  rd_kafka_t* const client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
  if (client == nullptr)
    return complain("client", why.data());
  rd_kafka_mock_cluster_t* const cluster = rd_kafka_mock_cluster_new(client, brokers);
  if (cluster == nullptr)
    return complain("cluster", "cannot be created");
  if (const auto made = rd_kafka_mock_topic_create(cluster, topic, partitions, 1);
      made != RD_KAFKA_RESP_ERR_NO_ERROR)
    return complain(topic, rd_kafka_err2str(made));
  // For reading and writing, so that the file does not end between two commands.
  FILE* const commands = fdopen(::open(argv[4], O_RDWR | O_CLOEXEC), "r");
  if (commands == nullptr)
    return complain(argv[4], "cannot be opened");
  print_line(rd_kafka_mock_cluster_bootstraps(cluster));
  std::array<char, 256> line{};
  while (std::fgets(line.data(), static_cast<int>(line.size()), commands) != nullptr)
    obey(cluster, line.data());
  return 0;
}
