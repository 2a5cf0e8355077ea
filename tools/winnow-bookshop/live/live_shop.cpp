#include "tools/winnow-bookshop/live/live_shop.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <random>

namespace winnow {

namespace {

constexpr std::size_t opened_at_once = 64;
constexpr std::size_t list_length = 20;   // of the best sellers, if there is no list to compare with
constexpr std::uint32_t open_minded = 30; // percent of the visits in which a reader may change their mind

bool contains(const std::vector<std::uint32_t>& books, std::uint32_t book) {
  return std::find(books.begin(), books.end(), book) != books.end();
}

/// Guests of one run must not find the profiles of another's.
std::string new_guest_prefix() {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "guest-%08x-", std::random_device()());
  return text.data();
}

} // namespace

bool reader_shelf::has(std::uint32_t book) const {
  return contains(books, book);
}

live_shop::live_shop(const bookshop& shop, shop_link& link, std::uint64_t seed)
    : shop_(shop), link_(link), habits_(shop), random_(seed), sales_(shop.books.size()),
      guest_prefix_(new_guest_prefix()) {
  shelves_.reserve(shop.readers.size() + most_guests); // so that references stay valid
  for (const auto& reader : shop.readers) {
    readers_by_id_.emplace(reader.id, shelves_.size());
    shelves_.push_back({reader.id, {}, 0});
  }
  for (const auto& purchase : shop.purchases) {
    shelves_[purchase.reader].books.push_back(purchase.book);
    sales_.sold(purchase.book);
  }
  for (std::uint32_t at = 0; at < shop.books.size(); ++at)
    books_by_id_.emplace(shop.books[at].id, at);
}

result<bool> live_shop::open_some() {
  const auto to = std::min(opened_ + opened_at_once, invented());
  if (auto done = open_range(opened_, to); !done)
    return tl::unexpected<error>(done.error());
  opened_ = to;
  return opened_ == invented();
}

result<void> live_shop::open(std::size_t reader) {
  return open_range(reader, reader + 1);
}

result<void> live_shop::open_range(std::size_t from, std::size_t to) {
  std::vector<std::size_t> closed;
  item_ids ids;
  for (auto at = from; at < to; ++at) {
    if (shelves_[at].version > 0)
      continue;
    closed.push_back(at);
    ids.push_back(shelves_[at].id);
  }
  if (closed.empty())
    return {};
  const auto stored = link_.read_profiles(ids);
  if (!stored)
    return tl::unexpected<error>(stored.error());
  std::vector<reader_profile> missing;
  for (std::size_t i = 0; i < closed.size(); ++i) {
    auto& shelf = shelves_[closed[i]];
    if ((*stored)[i]) {
      shelf.books = known(*(*stored)[i]);
      continue;
    }
    missing.push_back({shelf.id, ids_of(shelf.books)});
  }
  if (!missing.empty())
    if (auto written = link_.write_profiles(missing); !written)
      return written;
  for (const auto at : closed)
    shelves_[at].version = 1;
  return {};
}

item_ids live_shop::ids_of(const std::vector<std::uint32_t>& books) const {
  item_ids ids;
  for (const auto book : books)
    ids.push_back(shop_.books[book].id);
  return ids;
}

