#include "tools/winnow-bookshop/page/book_json.hpp"

#include "tools/winnow-bookshop/bookshop_words.hpp"

namespace winnow {

using nlohmann::json;

json book_json(const bookshop& shop, std::uint32_t book) {
  const auto& one = shop.books[book];
  return {{"id", one.id},
          {"title", one.title},
          {"author", shop.authors[one.author]},
          {"genre", one.genre},
          {"price", static_cast<double>(one.price_pence) / 100}};
}

json item_json(const live_shop& shop, const std::string& id) {
  if (const auto book = shop.find_book(id))
    return book_json(shop.stock(), *book);
  return {{"id", id}, {"title", id}, {"author", nullptr}, {"genre", nullptr}, {"price", nullptr}};
}

json reader_json(const live_shop& shop, std::size_t reader) {
  const auto& shelf = shop.shelf(reader);
  json described{{"id", shelf.id}, {"books", shelf.books.size()}, {"loves", json::array()}};
  if (reader >= shop.invented()) {
    described["name"] = "You";
    return described;
  }
  const auto& names = first_names();
  described["name"] = std::string(names[reader * 31 % names.size()]); // neighbours get different names
  const auto& taste = shop.stock().readers[reader];
  const auto& genres = shop.stock().genres;
  described["loves"] = {genres[taste.later_genre], genres[taste.second]};
  return described;
}

} // namespace winnow
