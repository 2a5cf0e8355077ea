#include "running_daemon.hpp"

#include "actors/message_types.hpp"
#include "actors/runtime/chain_scheduler.hpp"
#include "actors/supervision/trace_reports.hpp"
#include "bookshop.hpp"
#include "redis/embedded/memory_core.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/scoped_actor.hpp>

namespace winnow::test {

using namespace std::chrono_literals;

settings running_daemon::usual_settings() {
  settings options;
  options.store.address.transport = store_address::kind::memory;
  options.http.host = "127.0.0.1";
  options.http.port = 0;
  options.pipeline.deadline = 20s;
  options.pipeline.stage_workers = 2;
  options.poller.poll_interval = 20ms;
  return options;
}

running_daemon::running_daemon() : running_daemon(usual_settings()) {}

running_daemon::running_daemon(settings options, supervision_tree supervision, model_set_ptr models,
                               shop_rules_ptr rules) {
  schedule_in_chains(config_, options.pipeline.stage_workers);
  winnow::add_message_types(config_);
  system_.emplace(config_);
  supervisor_parts parts;
  parts.options = std::move(options);
  if (parts.options.models.item_updates.empty())
    parts.options.models.item_updates = scratch_.path() + "/items";
  parts.stage_workers = parts.options.pipeline.stage_workers;
  parts.models = models ? std::move(models) : bookshop();
  parts.store = store_;
  parts.background_store = std::make_shared<second_connection>(store_);
  parts.changes = std::make_shared<memory_change_tracker>(core_);
  parts.health = health_;
  parts.meters = meters_;
  parts.recent = recent_;
  parts.tree = tree_;
  parts.traces = tracer::of(parts.options.tracing, "", trace_reports(meters_));
  if (rules) {
    parts.rules = std::make_shared<rules_board>();
    parts.rules->taken(std::move(rules));
  }
  if (!supervision.groups.empty())
    parts.supervision = std::move(supervision);
  parts.faults = faults_;
  parts.idle_processors = [this] { return idle_processors(*system_); };
  parts.on_fatal = [this](const std::string& why) {
    const std::lock_guard lock(mutex_);
    fatal_ = why;
  };
  parts.on_started = [this](const std::string& name, const caf::actor& started) {
    const std::lock_guard lock(mutex_);
    children_[name] = started;
  };
  health_->models_warm = true;
  supervisor_ = system_->spawn<caf::detached>(supervisor, std::move(parts));

  std::uint16_t port = 0;
  std::string problem;
  {
    caf::scoped_actor self(*system_);
    self->request(supervisor_, 20s, listen_atom_v)
        .receive(
            [&](const listen_reply& reply) {
              if (*reply)
                port = **reply;
              else
                problem = reply->error().message;
            },
            [&](const caf::error& reason) { problem = to_string(reason); });
  }
  http_.emplace(port);
  if (problem.empty() && !wait_until([this] { return health_->reasons_not_ready().empty(); }))
    problem = "not ready: " + health_->reasons_not_ready().front();
  BOOST_TEST_MESSAGE("daemon on port " << port);
  if (!problem.empty())
    BOOST_ERROR(problem);
}

running_daemon::~running_daemon() {
  faults_->clear(); // a hanging actor would delay the shutdown
  caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
  {
    caf::scoped_actor self(*system_);
    self->wait_for(supervisor_);
  }
  supervisor_ = nullptr;
  children_.clear(); // no handle may outlive the system
}

void running_daemon::write(const std::string& user, const std::string& json, const std::string& timestamp) {
  store_command command = write_profile{{user, timestamp}, json};
  memory_store(core_).execute({&command, 1});
}

std::optional<std::string> running_daemon::list_of(const std::string& user) {
  store_command command = read_list{user};
  return memory_store(core_).execute({&command, 1})[0]->value;
}

std::optional<std::string> running_daemon::value_of(const std::string& key) const {
  return core_->read(key);
}

std::string running_daemon::wait_for_list(const std::string& user, const std::string& other) {
  BOOST_REQUIRE_MESSAGE(wait_until([&] {
                          const auto list = list_of(user);
                          return list && *list != other;
                        }),
                        "no list of " << user);
  return *list_of(user);
}

std::vector<std::string> running_daemon::children() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, handle] : children_)
    names.push_back(name);
  return names;
}

void running_daemon::kill(const std::string& child) {
  const std::lock_guard lock(mutex_);
  caf::anon_send_exit(children_.at(child), caf::exit_reason::kill);
}

status_report_ptr running_daemon::report() {
  const auto introspector = caf::actor_cast<introspector_actor>(tree_->find("introspector"));
  status_report_ptr report;
  caf::scoped_actor self(*system_);
  self->request(introspector, 20s, report_atom_v)
      .receive([&](const status_report_ptr& reply) { report = reply; },
               [&](const caf::error& reason) { BOOST_FAIL("no report: " << to_string(reason)); });
  return report;
}

std::string running_daemon::fatal() {
  const std::lock_guard lock(mutex_);
  return fatal_;
}

} // namespace winnow::test
