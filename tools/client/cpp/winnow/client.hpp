#pragma once

/// A client of winnowd in headers alone. Needs C++17, Boost.Beast from 1.74, OpenSSL, nlohmann-json and
/// tl::expected.

#include "client/answers.hpp"
#include "client/calling.hpp"

namespace winnow::client {

/// Additions to a list.
struct wanted {
  bool scores = false;  ///< Each item's scores at every stage.
  bool explain = false; ///< The reason for each item.
};

/// A list of a batch, or why there is none.
using batch_entry = tl::expected<recommendation, std::string>;

/// Asks one daemon. One thread at a time; a second thread makes a second one. Calls block, at most as long as
/// `options::timeout` (resolving the host's name not counted).
///
/// User and item ids are opaque bytes. Calls that cannot reach the daemon or that it refuses with 429 or 503
/// are repeated, after the pause that it asks for; one that may have reached it only if it is not a POST.
class daemon {
public:
  /// @param url `http://host[:port][/prefix]` or `https://…`. Connects with the first call.
  static result<daemon> at(const std::string& url, const options& how = {}) {
    auto made = detail::caller::make(url, how);
    if (!made)
      return tl::unexpected<failure>(made.error());
    return daemon(std::move(*made));
  }

  /// Computes the user's list, and returns it. Status 404: the user has no profile.
  /// @param query The members of the body, such as limit, filter and boost; without any, the list is also
  /// stored.
  result<recommendation> recommend(const std::string& user_id, wanted additions = {},
                                   const nlohmann::json& query = nlohmann::json::object()) {
    auto what = call("POST", "/recommend/", user_id, text_of(additions));
    if (!query.empty())
      what.body = body_of(query);
    return read<recommendation>(what);
  }

  /// Computes a list from a history, oldest item first. Nothing is read or stored.
  result<recommendation> recommend_session(const std::vector<std::string>& history, wanted additions = {},
                                           nlohmann::json query = nlohmann::json::object()) {
    query["history"] = history;
    detail::call what{"POST", "/recommend" + text_of(additions)};
    what.body = body_of(query);
    return read<recommendation>(what);
  }

  /// Computes lists for up to 200 users, in order. @param users Ids, or objects with user_id or history and
  /// the members of a body. @param query The defaults of all.
  result<std::vector<batch_entry>> recommend_many(const nlohmann::json& users, wanted additions = {},
                                                  nlohmann::json query = nlohmann::json::object()) {
    struct results {
      std::vector<json_object> entries;
      void fields(const std::function<void(const char*, std::vector<json_object>&)>& visit) {
        visit("results", entries);
      }
    };
    query["users"] = users;
    detail::call what{"POST", "/recommend" + text_of(additions)};
    what.body = body_of(query);
    return read<results>(what).map([](results&& all) {
      std::vector<batch_entry> lists;
      for (const auto& entry : all.entries)
        lists.push_back(entry_of(entry.members));
      return lists;
    });
  }

  /// Ranks up to 1,000 items for the user. Nothing is stored.
  result<recommendation> rank(const std::string& user_id, const std::vector<std::string>& items,
                              wanted additions = {}, nlohmann::json query = nlohmann::json::object()) {
    query["items"] = items;
    auto what = call("POST", "/rank/", user_id, text_of(additions));
    what.body = body_of(query);
    return read<recommendation>(what);
  }

  /// What is known about an item. Status 404: the models do not know it.
  result<item> describe(const std::string& item_id) { return read<item>(call("GET", "/items/", item_id)); }

  /// The items that were taken most. @param window `all`, or `recent`: lately.
  result<popular_items> popular(unsigned limit = 20, const std::string& window = "all") {
    return read<popular_items>(detail::call{"GET", "/popular?limit=" + std::to_string(limit) +
                                                       "&window=" + detail::percent_encoded(window)});
  }

  /// Returns at once; the list is computed afterwards.
  result<void> request_recommendation(const std::string& user_id) {
    return nothing(call("POST", "/recommend/", user_id, "?wait=false"));
  }

  /// The user's stored list. Status 404: there is none.
  result<std::vector<std::string>> recommendations(const std::string& user_id) {
    struct stored_list {
      std::vector<std::string> recommendations;
      void fields(const std::function<void(const char*, std::vector<std::string>&)>& visit) {
        visit("recommendations", recommendations);
      }
    };
    return read<stored_list>(call("GET", "/recommendations/", user_id)).map([](stored_list&& list) {
      return std::move(list.recommendations);
    });
  }

  /// A page of the user's stored list. Status 404: there is none. Status 410: the list has changed since the
  /// page whose cursor was sent; start over without one.
  /// @param limit 0: up to the end. @param cursor `next` of the page before, of the same version of the list;
  ///   empty: begins at `offset`.
  result<list_page> recommendation_page(const std::string& user_id, std::size_t limit = 0,
                                        const std::string& cursor = {}, std::size_t offset = 0) {
    auto query =
        cursor.empty() ? "?offset=" + std::to_string(offset) : "?cursor=" + detail::percent_encoded(cursor);
    if (limit > 0)
      query += "&limit=" + std::to_string(limit);
    return read<list_page>(call("GET", "/recommendations/", user_id, query));
  }

