#pragma once

#include "config/error.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace winnow {

struct bookshop_options {
  std::uint64_t seed = 1;
  std::uint32_t books = 3000;
  std::uint32_t readers = 2000;
};

/// An invented bookshop with known ground truth: which genres its readers love, and when that changed. For
/// demonstrations, and for tests that models recover the planted tastes.
struct bookshop {
  struct book {
    std::string id; ///< Like an ISBN-10: ten characters, often with leading zeros, possibly with a final X.
    std::string title;
    std::uint32_t author = 0; ///< Index in `authors`.
    std::uint32_t genre = 0;  ///< Index in `genres`.
    std::uint32_t price_pence = 0;
    std::uint32_t series = 0; ///< From 1; 0 for a book outside a series.
    std::uint32_t number = 0; ///< Position in its series, from 1.
  };
  using authors_of_a_genre = std::array<std::uint32_t, 3>; ///< Indices into `authors`; may repeat.
  struct reader {
    std::string id;
    std::uint32_t genre = 0;       ///< About seven in ten of the reader's books are of this genre.
    std::uint32_t second = 0;      ///< Two in ten are of this genre, the rest of any.
    std::uint32_t later_genre = 0; ///< Replaces `genre` after the change of taste; equal if there is none.
    std::int64_t drift_time = 0; ///< Unix seconds of the first purchase after the change; 0 if there is none.
    std::array<authors_of_a_genre, 3>
        favourites{}; ///< Of `genre`, `second` and `later_genre`, in this order.
  };
  struct purchase {
    std::uint32_t reader = 0;
    std::uint32_t book = 0;
    std::int64_t time = 0; ///< Unix seconds.
  };

  std::vector<std::string> genres;
  std::vector<std::string> authors;
  std::vector<book> books; ///< Sorted by id.
  /// By genre: indices into `books`, those that readers draw most often first.
  std::vector<std::vector<std::uint32_t>> shelves;
  std::vector<reader> readers;
  std::vector<purchase> purchases; ///< Oldest first; each book at most once per reader.
};

/// Invents a bookshop. The same options give the same shop on every machine. Sales within a genre follow
/// Zipf's law. Readers have favourite authors, and often buy the next book of a series within days.
bookshop make_bookshop(const bookshop_options& options);

/// The files of a shop as text: `user_id,item_id,timestamp`; `item_id,title,author,genre,price`;
/// `user_id,genre_before,genre_after,drift_time` (the time is empty if the taste did not change).
std::string interactions_csv(const bookshop& shop);
std::string items_csv(const bookshop& shop);
std::string truth_csv(const bookshop& shop);

/// Writes `interactions.csv`, `items.csv` and `truth.csv` into a directory, which is created if missing.
result<void> write_bookshop(const bookshop& shop, const std::filesystem::path& dir);

} // namespace winnow
