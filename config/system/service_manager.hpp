#pragma once

#include "config/error.hpp"
#include "config/settings/sources/process_environment.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Tells the service manager that started this process what state it is in, by one datagram each, as
/// sd_notify(3) describes: systemd with `Type=notify`, or a container engine that passes its socket on. Does
/// nothing if no manager asked for it. Callable from any thread.
class service_manager {
public:
  /// No manager listens.
  service_manager() = default;

  /// Reads `NOTIFY_SOCKET`, and `WATCHDOG_USEC` and `WATCHDOG_PID`, which ask for `progress`. An error names
  /// the variable that cannot be used.
  static result<service_manager> named_by(const environment& variables);

  ~service_manager();
  service_manager(service_manager&& other) noexcept;
  service_manager& operator=(service_manager&& other) noexcept;

  bool listens() const noexcept { return socket_ >= 0; }

  /// Within which time the manager expects `progress` again, before it kills the process; 0: it does not.
  std::chrono::microseconds watchdog() const noexcept { return watchdog_; }

  /// The process serves. @param status One line for operators.
  void ready(std::string_view status) const;

  /// The process reads its configuration again, until it says `ready`.
  void reloading() const;

  /// The process ends. @param status One line for operators.
  void stopping(std::string_view status) const;

  /// The process does its work. Does nothing without a watchdog. Never waits.
  void progress() const;

private:
  void send(const std::string& state, int flags = 0) const;

  int socket_ = -1;
  std::vector<char> address_; ///< A `sockaddr_un`, as long as it is used.
  std::chrono::microseconds watchdog_{0};
};

} // namespace winnow
