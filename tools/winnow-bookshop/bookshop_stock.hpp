#pragma once

#include "models/training/support/random.hpp"
#include "tools/winnow-bookshop/bookshop.hpp"

namespace winnow {

/// Fills in genres, authors and books. Each genre gets about the same number of books. An author writes in
/// one genre, both single books and series.
void stock_bookshop(bookshop& shop, std::uint32_t books, random_source& random);

} // namespace winnow
