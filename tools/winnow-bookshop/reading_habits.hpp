#pragma once

#include "models/training/support/random.hpp"
#include "tools/winnow-bookshop/bookshop.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace winnow {

/// How the readers of a shop choose books: by hidden tastes, which no model is told. The same habits make the
/// purchases that models learn from and those of a shop that is played live.
class reading_habits {
public:
  /// Whether the reader has a book, given as its index in `bookshop::books`.
  using ownership = std::function<bool(std::uint32_t)>;

  /// @param shop Needs books and shelves, not yet readers. Must outlive this object.
  explicit reading_habits(const bookshop& shop);

  /// The book that the reader wants next, after `last`, the newest book of the reader; nullopt if the reader
  /// has every book of the genre that was drawn.
  /// @param later The reader's taste has changed, see `bookshop::reader::later_genre`.
  std::optional<std::uint32_t> next(const bookshop::reader& reader, bool later,
                                    std::optional<std::uint32_t> last, const ownership& owned,
                                    random_source& random) const;

  /// The first half of `next`: a book that follows `last`, the next of its series or another of its author.
  /// Nullopt if the reader does not want any.
  std::optional<std::uint32_t> follow_up(std::uint32_t last, const ownership& owned,
                                         random_source& random) const;

  /// The second half: a book of a genre or author that the reader loves.
  std::optional<std::uint32_t> choose(const bookshop::reader& reader, bool later, const ownership& owned,
                                      random_source& random) const;

  /// Draws a book of a genre in proportion to its sales.
  std::uint32_t draw(std::uint32_t genre, random_source& random) const;

  /// Whether a book tempts the reader who sees it: it is by a favourite author of a genre that the reader
  /// loves now, or the first book that the reader lacks of a series that the reader has begun.
  bool tempts(const bookshop::reader& reader, bool later, std::uint32_t book, const ownership& owned) const;

private:
  std::uint32_t draw_by_taste(const bookshop::reader& reader, std::uint32_t genre,
                              random_source& random) const;
  std::uint32_t from_the_beginning(std::uint32_t book, const ownership& owned, random_source& random) const;

  const bookshop& shop_;
  std::vector<std::vector<std::uint64_t>> sales_;      // by genre: cumulative weights of its shelf
  std::vector<std::vector<std::uint32_t>> of_authors_; // by author: books
  std::vector<std::vector<std::uint32_t>> series_;     // by series: its books in order
};

} // namespace winnow
