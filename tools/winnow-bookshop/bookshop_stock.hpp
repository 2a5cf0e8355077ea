#pragma once

#include "models/training/support/random.hpp"
#include "tools/winnow-bookshop/bookshop.hpp"

namespace winnow {

/// Fills in genres, authors and books. The genres get about as many books each; an author writes within one,
/// single books and series.
void stock_bookshop(bookshop& shop, std::uint32_t books, random_source& random);

} // namespace winnow
