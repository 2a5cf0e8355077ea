#include "tools/support/sentinel_group.hpp"

#include "tools/support/free_port.hpp"
#include "tools/support/wait_until.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace winnow {
namespace {

/// The line behind the one that is the key.
std::string value_of(const std::string& lines, const std::string& key) {
  const auto at = lines.find("\n" + key + "\n");
  if (at == std::string::npos)
    return {};
  const auto begin = at + key.size() + 2;
  return lines.substr(begin, lines.find('\n', begin) - begin);
}

} // namespace

sentinel_group::sentinel_group(const std::string& password)
    : password_(password), second_({"--replicaof", "127.0.0.1", std::to_string(first_.port()),
                                    "--repl-diskless-sync-delay", "0"}) {
  first_.call({"CONFIG", "SET", "repl-diskless-sync-delay", "0"});
  for (std::size_t i = 0; i < sentinels_.size(); ++i) {
    sentinels_[i].port = free_port();
    const auto home = directory_.path() + "/" + std::to_string(i);
    std::filesystem::create_directory(home);
    std::ofstream conf(home + "/sentinel.conf");
    conf << "port " << sentinels_[i].port << "\nbind 127.0.0.1\ndir " << home
         << "\nsentinel monitor shop 127.0.0.1 " << first_.port()
         << " 2\nsentinel down-after-milliseconds shop 1000\nsentinel failover-timeout shop 3000\n";
    if (!password_.empty())
      conf << "requirepass " << password_ << "\nsentinel sentinel-pass " << password_ << "\n";
    conf.close();
    start_sentinel(i);
  }
  await_order();
}

std::string sentinel_group::ask(std::size_t index, const std::vector<std::string>& words) const {
  try {
    return redis_server::call(sentinels_[index].port, words, password_);
  } catch (const std::runtime_error&) {
    return {}; // it does not run
  }
}

redis_server& sentinel_group::master() {
  const auto port = value_of("\n" + ask(1, {"SENTINEL", "MASTER", "shop"}), "port");
  return port == std::to_string(first_.port()) ? first_ : second_;
}

void sentinel_group::stop_sentinel(std::size_t index) {
  auto& process = sentinels_.at(index).process;
  process->signal(SIGKILL);
  process->wait();
  process.reset();
}

void sentinel_group::start_sentinel(std::size_t index) {
  const auto home = directory_.path() + "/" + std::to_string(index);
  sentinels_.at(index).process = std::make_unique<child_process>(
      std::vector<std::string>{redis_server::program(), home + "/sentinel.conf", "--sentinel"},
      home + "/output");
}

void sentinel_group::fail_over() {
  const auto* const before = &master();
  if (!wait_until([this] {
        return ask(1, {"SENTINEL", "FAILOVER", "shop"}) == "OK";
      }) ||
      !wait_until([&] { return &master() != before; }))
    throw std::runtime_error("the sentinels do not fail over");
}

void sentinel_group::await_order() {
  const auto in_order = [this](std::size_t index) {
    const auto known = "\n" + ask(index, {"SENTINEL", "MASTER", "shop"});
    const auto replicas = "\n" + ask(index, {"SENTINEL", "REPLICAS", "shop"});
    return value_of(known, "num-other-sentinels") == "2" && value_of(known, "flags") == "master" &&
           value_of(replicas, "flags") == "slave" && value_of(replicas, "master-link-status") == "ok";
  };
  for (std::size_t i = 0; i < sentinels_.size(); ++i) // instead of every 10 s
    wait_until([&] { return ask(i, {"SENTINEL", "DEBUG", "INFO-PERIOD", "300"}) == "OK"; });
  for (std::size_t i = 0; i < sentinels_.size(); ++i)
    if (!wait_until([&] { return in_order(i); }, std::chrono::seconds(60)))
      throw std::runtime_error("the sentinels do not find each other");
}

} // namespace winnow
