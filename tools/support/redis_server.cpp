#include "tools/support/redis_server.hpp"

#include "tools/support/free_port.hpp"
#include "tools/support/wait_until.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <hiredis.h>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace winnow {
namespace {

struct deleter {
  void operator()(redisContext* context) const noexcept { redisFree(context); }
  void operator()(redisReply* reply) const noexcept { freeReplyObject(reply); }
};

std::string text_of(const redisReply& reply) {
  switch (reply.type) {
  case REDIS_REPLY_INTEGER:
    return std::to_string(reply.integer);
  case REDIS_REPLY_NIL:
    return "(nil)";
  case REDIS_REPLY_ARRAY: {
    std::string lines;
    for (std::size_t i = 0; i < reply.elements; ++i)
      lines += text_of(*reply.element[i]) + "\n";
    return lines;
  }
  default:
    return {reply.str, reply.len};
  }
}

using owned_context = std::unique_ptr<redisContext, deleter>;

std::string send_words(redisContext& context, const std::vector<std::string>& command) {
  std::vector<const char*> words;
  std::vector<std::size_t> sizes;
  for (const auto& word : command) {
    words.push_back(word.data());
    sizes.push_back(word.size());
  }
  const std::unique_ptr<redisReply, deleter> reply(static_cast<redisReply*>(
      redisCommandArgv(&context, static_cast<int>(words.size()), words.data(), sizes.data())));
  if (!reply)
    throw std::runtime_error(std::string("redis-server: ") + context.errstr);
  return text_of(*reply);
}

std::string exchange(owned_context context, const std::vector<std::string>& command,
                     const std::string& password = {}) {
  if (!context || context->err != 0)
    throw std::runtime_error("redis-server: " + std::string(context ? context->errstr : "out of memory"));
  if (!password.empty())
    send_words(*context, {"AUTH", password});
  return send_words(*context, command);
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

redis_server::redis_server(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {
  start();
}

void redis_server::start() {
  if (process_)
    return;
  const auto output = directory_.path() + "/output";
  const bool pick = port_ == 0;
  for (int attempt = 0; attempt < (pick ? 10 : 1); ++attempt) {
    if (pick)
      port_ = free_port(); // another process may take it first; then the next attempt picks another
    std::vector<std::string> command{
        program(),     "--port", std::to_string(port_), "--bind", "127.0.0.1", "--unixsocket",
        socket_path(), "--dir",  directory_.path(),     "--save", "",          "--appendonly",
        "no"};
    command.insert(command.end(), arguments_.begin(), arguments_.end());
    process_ = std::make_unique<child_process>(command, output);
    wait_until([this] { return process_->exit_code() || answers(); });
    if (!process_->exit_code() && answers())
      return;
    process_.reset();
  }
  throw std::runtime_error("redis-server does not start: " + content_of(output));
}

void redis_server::stop() {
  if (!process_)
    return;
  process_->signal(SIGCONT);
  process_->signal(SIGTERM);
  if (!process_->wait())
    throw std::runtime_error("redis-server does not stop");
  process_.reset();
}

void redis_server::crash() {
  if (!process_)
    return;
  process_->signal(SIGKILL);
  process_->wait();
  process_.reset();
}

void redis_server::restart() {
  stop();
  start();
}

void redis_server::freeze() {
  process_->signal(SIGSTOP);
}

void redis_server::thaw() {
  process_->signal(SIGCONT);
}

bool redis_server::answers() const {
  const std::unique_ptr<redisContext, deleter> context(redisConnectUnix(socket_path().c_str()));
  if (!context || context->err != 0)
    return false;
  // A server that requires a password also answers.
  const std::unique_ptr<redisReply, deleter> reply(
      static_cast<redisReply*>(redisCommand(context.get(), "PING")));
  return reply != nullptr;
}

std::string redis_server::call(const std::vector<std::string>& command) const {
  return exchange(owned_context(redisConnectUnix(socket_path().c_str())), command);
}

std::string redis_server::call(std::uint16_t port, const std::vector<std::string>& command,
                               const std::string& password) {
  return exchange(owned_context(redisConnect("127.0.0.1", port)), command, password);
}

std::string redis_server::program() {
  const auto* const named = std::getenv("WINNOW_REDIS_SERVER");
  return named != nullptr && *named != '\0' ? named : "redis-server";
}

} // namespace winnow
