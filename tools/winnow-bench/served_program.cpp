#include "tools/winnow-bench/served_program.hpp"

#include "tools/support/free_port.hpp"
#include "tools/support/http_client.hpp"
#include "tools/support/wait_until.hpp"
#include "tools/winnow-bench/beside_this_program.hpp"
#include "tools/winnow-bench/redis_loader.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

namespace winnow::bench {

namespace {

using clock = std::chrono::steady_clock;
constexpr std::chrono::minutes start_patience{20}; // enough for millions of users from CSV on a busy machine

std::string last_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return text.size() > 2000 ? text.substr(text.size() - 2000) : text;
}

bool answers_ok(std::uint16_t port, const std::string& path) {
  const http_client client(port, std::chrono::seconds(5));
  try {
    return client.accepted() && client.get(path).status == 200;
  } catch (const std::exception&) {
    return false; // not ready yet
  }
}

} // namespace

program_recipe winnowd_recipe(const deployment& data, std::vector<std::string> flags,
                              const std::filesystem::path& program) {
  return {
      "winnowd",
      [data_dir = data.model_dir().string(), flags = std::move(flags),
       program = program.empty() ? beside_this_program("winnowd")
                                 : program.string()](std::uint16_t port, std::uint16_t redis_port) {
        std::vector<std::string> words{program,       "--host", "127.0.0.1", "--port", std::to_string(port),
                                       "--model-dir", data_dir};
        words.insert(words.end(), flags.begin(), flags.end());
        const auto lacks = [&flags](const char* name) {
          return std::find(flags.begin(), flags.end(), name) == flags.end();
        };
        if (lacks("--store"))
          words.insert(words.end(), {"--store", "redis://127.0.0.1:" + std::to_string(redis_port) + "/0"});
        if (lacks("--admin"))
          words.insert(words.end(), {"--admin", "off"});
        return words;
      },
      "/readyz"};
}

served_program::served_program(program_recipe recipe, std::unique_ptr<redis_server> redis)
    : recipe_(std::move(recipe)), redis_(std::move(redis)), directory_(std::make_unique<temp_dir>()) {}

result<served_program> served_program::prepare(program_recipe recipe, const deployment& data,
                                               bool with_profiles) {
  std::unique_ptr<redis_server> redis;
  try {
    redis = std::make_unique<redis_server>();
  } catch (const std::exception& failed) {
    return fail(fault::unavailable, failed.what());
  }
  served_program made(std::move(recipe), std::move(redis));
  if (!with_profiles)
    return made;
  auto loader = redis_loader::connect(made.redis_port());
  if (!loader)
    return tl::unexpected(loader.error());
  if (auto stored = loader->store_profiles(data.users, data.profiles); !stored)
    return tl::unexpected(stored.error());
  return made;
}

result<served_program> served_program::run(program_recipe recipe, const deployment& data) {
  auto made = prepare(std::move(recipe), data, true);
  if (!made)
    return made;
  if (auto started = made->start(); !started)
    return tl::unexpected(started.error());
  if (auto settled = made->settle(); !settled)
    return tl::unexpected(settled.error());
  return made;
}

result<void> served_program::start() {
  const auto output = directory_->path() + "/output";
  try {
    port_ = free_port();
    auto words = recipe_.command(port_, redis_port());
    words.insert(words.begin(), {"env", "-i", "-C", directory_->path(), "PATH=/usr/local/bin:/usr/bin:/bin"});
    const auto begin = clock::now();
    process_ = std::make_unique<child_process>(std::move(words), output);
    wait_until([this] { return process_->exit_code() || answers_ok(port_, recipe_.ready_path); },
               start_patience);
    start_seconds_ = std::chrono::duration<double>(clock::now() - begin).count();
  } catch (const std::exception& failed) {
    return fail(fault::unavailable, recipe_.name + ": " + failed.what());
  }
  if (process_->exit_code() || !answers_ok(port_, recipe_.ready_path))
    return fail(fault::unavailable, recipe_.name + " did not become ready: " + last_of(output));
  return {};
}

result<void> served_program::settle() const {
  constexpr auto look = std::chrono::milliseconds(300);
  constexpr double idle = 0.03; // processor seconds in that interval
  const auto deadline = clock::now() + start_patience;
  for (double before = processor_seconds(); clock::now() < deadline;) {
    std::this_thread::sleep_for(look);
    const double now = processor_seconds();
    if (now - before < idle)
      return {};
    before = now;
  }
  return fail(fault::timeout, recipe_.name + " did not become idle");
}

void served_program::stop() {
  if (!process_)
    return;
  const auto started = process_tree(process_->pid());
  process_->signal(SIGTERM);
  process_->wait(std::chrono::seconds(30));
  for (const auto pid : started)
    if (pid != process_->pid())
      ::kill(pid, SIGKILL); // workers that outlived their parent
  process_.reset();
}

} // namespace winnow::bench
