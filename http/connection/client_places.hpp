#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace winnow::http {

/// Limits how many places each client holds at a time. Thread-safe.
class client_places {
public:
  explicit client_places(std::size_t most) : most_(most) {}
  client_places(const client_places&) = delete;
  client_places& operator=(const client_places&) = delete;

  /// A place that a client holds; empty for clients without a limit, and if there was none left. Destroyed
  /// before the `client_places` that it came from.
  class place {
  public:
    place() = default;
    ~place() { leave(); }
    place(place&& other) noexcept { swap(other); }
    place& operator=(place&& other) noexcept {
      swap(other);
      other.leave();
      return *this;
    }

    bool is_held() const noexcept { return owner_ != nullptr; }
    void leave() noexcept;

  private:
    friend class client_places;
    place(client_places& owner, std::string client) : owner_(&owner), client_(std::move(client)) {}
    void swap(place& other) noexcept {
      std::swap(owner_, other.owner_);
      client_.swap(other.client_);
    }

    client_places* owner_ = nullptr;
    std::string client_;
  };

  /// Takes a place for `client`, a name that identifies it. Returns an empty place if none is left.
  place take(const std::string& client);

private:
  const std::size_t most_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> held_; ///< Without clients that hold none.
};

} // namespace winnow::http
