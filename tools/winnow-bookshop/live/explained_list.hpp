#pragma once

#include "tools/winnow-bookshop/live/service_client.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// A recommended book, and why winnowd recommends it.
struct explained_item {
  std::string id;
  std::string because;     ///< The book of the history with the most attention weight; empty: none.
  double weight = 0;       ///< Its weight, from 0 to 1.
  bool often_next = false; ///< Readers of this history's books often bought it next.
  bool by_taste = false;   ///< Its embedding is near the reader's.
  bool adopted = false;    ///< winnowd learned it while serving: it is newer than the models.
};

/// A list for the profile that was stored when it was requested.
struct explained_list {
  std::vector<explained_item> items; ///< Best first.
  bool popular = false;              ///< The reader has no history: these are popular books.
  std::vector<std::string> degraded; ///< The stages that the list does without.
};

/// Has winnowd compute a reader's list, with the reasons. Fails with `not_found` if it knows no profile.
/// @param history The books to take for the reader's profile, oldest first; nullopt: those that are stored.
result<explained_list> compute_list(service_client& service, const std::string& reader,
                                    const std::optional<std::vector<std::string>>& history = {});

struct similar_item {
  std::string id;
  bool often_next = false;
  bool by_taste = false;
};

/// The books that are similar to a book, best first; none if the models do not know it.
result<std::vector<similar_item>> similar_books(service_client& service, const std::string& book,
                                                std::size_t limit);

} // namespace winnow
