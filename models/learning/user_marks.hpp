#pragma once

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// How far a user's history has been counted: its length, and a hash of its last items. Eight bytes, however
/// long the history is.
struct history_mark {
  std::uint32_t items = 0;
  std::uint32_t tail = 0;

  bool operator==(const history_mark& other) const { return items == other.items && tail == other.tail; }
};

/// Returns the mark of a whole history. @param item_ids Oldest first.
history_mark mark_of(gsl::span<const std::string_view> item_ids);

/// Finds out what is new in a history since `mark`.
/// @return The position of the first new item; the length of the history if nothing is new. A history from
///   whose front items were dropped is recognised by the marked tail. nullopt if the tail is not in it: the
///   history was rewritten, and nothing says what of it is new.
std::optional<std::size_t> first_new_item(const history_mark& mark,
                                          gsl::span<const std::string_view> item_ids);

class state_reader;
class state_writer;

/// The marks of all users, by a 64-bit hash of their ids, so that two of a million users share an entry with
/// a probability of 3 in 10^8.
class user_marks {
public:
  struct entry {
    std::uint64_t user = 0; ///< Hash of the id; 0 if free.
    history_mark mark;
  };

  static std::uint64_t hash_of(std::string_view user_id);

  /// @param most More users are not noted.
  explicit user_marks(std::size_t most) : most_(most) {}

  std::optional<history_mark> find(std::uint64_t user) const;

  /// Notes the user's mark. @return False if there is no room for another user.
  bool note(std::uint64_t user, history_mark mark);

  /// Forgets the user. @return Whether there was a mark.
  bool forget(std::uint64_t user);

  void save(state_writer& into) const;
  void restore(state_reader& from);

  /// A digest of all marks, in whatever order they were noted.
  std::uint64_t digest() const noexcept { return digest_; }

  std::size_t size() const noexcept { return size_; }
  /// All entries, with free ones between them.
  gsl::span<const entry> entries() const noexcept { return slots_; }

private:
  std::size_t slot_of(std::uint64_t user) const;
  void grow();

  std::vector<entry> slots_; ///< Open addressing; the size is a power of two, or 0.
  std::size_t size_ = 0;
  std::size_t most_;
  std::uint64_t digest_ = 0; ///< The exclusive or of one number for each entry.
};

} // namespace winnow
