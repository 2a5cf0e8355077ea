#include "actors/tracing/request_trace.hpp"

namespace winnow {

request_trace::request_trace(identity who, std::string name, time_point begin)
    : who_(std::move(who)), hex_id_(http::hex_digits(who_.self.trace)), begin_(begin) {
  root_.name = std::move(name);
}

std::size_t request_trace::begin(const char* name, trace_step::kind what, time_point at) {
  const std::lock_guard lock(mutex_);
  if (used_ == most_steps)
    return most_steps;
  auto& step = steps_[used_];
  step.name = name;
  step.what = what;
  step.begin = at;
  return used_++;
}

void request_trace::taken(std::size_t step, time_point at, std::size_t batch) {
  const std::lock_guard lock(mutex_);
  if (step >= used_)
    return;
  steps_[step].taken = at;
  steps_[step].batch = batch;
}

void request_trace::done(std::size_t step, time_point at) {
  const std::lock_guard lock(mutex_);
  if (step < used_)
    steps_[step].done = at;
}

void request_trace::end(std::size_t step, time_point at, std::optional<fault> failure) {
  const std::lock_guard lock(mutex_);
  if (step >= used_)
    return;
  steps_[step].end = at;
  steps_[step].failure = failure;
}

void request_trace::degraded(std::string reason) {
  const std::lock_guard lock(mutex_);
  root_.degraded.push_back(std::move(reason));
}

void request_trace::listed(std::chrono::nanoseconds took) {
  const std::lock_guard lock(mutex_);
  list_time_ = took;
}

void request_trace::ended(time_point at, std::optional<fault> failure) {
  const std::lock_guard lock(mutex_);
  end_ = at;
  root_.failure = failure;
}

void request_trace::answered(const http::exchange& done) {
  const std::lock_guard lock(mutex_);
  end_ = begin_ + done.duration;
  root_.status = done.status;
  if (!matters(done.duration))
    return;
  root_.method = done.method;
  root_.route = done.route;
  root_.target = done.target;
  root_.request_id = done.request_id;
  root_.name = root_.method + " " + root_.route;
}

std::vector<trace_step> request_trace::steps() const {
  return {steps_.begin(), steps_.begin() + static_cast<std::ptrdiff_t>(used_)};
}

} // namespace winnow
