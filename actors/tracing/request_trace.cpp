#include "actors/tracing/request_trace.hpp"

#include <algorithm>

namespace winnow {

namespace {

constexpr std::size_t usual_steps = 8; // of a request for one list

} // namespace

request_trace::request_trace(identity who, std::string name, time_point begin)
    : who_(std::move(who)), hex_id_(http::hex_digits(who_.self.trace)), begin_(begin) {
  root_.name = std::move(name);
  steps_.reserve(usual_steps);
}

std::size_t request_trace::begin(const char* name, trace_step::kind what, time_point at) {
  const std::lock_guard lock(mutex_);
  if (steps_.size() == most_steps)
    return most_steps;
  auto& step = steps_.emplace_back();
  step.name = name;
  step.what = what;
  step.begin = at;
  return steps_.size() - 1;
}

void request_trace::add(const trace_step& step) {
  const std::lock_guard lock(mutex_);
  if (steps_.size() < most_steps)
    steps_.push_back(step);
}

void request_trace::taken(std::size_t step, time_point at, std::size_t batch) {
  const std::lock_guard lock(mutex_);
  if (step >= steps_.size())
    return;
  steps_[step].taken = at;
  steps_[step].batch = batch;
}

void request_trace::done(std::size_t step, time_point at) {
  const std::lock_guard lock(mutex_);
  if (step < steps_.size())
    steps_[step].done = at;
}

void request_trace::end(std::size_t step, time_point at, std::optional<fault> failure) {
  const std::lock_guard lock(mutex_);
  if (step >= steps_.size())
    return;
  steps_[step].end = at;
  steps_[step].failure = failure;
}

void request_trace::degraded(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  auto& known = root_.degraded;
  if (std::find(known.begin(), known.end(), reason) == known.end())
    known.push_back(reason);
}

void request_trace::listed(std::chrono::nanoseconds took, std::string_view version) {
  const std::lock_guard lock(mutex_);
  if (!slowest_list_ || slowest_list_->took < took)
    slowest_list_ = list_time{took, std::string(version)};
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

} // namespace winnow
