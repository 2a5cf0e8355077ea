#include "actors/rest/http_front.hpp"

#include "actors/rest/rest_routes.hpp"
#include "http/negotiation.hpp"

#include <caf/send.hpp>

namespace winnow {

namespace {

/// An admitted recommendation request. It counts as inside until the last reference is released.
struct admitted_call {
  admitted_call(http_call_ptr admitted, std::shared_ptr<admission> door)
      : place(std::move(door)), call(std::move(admitted)) {}

  const admission::place place;
  const http_call_ptr call; ///< Destroyed before `place` is left.
};

// How long stop() waits for requests in flight.
constexpr std::chrono::milliseconds drain_limit{100};

// `longest_wait` divided by `standing_wait`.
constexpr int standing_divisor = 4;

admission::limits limits_for(const pipeline_settings& pipeline) {
  return {2 * pipeline.max_batch, pipeline.max_queue_age, pipeline.max_queue_age / standing_divisor};
}

http::token_need token_need_of(const http_front_parts& parts) {
  if (!parts.guard.tokens)
    return http::token_need::of_none;
  return parts.http.open_probes ? http::token_need::of_most : http::token_need::of_all;
}

} // namespace

http_front::http_front(http_front_parts parts)
    : parts_(std::move(parts)), door_(std::make_shared<admission>(limits_for(parts_.pipeline))) {}

http_front::~http_front() {
  stop();
}

void http_front::serve_with(http_server_actor actor, actor_record_ptr record) {
  const std::lock_guard lock(mutex_);
  actor_ = std::move(actor);
  record_ = std::move(record);
}

result<std::uint16_t> http_front::listen() {
  const std::lock_guard lock(mutex_);
  if (port_)
    return *port_;
  http::observer watch{
      [this](const http::exchange& done) { note(done); },
      [meters = parts_.meters](std::size_t connections) { meters->http.connections(connections); },
      [meters = parts_.meters](std::string_view reason) { meters->http.refused_client(reason); },
      [meters = parts_.meters](std::string_view reason) { meters->http.failed_handshake(reason); }};
  auto routes = make_routes(
      parts_.health, [this](http_call_ptr call) { take(std::move(call)); }, parts_.profile_writes,
      token_need_of(parts_), parts_.traces);
  for (const auto& route : routes->routes())
    parts_.meters->http.route(route.pattern);
  server_ = std::make_shared<http::server>(parts_.http, std::move(routes), std::move(watch), 1, parts_.guard);
  auto port = server_->listen();
  if (port)
    port_ = *port;
  return port;
}

error http_front::refused(error why) const {
  parts_.meters->recommender.request("http", to_string(why.cause), std::chrono::nanoseconds::zero());
  return why;
}

std::optional<error> http_front::enter() const {
  if (auto why = parts_.health->admission_error(parts_.pipeline.max_in_flight))
    return refused(std::move(*why));
  if (!door_->enter(admission::clock::now()))
    return refused({fault::overloaded, "the request would wait too long"});
  return std::nullopt;
}

std::size_t http_front::enter_some(std::size_t wanted) const {
  return door_->enter_some(admission::clock::now(), wanted);
}

std::shared_ptr<const admission::place> http_front::place() const {
  return std::make_shared<const admission::place>(door_);
}

/// Admits a call to the pipeline if it asks for a list; returns the reason if it is refused. How much a call
/// for many lists asks for is known when it is read, so what it costs is admitted then.
std::optional<error> http_front::admit(http_call_ptr& call) const {
  switch (call->what) {
  case http_call::kind::recommend:
  case http_call::kind::rank:
    break;
  case http_call::kind::recommend_many:
    if (auto why = parts_.health->admission_error(parts_.pipeline.max_in_flight))
      return refused(std::move(*why));
    return std::nullopt;
  default:
    return std::nullopt;
  }
  if (auto why = enter())
    return why;
  const auto inside = std::make_shared<const admitted_call>(std::move(call), door_);
  call = http_call_ptr(inside, inside->call.get());
  return std::nullopt;
}

/// Called on an I/O thread. A call that reaches no actor answers itself when it is destroyed.
void http_front::take(http_call_ptr call) {
  if (const auto why = admit(call))
    return call->answer(http::error_response(*why));
  http_server_actor actor;
  {
    const std::lock_guard lock(mutex_);
    actor = actor_;
  }
  if (actor)
    caf::anon_send(actor, serve_atom_v, std::move(call));
}

void http_front::note(const http::exchange& done) {
  parts_.meters->http.exchange(done.route, done.status, done.duration);
  if (!done.cut.empty())
    parts_.meters->http.answer_cut(done.cut);
  const std::lock_guard lock(mutex_);
  if (record_)
    record_->took(done.duration);
}

std::shared_ptr<http::server> http_front::server() const {
  const std::lock_guard lock(mutex_);
  return server_;
}

// The functions below do not hold the lock while the server waits for its threads, because these may need it.

void http_front::stop_accepting() {
  if (const auto running = server())
    running->stop_accepting();
}

http::server_counts http_front::counts() const {
  const auto running = server();
  return running ? running->counts() : http::server_counts{};
}

http::server_counts http_front::publish() {
  const auto now = counts();
  parts_.meters->http.unsent_bytes(now.unsent_bytes);
  const std::lock_guard lock(mutex_);
  parts_.meters->http.connections_refused(now.refused - refused_);
  refused_ = now.refused;
  return now;
}

void http_front::stop() {
  if (const auto running = server()) {
    running->drain(drain_limit);
    running->stop();
  }
  const std::lock_guard lock(mutex_);
  actor_ = nullptr;
}

} // namespace winnow
