#pragma once

#include "config/settings/settings.hpp"
#include "models/model_set.hpp"

#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace winnow {

/// Loads models on its own thread, so that the main thread can wait for signals. A load takes up to ten
/// seconds for a million items and cannot be cancelled; at shutdown its thread is abandoned. Owned and called
/// by the main thread alone, unless stated otherwise.
class model_loader {
public:
  /// Receives the result of a load, on the loader's thread.
  using receiver = std::function<void(result<model_set_ptr>)>;

  explicit model_loader(settings options);
  ~model_loader() { give_up(); }
  model_loader(const model_loader&) = delete;
  model_loader& operator=(const model_loader&) = delete;

  /// Requests a load. If one is under way, the next one follows it; requests that are made before it begins
  /// replace each other.
  void load(receiver receive);

  /// Loads a version of the registry aside. Blocking; for work of `later`.
  /// @param version Empty: the one that `current` names.
  result<model_set_ptr> load_version(const std::string& version) const;

  /// Runs work on the loader's thread, one after the other, after what is under way. Work that has not begun
  /// when the loader gives up never runs. May be called on any thread.
  void later(std::function<void()> work);

  /// Ends the thread, or abandons it if work is under way. No receiver is called once this has returned.
  void give_up();

  /// Whether work was under way when `give_up` was called. Its thread is still running: the process must
  /// exit without destroying globals.
  bool is_abandoned() const noexcept { return abandoned_; }

private:
  struct shared_state;
  static void run(const std::shared_ptr<shared_state>& shared);

  const std::shared_ptr<shared_state> shared_;
  std::thread thread_;
  bool abandoned_ = false;
};

} // namespace winnow
