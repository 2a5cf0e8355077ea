#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// What a user did with an item, as Gorse keeps it.
struct gorse_feedback {
  std::string type, user, item;
  std::optional<std::int64_t> time; ///< Unix seconds; nullopt: Gorse does not know it.
};

/// An item, as Gorse keeps it.
struct gorse_item {
  std::string id;
  bool hidden = false;
  std::string comment; ///< Often the item's title.
  std::vector<std::string> categories;
  nlohmann::json labels; ///< An array of strings or an object; null: none.
};

/// Takes the records of a file in order.
class gorse_sink {
public:
  gorse_sink() = default;
  gorse_sink(const gorse_sink&) = delete;
  gorse_sink& operator=(const gorse_sink&) = delete;
  virtual ~gorse_sink() = default;

  virtual void take(gorse_feedback one) = 0;
  virtual void take(gorse_item one) = 0;
  virtual void take_user() = 0;
  /// @param where File and line, or the number of the record. @param why What was expected and what came.
  virtual void leave_out(const std::string& where, const std::string& why) = 0;
};

/// Parses a time as Gorse writes it in JSON or CSV (`2021-10-24T06:42:20.207Z`, `2021-10-24 06:42:20 +0000
/// UTC`), or a Unix time. Returns false if it is none. Sets nullopt for a text that is empty or blank, and
/// for the year 1, which is Go's time that was never set.
bool read_gorse_time(const std::string& text, std::optional<std::int64_t>& into);

} // namespace winnow
