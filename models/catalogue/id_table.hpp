#pragma once

#include <cstdint>
#include <gsl/span>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow {

/// Maps ids (of items or users) to dense indices 0, 1, 2, … in the order of insertion, and back. Ids are
/// opaque byte strings, stored in one arena; each takes about 16 bytes in addition to its text. There can be
/// at most 2^32 - 2 ids. Many threads may read at the same time.
class id_table {
public:
  using index = std::uint32_t;

  /// Reserves room for `count` ids; more may be inserted.
  void reserve(std::size_t count);

  /// Adds `id` unless it is already in the table. Returns its index and whether it is new.
  std::pair<index, bool> insert(std::string_view id);

  /// Returns the index of `id`, or nullopt if it is not in the table.
  std::optional<index> find(std::string_view id) const;

  /// The id at an index below `size()`. The view is valid until the next `insert`.
  std::string_view operator[](std::size_t at) const {
    return std::string_view(text_).substr(ends_[at], ends_[at + 1] - ends_[at]);
  }

  /// All ids one after the other, and where each begins and the last ends. Both valid until the next
  /// `insert`.
  std::string_view text() const { return text_; }
  gsl::span<const std::uint64_t> ends() const { return ends_; }

  std::size_t size() const { return ends_.size() - 1; }
  bool empty() const { return size() == 0; }

private:
  /// Where an id is in the slots, or where it would be put, and what an entry there begins with.
  struct place {
    std::size_t slot;
    index tag;
  };

  place place_of(std::string_view id) const;
  index index_in(std::size_t slot) const { return (slots_[slot] & index_bits_) - 1; }
  void rehash(std::size_t slots);

  std::string text_;
  std::vector<std::uint64_t> ends_ = {0}; // the id at i is text_[ends_[i], ends_[i + 1])
  // Open addressing, size a power of two. An entry is 0 if free, or an index plus 1 in its low bits, as many
  // as the size needs, and bits of the id's hash above them: other ids are passed without reading their text.
  std::vector<index> slots_;
  index index_bits_ = 0; // mask
};

} // namespace winnow
