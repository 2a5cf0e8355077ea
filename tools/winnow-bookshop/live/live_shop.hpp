#pragma once

#include "models/training/support/random.hpp"
#include "tools/winnow-bookshop/bookshop.hpp"
#include "tools/winnow-bookshop/live/bestsellers.hpp"
#include "tools/winnow-bookshop/live/scoreboard.hpp"
#include "tools/winnow-bookshop/live/shop_link.hpp"
#include "tools/winnow-bookshop/reading_habits.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace winnow {

/// The books of one reader, as winnowd knows them.
struct reader_shelf {
  std::string id;
  std::vector<std::uint32_t> books; ///< Indices into `bookshop::books`, oldest first.
  std::uint64_t version = 0;        ///< Grows with each stored profile; 0: nothing is stored yet.

  bool has(std::uint32_t book) const;
};

/// An invented bookshop that sells: the shelves of its readers, whose profiles it keeps in winnowd's store.
/// Used by one thread; calls wait for the store.
class live_shop {
public:
  /// At most this many books stay on a shelf, the newest: a shop may run for weeks.
  static constexpr std::size_t shelf_length = 200;
  static constexpr std::size_t most_guests = 1000;

  /// @param seed Of the choices that readers make from now on.
  live_shop(const bookshop& shop, shop_link& link, std::uint64_t seed);

  /// Whether winnowd reads a shelf as soon as it has changed.
  bool is_immediate() const noexcept { return link_.is_immediate(); }

  /// The ids of books, in their order.
  item_ids ids_of(const std::vector<std::uint32_t>& books) const;

  // ---- opening: the profiles of all readers are stored, unless the store has some of an earlier run ----

  /// Opens the shop for the next readers, at most 64. Returns whether all have been opened.
  result<bool> open_some();

  /// Opens it for one reader, if it is not yet.
  result<void> open(std::size_t reader);

  // ---- readers: indices below `readers()`, the invented ones first, then guests ----

  std::size_t readers() const noexcept { return shelves_.size(); }
  std::size_t invented() const noexcept { return shop_.readers.size(); }
  const reader_shelf& shelf(std::size_t reader) const { return shelves_[reader]; }
  std::optional<std::size_t> find_reader(std::string_view id) const;

  /// Adds a reader without books, and stores the empty profile. Fails with `overloaded` for too many.
  result<std::size_t> add_guest();

  // ---- purchases ----

  /// Stores the reader's profile with one more book; the shelf changes only if that succeeds.
  result<void> buy(std::size_t reader, std::uint32_t book);

  /// An invented reader visits the shop: wants a book, looks at the list, and buys. Nullopt if the reader has
  /// all books of the genre that was wanted.
  result<std::optional<visit_outcome>> visit(std::size_t reader);

  /// Removes everything that this shop stored.
  result<void> forget_all();

  std::optional<std::uint32_t> find_book(std::string_view id) const;
  const bookshop& stock() const noexcept { return shop_; }
  const bestsellers& sales() const noexcept { return sales_; }
  random_source& random() noexcept { return random_; }

  /// Recommended ids that are no books of this shop, of visits so far. If they are many, the models were
  /// trained on another shop.
  std::uint64_t unknown_items() const noexcept { return unknown_items_; }

private:
  result<void> store(reader_shelf& shelf, std::vector<std::uint32_t> books);
  result<void> open_range(std::size_t from, std::size_t to);
  std::vector<std::uint32_t> known(const item_ids& ids);
  std::optional<std::uint32_t> temptation(std::size_t reader,
                                          const std::vector<std::uint32_t>& offered) const;

  const bookshop& shop_;
  shop_link& link_;
  reading_habits habits_;
  random_source random_;
  bestsellers sales_;
  std::vector<reader_shelf> shelves_;
  std::unordered_map<std::string_view, std::uint32_t> books_by_id_;
  std::unordered_map<std::string, std::size_t> readers_by_id_;
  std::size_t opened_ = 0; ///< Readers below are open.
  std::string guest_prefix_;
  std::uint64_t unknown_items_ = 0;
};

} // namespace winnow
