#pragma once

#include "models/cascade.hpp"
#include "redis/profile.hpp"

#include <string>
#include <vector>

namespace winnow::test {

/// The model directory of the small bookshop among the fixtures.
std::string bookshop_dir();

/// Its models, loaded once. Fails the test where they cannot be.
model_set_ptr bookshop();

/// The same models under another version.
model_set_ptr bookshop_of_version(const std::string& version);

/// A history of `length` items of the catalogue, beginning with the item of index `first`.
profile history(std::size_t length, std::size_t first = 0);

/// The same as JSON.
std::string history_json(std::size_t length, std::size_t first = 0);

/// What the three stages make of a user's history, run one after the other.
struct cascade_lists {
  ranked_list candidates;
  ranked_list din;
  ranked_list ranknet;
};

cascade_lists run_cascade(const std::string& user_id, const profile& items);

std::vector<std::uint32_t> items_of(const ranked_list& list, std::size_t count);

} // namespace winnow::test
