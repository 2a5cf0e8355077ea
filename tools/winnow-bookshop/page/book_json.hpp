#pragma once

#include "tools/winnow-bookshop/live/live_shop.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace winnow {

/// A book as the page reads it: `{"id","title","author","genre","price"}`, the genre as an index, the price
/// in pounds.
nlohmann::json book_json(const bookshop& shop, std::uint32_t book);

/// The same for an id, which may be of no book of this shop: then the id is its title.
nlohmann::json item_json(const live_shop& shop, const std::string& id);

/// Who a reader is: `{"id","name","loves","books"}`. The name is invented for the page; what a reader loves
/// is not known to the models. A guest loves nothing yet.
nlohmann::json reader_json(const live_shop& shop, std::size_t reader);

} // namespace winnow
