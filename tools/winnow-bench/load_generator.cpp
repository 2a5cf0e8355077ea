#include "tools/winnow-bench/load_generator.hpp"

#include "config/system/thread_priority.hpp"
#include "models/training/support/random.hpp"
#include "tools/winnow-bench/http_response.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <ctime>
#include <deque>
#include <future>
#include <memory>

namespace winnow::bench {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

// The load generator shares the processors with the server, so it wakes up at most this often and then sends
// all requests that are due. Latency still counts from when each was due.
constexpr std::chrono::microseconds finest_tick{500};

// The scheduler slice of the load's thread. It is short because a remote client would not wait for the daemon
// to finish its slice.
constexpr std::chrono::microseconds turn{100};

double thread_seconds() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

/// A persistent connection and the request on it.
struct client {
  explicit client(asio::io_context& context) : socket(context) {}

  tcp::socket socket;
  std::string request, unread;
  clock::time_point due; ///< When the request in flight was due; in a closed loop, when it was sent.
  bool busy = false;
};

/// Runs a load from its first request to its last answer, on one thread.
class load_run {
public:
  load_run(const load_plan& plan, const std::vector<std::string>& users)
      : plan_(plan), users_(users), random_(plan.seed),
        tail_(" HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(plan.port) + "\r\nContent-Length: ") {}

  result<load_outcome> run() {
    for (std::size_t i = 0; i < plan_.connections; ++i) {
      clients_.push_back(std::make_unique<client>(context_));
      if (const auto failed = connect(*clients_.back()))
        return fail(fault::unavailable, "127.0.0.1:" + std::to_string(plan_.port) + ": " + failed.message());
    }
    const double used = thread_seconds();
    begin_ = clock::now();
    end_ = begin_ + std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(plan_.seconds));
    for (auto& each : clients_)
      plan_.rate > 0 ? free_.push_back(each.get()) : send(*each, clock::now());
    if (plan_.rate > 0)
      send_what_is_due();
    give_up_.expires_at(end_ + plan_.patience);
    give_up_.async_wait([this](error_code stopped) {
      if (!stopped)
        context_.stop();
    });
    context_.run();
    count_unanswered();
    outcome_.begin = begin_;
    outcome_.seconds = plan_.seconds;
    outcome_.generator_seconds = thread_seconds() - used;
    return std::move(outcome_);
  }

private:
  error_code connect(client& each) const {
    error_code failed;
    each.socket.close(failed);
    each.socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), plan_.port), failed);
    if (failed)
      return failed;
    each.socket.set_option(tcp::no_delay(true), failed);
    each.socket.non_blocking(true, failed);
    each.unread.clear();
    return failed;
  }

  /// Returns when a request of the open loop is due.
  clock::time_point due_at(std::uint64_t number) const {
    return begin_ + std::chrono::duration_cast<clock::duration>(
                        std::chrono::duration<double>(static_cast<double>(number) / plan_.rate));
  }

  const std::string& any_user() { return users_[random_.below(users_.size())]; }
  std::string next_request() {
    if (!plan_.probe.empty())
      return "GET " + plan_.probe + tail_ + "0\r\n\r\n";
    if (plan_.batch == 0)
      return with_body("POST /recommend/" + any_user(), plan_.body ? plan_.body(random_) : std::string());
    std::string users;
    for (std::size_t i = 0; i < plan_.batch; ++i)
      users += (i > 0 ? ",\"" : "\"") + any_user() + '"';
    return with_body("POST /recommend", R"({"users":[)" + users + "]}");
  }

  std::string with_body(const std::string& line, const std::string& body) const {
    return line + tail_ + std::to_string(body.size()) +
           (body.empty() ? "\r\n\r\n" : "\r\nContent-Type: application/json\r\n\r\n") + body;
  }

  void send_what_is_due() {
    const auto now = clock::now();
    for (auto due = due_at(next_); due <= now && due < end_; due = due_at(++next_))
      waiting_.push_back(due);
    while (!waiting_.empty() && !free_.empty()) {
      auto& each = *free_.back();
      free_.pop_back();
      send(each, take_waiting());
    }
    if (due_at(next_) >= end_)
      return finish_if_idle();
    timer_.expires_at(std::max(due_at(next_), now + finest_tick));
    timer_.async_wait([this](error_code stopped) {
      if (!stopped)
        send_what_is_due();
    });
  }

  clock::time_point take_waiting() {
    const auto due = waiting_.front();
    waiting_.pop_front();
    return due;
  }

  void send(client& each, clock::time_point due) {
    each.busy = true;
    ++in_flight_;
    ++outcome_.requests;
    each.due = due;
    each.request = next_request();
    error_code failed; // a short request is written completely unless the socket is broken
    const auto sent = each.socket.write_some(asio::buffer(each.request), failed);
    if (failed || sent != each.request.size())
      return lose(each, failed ? failed.message() : "a request was written only in part");
    await(each);
  }

  void await(client& each) {
    each.socket.async_wait(tcp::socket::wait_read, [this, &each](error_code failed) {
      if (failed)
        return lose(each, failed.message());
      read(each);
    });
  }

  void read(client& each) {
    char bytes[65'536];
    error_code failed;
    const auto size = each.socket.read_some(asio::buffer(bytes), failed);
    if (failed == asio::error::would_block)
      return await(each);
    if (failed)
      return lose(each, failed.message());
    each.unread.append(bytes, size);
    const auto response = parse_response(each.unread);
    if (!response)
      return lose(each, response.error().message);
    if (!*response)
      return await(each);
    count(**response, each);
    const bool closes = (*response)->closes;
    each.unread.clear(); // one request at a time, so nothing follows the answer
    if (closes && connect(each))
      return drop(each, "the server no longer accepts connections");
    go_on(each);
  }

  void count(const http_response& response, const client& each) {
    const auto now = clock::now();
    if (response.status == 503) {
      note_trouble();
      return outcome_.refused.add(now - each.due);
    }
    if (response.status == 504) {
      note_trouble();
      return outcome_.late.add(now - each.due);
    }
    const auto length = plan_.probe.empty() ? count_recommendations(response.body) : plan_.list_length;
    const auto lists = plan_.batch > 0 ? count_lists(response.body) : plan_.batch;
    if (response.status != 200 || length != plan_.list_length || lists != plan_.batch) {
      ++outcome_.wrong;
      note_trouble();
      return complain("status " + std::to_string(response.status) + ", a list of " + std::to_string(length) +
                      " items");
    }
    outcome_.served.add(now - each.due);
    outcome_.in_time += now <= end_ ? 1 : 0;
    if (response.body.find("\"degraded\"") != std::string_view::npos) {
      ++outcome_.degraded;
      note_trouble();
    }
  }

  /// Continues with the next request after an answer.
  void go_on(client& each) {
    each.busy = false;
    --in_flight_;
    if (plan_.rate > 0) {
      if (waiting_.empty()) {
        free_.push_back(&each);
        return finish_if_idle();
      }
      return send(each, take_waiting());
    }
    if (const auto now = clock::now(); now < end_)
      return send(each, now);
    finish_if_idle();
  }

  void lose(client& each, const std::string& why) {
    ++outcome_.broken;
    note_trouble();
    complain(why);
    if (connect(each))
      return drop(each, "the server no longer accepts connections");
    asio::post(context_, [this, &each] { go_on(each); });
  }

  /// Drops a connection that cannot be re-opened. The others continue. An open loop still counts due requests
  /// when none is left.
  void drop(client& each, const std::string& why) {
    complain(why);
    each.busy = false;
    --in_flight_;
    finish_if_idle();
  }

  void finish_if_idle() {
    const bool more_due = plan_.rate > 0 && due_at(next_) < end_;
    if (in_flight_ == 0 && waiting_.empty() && !more_due)
      context_.stop();
  }

  void note_trouble() {
    outcome_.last_trouble = std::chrono::duration<double>(clock::now() - begin_).count();
  }

  void complain(const std::string& what) {
    if (outcome_.complaint.empty())
      outcome_.complaint = what;
  }

  void count_unanswered() {
    const auto now = clock::now();
    for (const auto due : waiting_)
      outcome_.served.add(now - due);
    outcome_.requests += waiting_.size(); // due but never sent
    outcome_.unanswered = waiting_.size();
    for (const auto& each : clients_)
      if (each->busy) {
        outcome_.served.add(now - each->due);
        ++outcome_.unanswered;
      }
  }

  const load_plan& plan_;
  const std::vector<std::string>& users_;
  random_source random_;
  const std::string tail_;
  asio::io_context context_{1};
  asio::steady_timer timer_{context_}, give_up_{context_};
  std::vector<std::unique_ptr<client>> clients_;
  std::vector<client*> free_;
  std::deque<clock::time_point> waiting_; ///< Due requests without a free connection.
  std::uint64_t next_ = 0;                ///< The open loop's next request.
  std::size_t in_flight_ = 0;
  clock::time_point begin_, end_;
  load_outcome outcome_;
};

} // namespace

result<load_outcome> run_load(const load_plan& plan, const std::vector<std::string>& users) {
  // On a separate thread, because processes inherit the short slice of the thread that starts them.
  return std::async(std::launch::async,
                    [&] {
                      shorten_thread_turns(turn, "making the load");
                      return load_run(plan, users).run();
                    })
      .get();
}

} // namespace winnow::bench
