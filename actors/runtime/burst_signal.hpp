#pragma once

#include <utility>

namespace winnow {

/// Lets an actor handle a burst of messages as a whole: the first of them raises the signal, which sends
/// `Atom` to the actor itself. That message arrives behind all messages that were waiting by then.
///
/// `Handle` is the actor's typed handle, whose interface has `reacts_to<Atom>` and calls `received`.
template<class Handle, class Atom>
class burst_signal {
public:
  explicit burst_signal(typename Handle::pointer self) : self_(self) {}

  /// Sends the message unless one is already on its way.
  void raise() {
    if (!std::exchange(on_its_way_, true))
      self_->send(self_, Atom{});
  }

  /// Must be called when the message arrives, or when its work was done early. The next `raise` sends again.
  void received() { on_its_way_ = false; }

private:
  typename Handle::pointer self_;
  bool on_its_way_ = false;
};

} // namespace winnow
