#include "tools/winnowctl/top_screen.hpp"

#include "tools/winnowctl/admin_reply.hpp"
#include "tools/winnowctl/exit_codes.hpp"
#include "tools/winnowctl/reply_shapes.hpp"
#include "tools/winnowctl/status_view.hpp"
#include "tools/winnowctl/text_columns.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace winnow {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::seconds interval{1};

volatile std::sig_atomic_t ended = 0;
volatile std::sig_atomic_t resized = 0;

void write_out(const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const auto written = ::write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (written > 0)
      done += static_cast<std::size_t>(written);
    else if (errno != EINTR) {
      ended = 1; // the terminal is gone
      return;
    }
  }
}

/// Switches to the alternate screen and to unbuffered keyboard input; the destructor restores both.
class terminal {
public:
  terminal() {
    struct sigaction on_end {};
    on_end.sa_handler = [](int) { ended = 1; };
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
      sigaction(number, &on_end, nullptr);
    struct sigaction on_resize {};
    on_resize.sa_handler = [](int) { resized = 1; };
    sigaction(SIGWINCH, &on_resize, nullptr);
    std::signal(SIGTSTP, SIG_IGN); // suspending would leave the shell on this screen
    has_keys_ = ::isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before_) == 0;
    if (has_keys_) {
      termios now = before_;
      now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
      now.c_cc[VMIN] = 0;
      now.c_cc[VTIME] = 0;
      tcsetattr(STDIN_FILENO, TCSADRAIN, &now);
    }
    write_out("\x1b[?1049h\x1b[?25l\x1b[?7l"); // other screen, no cursor, no wrapping
  }

  ~terminal() {
    write_out("\x1b[?7h\x1b[?25h\x1b[?1049l");
    if (has_keys_)
      tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
  }

  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;

  /// Returns the next key, or nullopt after `limit` or a signal.
  std::optional<char> key(std::chrono::milliseconds limit) const {
    pollfd keyboard{has_keys_ ? STDIN_FILENO : -1, POLLIN, 0};
    const auto timeout = static_cast<int>(std::max<std::int64_t>(limit.count(), 0));
    if (::poll(&keyboard, 1, timeout) <= 0)
      return std::nullopt;
    char pressed = 0;
    if (::read(STDIN_FILENO, &pressed, 1) == 1)
      return pressed;
    ended = 1; // the terminal is gone
    return std::nullopt;
  }

  static winsize size() {
    winsize now{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &now) != 0 || now.ws_row == 0 || now.ws_col == 0) {
      now.ws_row = 24;
      now.ws_col = 80;
    }
    return now;
  }

private:
  bool has_keys_ = false;
  termios before_{};
};

const char* name_of(status_order order) {
  switch (order) {
  case status_order::plain:
  case status_order::tree:
    return "tree";
  case status_order::name:
    return "name";
  case status_order::rate:
    return "rate";
  case status_order::busy:
    return "busy";
  case status_order::latency:
    return "p99";
  case status_order::in_flight:
    return "work";
  }
  return "";
}

std::optional<status_order> order_of(char key) {
  switch (key) {
  case 't':
    return status_order::tree;
  case 'n':
    return status_order::name;
  case 'r':
    return status_order::rate;
  case 'b':
    return status_order::busy;
  case 'p':
    return status_order::latency;
  case 'w':
    return status_order::in_flight;
  default:
    return std::nullopt;
  }
}

std::string colour_of(const std::string& line) {
  static const bool plain = std::getenv("NO_COLOR") != nullptr; // NOLINT(concurrency-mt-unsafe)
  const auto has = [&](const char* word) { return line.find(word) != std::string::npos; };
  if (plain)
    return {};
  if (has(" stuck ") || has(" down ") || has("NOT READY") || has("no winnowd"))
    return "\x1b[31m";
  return has(" restarting ") || has(" stopping ") ? "\x1b[33m" : "";
}

void draw(const std::vector<std::string>& lines, status_order order) {
  const auto size = terminal::size();
  std::string screen = "\x1b[H";
  const std::size_t room = size.ws_row - 1u;
  for (std::size_t i = 0; i < std::min<std::size_t>(room, lines.size()); ++i) {
    const bool cut = i + 1 == room && lines.size() > room;
    const auto text = cut ? "… " + std::to_string(lines.size() - i) + " more" : lines[i];
    screen += colour_of(text) + clipped(text, size.ws_col) + "\x1b[0m\x1b[K\r\n";
  }
  const std::string keys = std::string("order: ") + name_of(order) +
                           "   t tree  n name  r rate  b busy  p p99  w work in progress  q quit";
  screen +=
      "\x1b[J\x1b[" + std::to_string(size.ws_row) + ";1H\x1b[7m" + clipped(keys, size.ws_col) + "\x1b[0m";
  write_out(screen);
}

/// The content of the screen, according to the last answer.
class top_view {
public:
  explicit top_view(const ctl_options& asked) : asked_(asked) {}

  void refresh() {
    const auto answer = ask_daemon(asked_.daemon, "GET", "/status");
    problem_.clear();
    if (!answer) {
      problem_ = answer.error().message;
      return;
    }
    auto reply = read_reply(*answer, asked_.daemon, shape_of_status());
    if (!reply)
      problem_ = reply.error().message;
    else if (reply->refusal)
      problem_ = "the daemon refused: " + *reply->refusal;
    else
      status_ = std::move(reply->body);
  }

  std::vector<std::string> lines(status_order order) const {
    std::vector<std::string> all;
    if (!problem_.empty())
      all.push_back(harmless(problem_));
    if (!status_.is_object())
      return all;
    for (const auto& part :
         {daemon_lines(status_), std::vector<std::string>{""}, actor_lines(status_, order)})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }

private:
  const ctl_options& asked_;
  nlohmann::json status_;
  std::string problem_;
};

} // namespace

bool can_draw_screen() {
  const char* term = std::getenv("TERM"); // NOLINT(concurrency-mt-unsafe)
  return ::isatty(STDOUT_FILENO) && term && std::string_view(term) != "dumb";
}

int run_top(const ctl_options& asked) {
  const terminal screen;
  top_view view(asked);
  auto order = status_order::tree;
  while (!ended) {
    view.refresh();
    const auto next = clock::now() + interval;
    draw(view.lines(order), order);
    while (!ended && clock::now() < next) {
      const auto key = screen.key(std::chrono::ceil<std::chrono::milliseconds>(next - clock::now()));
      if (key == 'q' || key == '\x1b' || key == '\x04')
        return ctl_exit::done;
      const auto wanted = key ? order_of(*key) : std::nullopt;
      if (!wanted && !resized)
        continue;
      resized = 0;
      order = wanted.value_or(order);
      draw(view.lines(order), order);
    }
  }
  return ctl_exit::done;
}

} // namespace winnow
