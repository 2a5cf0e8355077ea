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

  /// Computes and stores the user's list, and returns it. Status 404: the user has no profile.
  result<recommendation> recommend(const std::string& user_id, wanted additions = {}) {
    std::string query;
    for (const auto& [name, is_wanted] :
         {std::pair("scores=true", additions.scores), std::pair("explain=true", additions.explain)})
      if (is_wanted)
        query += (query.empty() ? "?" : "&") + std::string(name);
    return read<recommendation>(call("POST", "/recommend/", user_id, query));
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

  /// Items that are similar to an item. Status 404: the models do not know it.
  result<similar_items> similar(const std::string& item_id, unsigned limit = 10) {
    return read<similar_items>(call("GET", "/items/", item_id, "/similar?limit=" + std::to_string(limit)));
  }

  /// Writes a user's history, oldest item first. Only with an embedded store.
  result<void> write_profile(const std::string& user_id, const std::vector<std::string>& items) {
    auto what = call("PUT", "/profiles/", user_id);
    what.body = nlohmann::json(items).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return nothing(std::move(what));
  }

  /// A user's history. Only with an embedded store. Status 404: there is none.
  result<std::vector<std::string>> read_profile(const std::string& user_id) {
    return read<std::vector<std::string>>(call("GET", "/profiles/", user_id));
  }

  /// Removes a user's history. Only with an embedded store. No error if there is none.
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
