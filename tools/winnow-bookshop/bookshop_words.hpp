#pragma once

#include <string_view>
#include <vector>

namespace winnow {

using word_list = std::vector<std::string_view>;

/// Words and patterns for the titles of a genre. In patterns, `{A}` is replaced by an adjective, `{N}` and
/// `{M}` by two different nouns, `{P}` by a place, `{F}` and `{L}` by a first and a last name.
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
