#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow {

/// Ids (opaque byte strings) and their dense indices 0, 1, 2 … in the order in which they were added. All text lies in
/// one block and the hash table holds indices alone: about 16 bytes an id beside its text.
class id_index {
public:
  /// Makes room for `count` ids.
  void reserve(std::size_t count);

  /// @return The id's index, and whether it is new.
  std::pair<std::uint32_t, bool> add(std::string_view id);

  std::optional<std::uint32_t> find(std::string_view id) const;

  std::size_t size() const noexcept { return ends_.size(); }

  /// Valid until the next `add`.
  std::string_view operator[](std::uint32_t index) const noexcept {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return {text_.data() + begin, ends_[index] - begin};
  }

private:
  /// The slot that holds `id`, or the empty one where it belongs.
  std::size_t slot_of(std::string_view id) const;
  void rehash(std::size_t slots);

  std::string text_;
  std::vector<std::size_t> ends_;
  std::vector<std::uint32_t> slots_; ///< Open addressing, linear probing; a power of two, at most half full.
};

} // namespace winnow