std::optional<std::size_t> live_shop::find_reader(std::string_view id) const {
  const auto found = readers_by_id_.find(std::string(id));
  return found == readers_by_id_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint32_t> live_shop::find_book(std::string_view id) const {
  const auto found = books_by_id_.find(id);
  return found == books_by_id_.end() ? std::nullopt : std::optional(found->second);
}

result<std::size_t> live_shop::add_guest() {
  const auto guests = shelves_.size() - invented();
  if (guests == most_guests)
    return fail(fault::overloaded, "the shop has had its " + std::to_string(most_guests) + " guests");
  reader_shelf shelf{guest_prefix_ + std::to_string(guests + 1), {}, 0};
  if (auto stored = store(shelf, {}); !stored)
    return tl::unexpected<error>(stored.error());
  readers_by_id_.emplace(shelf.id, shelves_.size());
  shelves_.push_back(std::move(shelf));
  return shelves_.size() - 1;
}

result<void> live_shop::store(reader_shelf& shelf, std::vector<std::uint32_t> books) {
  if (books.size() > shelf_length)
    books.erase(books.begin(), books.end() - static_cast<std::ptrdiff_t>(shelf_length));
  const std::array<reader_profile, 1> profile{reader_profile{shelf.id, ids_of(books)}};
  if (auto written = link_.write_profiles(profile); !written)
    return written;
  shelf.books = std::move(books);
  ++shelf.version;
  return {};
}

result<void> live_shop::buy(std::size_t reader, std::uint32_t book) {
  auto& shelf = shelves_[reader];
  auto books = shelf.books;
  books.push_back(book);
  if (auto stored = store(shelf, std::move(books)); !stored)
    return stored;
  sales_.sold(book);
  return {};
}

result<std::optional<visit_outcome>> live_shop::visit(std::size_t reader) {
  const auto& shelf = shelves_[reader];
  const auto& taste = shop_.readers[reader];
  const bool later = taste.later_genre != taste.genre;
  const auto owned = [&](std::uint32_t book) { return shelf.has(book); };
  // The reader decides before looking, so that the list and the best sellers are judged by the same wish.
  const auto wanted = habits_.next(
      taste, later, shelf.books.empty() ? std::nullopt : std::optional(shelf.books.back()), owned, random_);
  const bool may_be_tempted = random_.below(100) < open_minded;
  if (!wanted)
    return std::optional<visit_outcome>();
  const auto read = link_.read_list(shelf.id);
  if (!read)
    return tl::unexpected<error>(read.error());

  visit_outcome outcome;
  auto bought = *wanted;
  if (*read) {
    const auto list = known(**read);
    const auto best = sales_.top((*read)->empty() ? list_length : (*read)->size(),
                                 [&](std::uint32_t book) { return !shelf.has(book); });
    outcome.saw_list = true;
    outcome.list_was_behind = std::any_of(list.begin(), list.end(), owned);
    outcome.wanted_on_list = contains(list, *wanted);
    outcome.wanted_on_best = contains(best, *wanted);
    if (may_be_tempted) {
      const auto from_list = outcome.wanted_on_list ? std::nullopt : temptation(reader, list);
      outcome.tempted_by_list = from_list.has_value();
      outcome.tempted_by_best = !outcome.wanted_on_best && temptation(reader, best).has_value();
      bought = from_list.value_or(bought);
    }
  }
  if (auto done = buy(reader, bought); !done)
    return tl::unexpected<error>(done.error());
  return std::optional(outcome);
}

std::optional<std::uint32_t> live_shop::temptation(std::size_t reader,
                                                   const std::vector<std::uint32_t>& offered) const {
  const auto& taste = shop_.readers[reader];
  const auto owned = [&](std::uint32_t book) { return shelves_[reader].has(book); };
  const auto found = std::find_if(offered.begin(), offered.end(), [&](std::uint32_t book) {
    return habits_.tempts(taste, taste.later_genre != taste.genre, book, owned);
  });
  return found == offered.end() ? std::nullopt : std::optional(*found);
}

std::vector<std::uint32_t> live_shop::known(const item_ids& ids) {
  std::vector<std::uint32_t> books;
  for (const auto& id : ids)
    if (const auto book = find_book(id))
      books.push_back(*book);
    else
      ++unknown_items_;
  return books;
}

result<void> live_shop::forget_all() {
  item_ids stored;
  for (const auto& shelf : shelves_)
    if (shelf.version > 0)
      stored.push_back(shelf.id);
  return link_.forget(stored);
}

} // namespace winnow
