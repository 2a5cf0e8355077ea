#include "tools/support/kafka_cluster.hpp"

#include "tools/support/wait_until.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <sys/stat.h>

namespace winnow {

namespace {

std::string text_of(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

kafka_cluster::kafka_cluster(const std::string& program, std::size_t partitions, std::size_t brokers,
                             const std::string& topic) {
  const auto commands = directory_.path() + "/commands";
  if (mkfifo(commands.c_str(), 0600) != 0)
    throw std::runtime_error(commands + " cannot be created");
  const std::vector<std::string> words{program, std::to_string(brokers), std::to_string(partitions), topic,
                                       commands};
  process_ = std::make_unique<child_process>(words, directory_.path() + "/output");
  brokers_ = printed(lines_);
}

void kafka_cluster::down(std::size_t broker) {
  command("down " + std::to_string(broker));
}

void kafka_cluster::up(std::size_t broker) {
  command("up " + std::to_string(broker));
}

void kafka_cluster::command(const std::string& line) {
  std::ofstream(directory_.path() + "/commands") << line << std::endl;
  if (const auto answer = printed(++lines_); answer != "NO_ERROR")
    throw std::runtime_error("winnow-kafka-mock: " + line + ": " + answer);
}

/// Waits until so many lines are printed, and returns the last one.
std::string kafka_cluster::printed(std::size_t lines) const {
  std::string text;
  const auto there = [&] {
    text = text_of(directory_.path() + "/output");
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) >= lines;
  };
  if (!wait_until([&] { return there() || process_->exit_code(); }) || !there())
    throw std::runtime_error("winnow-kafka-mock does not answer: " + text);
  text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

} // namespace winnow
