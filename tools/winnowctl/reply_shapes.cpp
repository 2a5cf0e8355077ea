#include "tools/winnowctl/reply_shapes.hpp"

namespace winnow {

namespace {

reply_shape with_objects(std::vector<std::string> names) {
  reply_shape shape;
  shape.objects = std::move(names);
  return shape;
}

reply_shape with_lists(std::vector<std::string> names) {
  reply_shape shape;
  shape.lists = std::move(names);
  return shape;
}

/// Of all that changes the daemon.
reply_shape success() {
  reply_shape shape;
  shape.is_success = true;
  return shape;
}

/// The console asks for a log level without naming one, only to see whether the token is good.
reply_shape refusal() {
  reply_shape shape;
  shape.is_always_refused = true;
  return shape;
}

reply_shape shape_about_models(const ctl_options& asked) {
  if (asked.action == "list")
    return with_lists({"versions"});
  if (asked.action == "report")
    return asked.subject.empty() ? with_lists({"reports"}) : with_objects({"candidate"});
  return success();
}

reply_shape shape_about_experiments(const ctl_options& asked) {
  return asked.action == "start" || asked.action == "stop" ? with_objects({"experiment"})
                                                           : with_lists({"versions"});
}

} // namespace

reply_shape shape_of_status() {
  auto shape = with_objects({"daemon"});
  shape.lists = {"actors"};
  return shape;
}

reply_shape shape_for(const ctl_options& asked) {
  switch (asked.command) {
  case ctl_command::status:
  case ctl_command::tree:
  case ctl_command::top:
  case ctl_command::fleet:
    return shape_of_status();
  case ctl_command::events:
    return with_lists({"events"});
  case ctl_command::slow:
    return with_lists({"requests"});
  case ctl_command::experiments:
    return shape_about_experiments(asked);
  case ctl_command::trace:
    return with_lists({"stages", "recommendations"});
  case ctl_command::rules:
    return asked.subject.empty() ? with_objects({"last_reading"}) : with_lists({"with", "moves"});
  case ctl_command::models:
    return shape_about_models(asked);
  case ctl_command::console:
    return refusal();
  case ctl_command::scale:
  case ctl_command::kill:
  case ctl_command::drain:
  case ctl_command::log_level:
  case ctl_command::fault:
  case ctl_command::clear_faults:
  case ctl_command::import_data: // asks no daemon
    break;
  }
  return success();
}

} // namespace winnow
