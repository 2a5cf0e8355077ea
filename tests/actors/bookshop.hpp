#pragma once

#include "models/cascade.hpp"
#include "redis/records/profile.hpp"

#include <string>
#include <vector>

namespace winnow::test {

/// The directory with the models of the bookshop fixture.
std::string bookshop_dir();

/// The bookshop's models, loaded once. Fails the test if they cannot be loaded.
model_set_ptr bookshop();

/// The same models with another version.
model_set_ptr bookshop_of_version(const std::string& version);

/// The bookshop with an items file of 100,000 more items, which have a `price`: a filter of ten conditions is
/// costly.
std::shared_ptr<model_set> shop_of_many_items();

/// A history of `length` items of the catalogue, starting with the item at index `first`.
profile history(std::size_t length, std::size_t first = 0);

/// The same history as JSON.
std::string history_json(std::size_t length, std::size_t first = 0);

/// The lists of the three stages, run one after the other.
struct cascade_lists {
  ranked_list candidates;
  ranked_list din;
  ranked_list ranknet;
};

/// Runs the three stages for a user's history.
cascade_lists run_cascade(const std::string& user_id, const profile& items);

/// Returns the first `count` items of a list, or all if it is shorter.
std::vector<std::uint32_t> items_of(const ranked_list& list, std::size_t count);

} // namespace winnow::test
