#pragma once

#include <cstdint>
#include <gsl/span>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow {

/// Maps ids (of items or users) to dense indices 0, 1, 2, … in the order of insertion, and back. Ids are
/// opaque byte strings, stored in one arena; each takes about 16 bytes in addition to its text. There can be
/// at most 2^32 - 2 ids. Many threads may read at the same time.
///
/// A table may also be in a mapped file. Inserting into it then copies it into memory first.
class id_table {
public:
  using index = std::uint32_t;

  /// The content of a table in a mapped file. Damaged content makes lookups fail, and nothing worse.
  struct mapped_ids {
    std::string_view text;               ///< All ids one after the other.
    gsl::span<const std::uint64_t> ends; ///< As many as there are ids, and 0 before them.
    gsl::span<const index> slots;        ///< Those of a table with the same ids; a power of two or none.
    std::uint64_t digest = 0;            ///< Of the ids and their order, see `digest()`.
    std::shared_ptr<const void> file;    ///< Keeps the content alive.
  };

  id_table() = default;
  explicit id_table(mapped_ids content);

  /// Reserves room for `count` ids; more may be inserted.
  void reserve(std::size_t count);

  /// Adds `id` unless it is already in the table. Returns its index and whether it is new.
  std::pair<index, bool> insert(std::string_view id);

  /// Returns the index of `id`, or nullopt if it is not in the table.
  std::optional<index> find(std::string_view id) const;

  /// The id at an index below `size()`. The view is valid until the next `insert`.
  std::string_view operator[](std::size_t at) const {
    const auto* const ends = this->ends().data() + at;
    const auto all = text();
    return ends[0] <= ends[1] && ends[1] <= all.size() ? all.substr(ends[0], ends[1] - ends[0])
                                                       : std::string_view();
  }

  /// All ids one after the other, and where each begins and the last ends. Both valid until the next
  /// `insert`.
  std::string_view text() const { return mapped_ ? mapped_->text : std::string_view(text_); }
  gsl::span<const std::uint64_t> ends() const {
    return mapped_ ? mapped_->ends : gsl::span<const std::uint64_t>(ends_);
  }

  std::size_t size() const { return static_cast<std::size_t>(ends().size()) - 1; }
  bool empty() const { return size() == 0; }

  /// For keeping the table in a file.
  gsl::span<const index> slots() const { return mapped_ ? mapped_->slots : gsl::span<const index>(slots_); }

  /// Returns a digest of the ids and their order. Reads all of them, unless they are in a mapped file, which
  /// has it.
  std::uint64_t digest() const;

private:
  /// Where an id is in the slots, or where it would be put, and what an entry there begins with.
  struct place {
    std::size_t slot;
    index tag;
  };

  place place_of(std::string_view id) const;
  index index_in(std::size_t slot) const { return (slots()[slot] & index_bits_) - 1; }
  bool holds(std::size_t slot, std::string_view id) const;
  void rehash(std::size_t slots);
  void copy_to_memory();

  std::string text_;
  std::vector<std::uint64_t> ends_ = {0}; // the id at i is text_[ends_[i], ends_[i + 1])
  // Open addressing, size a power of two. An entry is 0 if free, or an index plus 1 in its low bits, as many
  // as the size needs, and bits of the id's hash above them: other ids are passed without reading their text.
  std::vector<index> slots_;
  index index_bits_ = 0;                     // mask
  std::shared_ptr<const mapped_ids> mapped_; // in the place of the three vectors above
};

} // namespace winnow
