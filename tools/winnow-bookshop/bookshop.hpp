#pragma once

#include "config/error.hpp"

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

/// An invented bookshop whose truth is known: what its readers love, and when that changed. For
/// demonstrations, and for tests that ask whether what was planted is found.
struct bookshop {
  struct book {
    std::string id; ///< Like an ISBN-10: ten characters, often with zeros in front, maybe an X at the end.
    std::string title;
    std::uint32_t author = 0; ///< In `authors`.
    std::uint32_t genre = 0;  ///< In `genres`.
    std::uint32_t price_pence = 0;
    std::uint32_t series = 0; ///< From 1; 0 for a book that stands alone.
    std::uint32_t number = 0; ///< In its series, from 1.
  };
  struct reader {
    std::string id;
    std::uint32_t genre = 0;       ///< About seven in ten of his books are of it,
    std::uint32_t second = 0;      ///< two in ten of this one, the rest of any.
    std::uint32_t later_genre = 0; ///< What takes the place of `genre`; the same where nothing does.
    std::int64_t drift_time = 0;   ///< Unix seconds of the first purchase after the change; 0 without one.
  };
  struct purchase {
    std::uint32_t reader = 0;
    std::uint32_t book = 0;
    std::int64_t time = 0; ///< Unix seconds.
  };

  std::vector<std::string> genres;
  std::vector<std::string> authors;
  std::vector<book> books; ///< In the order of their ids.
  std::vector<reader> readers;
  std::vector<purchase> purchases; ///< Oldest first; no book twice for one reader.
};

/// Invents a bookshop; the same options give the same one on every machine. Within a genre sales fall off as
/// Zipf's law says; a reader has favourite authors, and who read a book often takes the next of its series
/// within days.
bookshop make_bookshop(const bookshop_options& options);

/// The files of a shop as text: `user_id,item_id,timestamp`; `item_id,title,author,genre,price`;
/// `user_id,genre_before,genre_after,drift_time` (no time where nothing changed).
std::string interactions_csv(const bookshop& shop);
std::string items_csv(const bookshop& shop);
std::string truth_csv(const bookshop& shop);

/// Writes `interactions.csv`, `items.csv` and `truth.csv` into a directory, which is made where there is
/// none.
result<void> write_bookshop(const bookshop& shop, const std::filesystem::path& dir);

} // namespace winnow