  /// Items that are similar to an item. Status 404: the models do not know it.
  /// @param filter Only items that pass; null: all.
  result<similar_items> similar(const std::string& item_id, unsigned limit = 10,
                                const nlohmann::json& filter = nullptr) {
    auto rest = "/similar?limit=" + std::to_string(limit);
    if (!filter.is_null())
      rest += "&filter=" + detail::percent_encoded(body_of(filter));
    return read<similar_items>(call("GET", "/items/", item_id, rest));
  }

  /// Changes an item's attributes at once. @param attributes An object; null removes a value, attributes that
  /// are not named keep theirs.
  result<item_state> update_item(const std::string& item_id, const nlohmann::json& attributes) {
    auto what = call("PUT", "/items/", item_id);
    what.body = body_of(attributes);
    return read<item_state>(what);
  }

  /// Undoes the changes of an item's attributes: the items file alone counts again.
  result<item_state> reset_item(const std::string& item_id) {
    return read<item_state>(call("DELETE", "/items/", item_id));
  }

  /// Erases a user's profiles, lists, and what was learned that names the user. No error if there is nothing.
  result<erased_user> erase_user(const std::string& user_id) {
    return read<erased_user>(call("DELETE", "/users/", user_id));
  }

  /// Writes a user's history, oldest item first. Only with an embedded store.
  result<void> write_profile(const std::string& user_id, const std::vector<std::string>& items) {
    auto what = call("PUT", "/profiles/", user_id);
    what.body = body_of(items);
    return nothing(std::move(what));
  }

  /// A user's newest history. Only with an embedded store. Status 404: there is none.
  result<std::vector<std::string>> read_profile(const std::string& user_id) {
    return read<std::vector<std::string>>(call("GET", "/profiles/", user_id));
  }

  /// Removes a user's histories of all times. Only with an embedded store. No error if there is none.
  result<void> delete_profile(const std::string& user_id) {
    return nothing(call("DELETE", "/profiles/", user_id));
  }

  /// Whether recommendations can be served. An answer of 503 is no failure here.
  result<health> check_health() { return read<health>(probe("/health")); }

  /// Whether to send requests, and the reasons if not. An answer of 503 is no failure here.
  result<readiness> check_readiness() { return read<readiness>(probe("/readyz")); }

  /// Whether the process answers.
  result<void> check_alive() { return nothing(detail::call{"GET", "/livez"}); }

  /// Counts of the store's keys, and all metrics as JSON.
  result<metrics> read_metrics() {
    auto counts =
        read<metrics>(detail::call{"GET", "/metrics-json"},
                      [](metrics& into, nlohmann::json&& all) { into.everything = std::move(all); });
    return counts;
  }

  /// All metrics as Prometheus text.
  result<std::string> read_metrics_text() {
    detail::call what{"GET", "/metrics"};
    what.accept = "text/plain";
    return caller_->ask(what).map([](detail::answered&& one) { return std::move(one.body); });
  }

private:
  explicit daemon(std::unique_ptr<detail::caller> made) : caller_(std::move(made)) {}

  static detail::call call(const char* method, const char* path, const std::string& id,
                           const std::string& rest = {}) {
    detail::call what{method, path + detail::percent_encoded(id) + rest};
    what.lacks_id = id.empty();
    return what;
  }

  static std::string body_of(const nlohmann::json& document) {
    return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }

  static std::string text_of(const wanted& additions) {
    std::string query;
    for (const auto& [name, is_wanted] :
         {std::pair("scores=true", additions.scores), std::pair("explain=true", additions.explain)})
      if (is_wanted)
        query += (query.empty() ? "?" : "&") + std::string(name);
    return query;
  }

  static batch_entry entry_of(const nlohmann::json& entry) {
    const auto status = entry.value("status", nlohmann::json());
    const auto body = entry.value("body", nlohmann::json());
    recommendation list;
    if (status != 200) {
      const auto message = body.is_object() ? body.value("message", nlohmann::json()) : body;
      return tl::unexpected<std::string>(status.dump() + ": " +
                                         (message.is_string() ? message.get<std::string>() : message.dump()));
    }
    if (auto wrong = detail::read(body, list, "body"); !wrong.empty())
      return tl::unexpected<std::string>(std::move(wrong));
    return list;
  }

  static detail::call probe(const char* path) {
    detail::call what{"GET", path};
    what.accepts_503 = true;
    return what;
  }

  result<void> nothing(detail::call what) {
    return caller_->ask(what).map([](const detail::answered&) {});
  }

  template<class T>
  result<T> read(const detail::call& what,
                 const std::function<void(T&, nlohmann::json&&)>& finish = nullptr) {
    auto answer = caller_->ask(what);
    if (!answer)
      return tl::unexpected<failure>(std::move(answer.error()));
    auto document = nlohmann::json::parse(answer->body, nullptr, false);
    T value;
    auto wrong = document.is_discarded() ? "expected JSON, got " + answer->body.substr(0, 80)
                                         : detail::read(document, value, "answer");
    if (!wrong.empty())
      return tl::unexpected<failure>(
          failure{cause::invalid_answer, std::move(wrong), std::move(answer->request_id)});
    if (finish)
      finish(value, std::move(document));
    return value;
  }

  std::unique_ptr<detail::caller> caller_;
};

} // namespace winnow::client
