#pragma once

#include <string_view>
#include <vector>

namespace winnow {

using word_list = std::vector<std::string_view>;

/// What titles of a genre are made of. In patterns stand `{A}` for an adjective, `{N}` and `{M}` for two
/// nouns, `{P}` for a place, `{F}` and `{L}` for a first and a last name.
struct genre_words {
  std::string_view name;
  word_list adjectives;
  word_list nouns;
  word_list titles; ///< Patterns.
  word_list series; ///< Patterns.
};

const std::vector<genre_words>& genres_of_books();
const word_list& invented_places();
const word_list& first_names();
const word_list& last_names();

} // namespace winnow
