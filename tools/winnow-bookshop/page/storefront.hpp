#pragma once

#include "http/event_stream.hpp"
#include "http/message.hpp"
#include "tools/winnow-bookshop/live/explained_list.hpp"
#include "tools/winnow-bookshop/live/shop_floor.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace winnow {

/// The shop as its page shows it: one reader's shelf and list, as server-sent events, and purchases. All
/// members are called in the floor's thread.
///
/// Events of a reader: `shelf` as soon as a purchase is stored, with a version that grows; `list` once
/// winnowd has computed the list for that shelf, with the shelf's version; `trouble` while it cannot;
/// `score` about once a second.
class storefront {
public:
  /// @param floor, service Must outlive this object; it registers itself with the floor.
  storefront(shop_floor& floor, service_client& service);

  http::response overview();      ///< The genres, and readers to begin with.
  http::response random_reader(); ///< An invented reader.
  http::response new_guest();     ///< A reader without books.

  /// A stream of the reader's events. It begins with the present shelf and list.
  http::response follow(const std::string& reader);

  /// Stores a purchase and answers; the events are sent after the answer.
  void buy(const std::string& reader, const std::string& body, const http::responder& answer);

  /// The best-selling books that match, without those on the reader's shelf. Empty parameters match all.
  http::response search(const std::string& reader, const std::string& words, const std::string& genre);

  http::response similar(const std::string& reader, const std::string& book);

  /// Ends all streams.
  void close();

private:
  struct shown_reader {
    std::vector<std::shared_ptr<http::event_stream>> watchers;
    explained_list list;
    std::uint64_t list_version = 0;    ///< Of the shelf that the list is for; 0: there is no list.
    std::chrono::milliseconds took{0}; ///< From the request for the list to its answer.
    std::string trouble;               ///< Why the list is not that of the shelf; empty: it is.
  };

  void tick();
  void refresh(std::size_t reader, shown_reader& shown);
  std::string shelf_event(std::size_t reader) const;
  std::string list_event(const shown_reader& shown) const;
  std::string score_event() const;
  std::string trouble_event(const std::string& message) const;

  shop_floor& floor_;
  live_shop& shop_;
  service_client& service_;
  std::unordered_map<std::size_t, shown_reader> shown_; ///< Readers whom somebody plays, by index.
};

} // namespace winnow
