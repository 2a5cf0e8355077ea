#include "tools/support/child_process.hpp"

#include "tools/support/wait_until.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace winnow {

child_process::child_process(std::vector<std::string> arguments, const std::string& output_file) {
  // Allocates everything before the fork, because other threads may hold the allocator's lock at the fork.
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (auto& argument : arguments)
    argv.push_back(argument.data());
  argv.push_back(nullptr);
  const int output = ::open(output_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (output < 0)
    throw std::system_error(errno, std::generic_category(), output_file);
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  const int code = errno;
  ::close(output);
  if (pid_ < 0)
    throw std::system_error(code, std::generic_category(), "fork");
}

child_process::~child_process() {
  signal(SIGKILL);
  wait();
}

void child_process::signal(int number) const {
  if (!exit_code_)
    ::kill(pid_, number);
}

std::optional<int> child_process::exit_code() {
  int status = 0;
  if (!exit_code_ && waitpid(pid_, &status, WNOHANG) == pid_)
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_code_;
}

std::optional<int> child_process::wait(std::chrono::milliseconds limit) {
  wait_until([this] { return exit_code().has_value(); }, limit);
  return exit_code_;
}

} // namespace winnow
