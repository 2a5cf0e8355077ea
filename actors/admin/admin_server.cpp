#include "actors/admin/admin_server.hpp"

#include "actors/admin/admin_routes.hpp"
#include "actors/admin/rules_trial.hpp"
#include "actors/admin/status_json.hpp"
#include "actors/runtime/crash_reason.hpp"
#include "actors/runtime/request_failure.hpp"
#include "config/settings/table/setting_value.hpp"
#include "models/model_set.hpp"
#include "models/recall/recall_index.hpp"

namespace winnow {

namespace {

// Longer than a round of the introspector. If the introspector itself hangs, the report is built from the
// records.
constexpr std::chrono::milliseconds report_patience{1000};

constexpr std::chrono::milliseconds scale_patience{1000};
constexpr std::uint64_t max_workers = 1024;

} // namespace

void admin_server_state::start(admin_parts parts) {
  parts_ = std::move(parts);
  feed_ = std::make_unique<live_feed>(parts_.history, kept_events());
}

listen_reply admin_server_state::listen() {
  http_settings http;
  http.host = parts_.admin.address.host;
  http.port = parts_.admin.address.port;
  http.unix_socket = parts_.admin.address.unix_path;
  http.cors_origins.clear(); // pages of other origins may not read the answers
  http.max_connections = 64;
  const auto self = caf::actor_cast<admin_server_actor>(self_);
  const auto routes =
      make_admin_routes({parts_.admin, parts_.steering_token, parts_.tree, parts_.history, parts_.on_drain,
                         [self](admin_call_ptr call) { caf::anon_send(self, serve_atom_v, std::move(call)); },
                         parts_.faults, parts_.traces, parts_.registry, parts_.taken, parts_.rules});
  http::observer watch{[record = parts_.record](const http::exchange& done) { record->took(done.duration); },
                       {}};
  if (parts_.meters)
    watch.on_failed_handshake = [meters = parts_.meters](std::string_view reason) {
      meters->http.failed_handshake(reason);
    };
  server_ = std::make_unique<http::server>(http, routes, std::move(watch), 1,
                                           http::security{parts_.identity, nullptr});
  return std::make_shared<const result<std::uint16_t>>(server_->listen());
}

actor_status_ptr admin_server_state::status() const {
  parts_.record->in_flight(server_ ? server_->counts().in_flight : 0);
  return status_of(*parts_.record);
}

void admin_server_state::serve(const admin_call_ptr& call) {
  const activity serving(*parts_.record, "handling a request");
  if (!neighbours_)
    return call->answer(http::error_response({fault::unavailable, "the daemon is starting"}));
  switch (call->what) {
  case admin_call::kind::status:
    return with_status([call](const std::string& status) {
      http::response answer;
      answer.body = status;
      call->answer(std::move(answer));
    });
  case admin_call::kind::watch:
    return watch(call);
  case admin_call::kind::trace:
    return std::make_shared<cascade_trace>(self_, parts_.trace, neighbours_, call)->run();
  case admin_call::kind::scale:
    return scale(call);
  case admin_call::kind::try_rules:
    return std::make_shared<rules_trial>(self_, parts_.trace.limit, neighbours_, call)->run();
  }
}

void admin_server_state::with_status(const std::function<void(const std::string&)>& use) {
  const auto send = [this, use](const status_report& report) {
    const auto& models = *neighbours_->models;
    const auto index = models.index->current();
    use(status_json({parts_.up_since, models.version, describe_retrieval(index.get()), *parts_.health,
                     parts_.fleet.get(), parts_.meters ? parts_.meters->drift.watch.report() : drift_report{},
                     models.trained_at},
                    report));
  };
  self_->request(neighbours_->introspector, report_patience, report_atom_v)
      .then([send](const status_report_ptr& report) { send(*report); },
            [this, send](const caf::error&) { send(*report_of(*parts_.tree, *parts_.history)); });
}

void admin_server_state::watch(const admin_call_ptr& call) {
  with_status([this, call](const std::string& status) {
    call->answer(feed_->join(call->asked, status));
    if (!ticking_)
      tick_later();
  });
}

void admin_server_state::tick_later() {
  ticking_ = feed_->has_listeners();
  if (ticking_)
    self_->delayed_send(self_, live_feed::event_interval, tick_atom_v);
}

void admin_server_state::tick() {
  tick_later();
  if (!ticking_)
    return;
  const activity feeding(*parts_.record, "sending live updates");
  feed_->send_events();
  const auto now = steady_clock::now();
  if (sampling_ || now - sampled_ < live_feed::sample_interval)
    return;
  sampling_ = true;
  sampled_ = now;
  with_status([this](const std::string& status) {
    sampling_ = false;
    feed_->send_sample(status);
  });
}

void admin_server_state::scale(const admin_call_ptr& call) {
  const auto count = call->asked.query_parameter("count");
  std::uint64_t workers = 0;
  if (!count || !read_value(*count, workers) || workers < 1 || workers > max_workers)
    return call->answer(
        http::json_error(400, "count: expected a whole number from 1 to " + std::to_string(max_workers)));
  self_
      ->request(parts_.supervisor, scale_patience, scale_atom_v,
                std::string(call->asked.path_parameter("stage")), workers)
      .then(
          [call](const count_reply& reply) {
            if (!*reply)
              return call->answer(http::error_response(reply->error()));
            http::response answer;
            answer.body = R"({"status":"success","workers":)" + std::to_string(**reply) + "}";
            call->answer(std::move(answer));
          },
          [call](const caf::error& reason) {
            call->answer(http::error_response(unavailable("the stage", reason)));
          });
}

admin_server_self::behavior_type admin_server(admin_server_self::stateful_pointer<admin_server_state> self,
                                              admin_parts parts) {
  self->set_exception_handler(crash_reason);
  self->state.start(std::move(parts));
  return {[self](wire_atom, const neighbours_ptr& neighbours) { self->state.neighbours_ = neighbours; },
          [self](listen_atom) { return self->state.listen(); },
          [self](serve_atom, const admin_call_ptr& call) { self->state.serve(call); },
          [self](tick_atom) { self->state.tick(); }, [self](status_atom) { return self->state.status(); }};
}

} // namespace winnow
