#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow {

/// Ids (of items, of users) and their dense indices 0, 1, 2, … in the order of insertion. Ids are opaque byte
/// strings, kept in one arena: about 16 bytes an id beside its text. At most 2^32 - 2 ids. Many threads may
/// read at once.
class id_table {
public:
  using index = std::uint32_t;

  /// Makes room for `count` ids; more still fit.
  void reserve(std::size_t count);

  /// The index of `id`, and whether it was new.
  std::pair<index, bool> insert(std::string_view id);

  /// The index of `id`, if it is there.
  std::optional<index> find(std::string_view id) const;

  /// The id at an index below `size()`; valid until the next `insert`.
  std::string_view operator[](std::size_t at) const {
    return std::string_view(text_).substr(ends_[at], ends_[at + 1] - ends_[at]);
  }

  std::size_t size() const { return ends_.size() - 1; }
  bool empty() const { return size() == 0; }

private:
  std::size_t slot_of(std::string_view id) const;
  void rehash(std::size_t slots);

  std::string text_;
  std::vector<std::uint64_t> ends_ = {0}; // the id at i is text_[ends_[i], ends_[i + 1])
  std::vector<index> slots_;              // open addressing, a power of two; index + 1, 0 is free
};

} // namespace winnow
