#pragma once

#include "failure.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

/// The daemon's answers. The fields are those of the schemas in /openapi.json, except for `status` and
/// `message`; an optional is empty if the answer does not have the field. Fields that a newer daemon adds
/// are left out. `fields` names each struct's fields, for reading and for tests.
namespace winnow::client {

/// Why an item is on the list: the history item to which the model paid most attention.
struct reason {
  std::string item, history_item;
  double weight = 0;

  template<class Visit>
  void fields(Visit&& visit) {
    visit("item", item), visit("history_item", history_item), visit("weight", weight);
  }
};

/// An item's scores at each stage that ranked it.
struct item_scores {
  std::string item_id;
  std::optional<double> lightgcn, transitions;
  std::optional<std::vector<std::string>> sources;
  std::optional<bool> adopted;
  std::optional<double> din, ranknet;

  template<class Visit>
  void fields(Visit&& visit) {
    visit("item_id", item_id), visit("lightgcn", lightgcn), visit("transitions", transitions);
    visit("sources", sources), visit("adopted", adopted), visit("din", din), visit("ranknet", ranknet);
  }
};

/// A JSON object.
struct json_object {
  nlohmann::json members = nlohmann::json::object();
};

/// An item that the query names and that no list may have: `hidden`, `expired` or `denied`.
struct withheld_item {
  std::string item_id, reason;

  template<class Visit>
  void fields(Visit&& visit) {
    visit("item_id", item_id), visit("reason", reason);
  }
};

/// A list that was computed, best item first. A session has no user_id.
struct recommendation {
  std::optional<std::string> user_id;
  std::vector<std::string> recommendations;
  std::string source, model_version;
  std::optional<std::vector<std::string>> degraded;
  std::optional<std::int64_t> truncated;
  std::optional<std::string> shortage;
  std::optional<std::vector<withheld_item>> withheld;
  std::optional<std::vector<json_object>> items;
  std::optional<std::vector<item_scores>> scores;
  std::optional<std::vector<reason>> because;

  template<class Visit>
  void fields(Visit&& visit) {
    visit("user_id", user_id), visit("recommendations", recommendations), visit("source", source);
    visit("model_version", model_version), visit("degraded", degraded), visit("truncated", truncated);
    visit("shortage", shortage), visit("withheld", withheld), visit("items", items);
    visit("scores", scores), visit("because", because);
  }
};

/// A page of a stored list. `next` is the cursor of the next one; the last page has none.
struct list_page {
  std::vector<std::string> recommendations;
  std::optional<std::int64_t> offset, total;
  std::optional<std::string> next;

  template<class Visit>
  void fields(Visit&& visit) {
    visit("recommendations", recommendations), visit("offset", offset), visit("total", total);
    visit("next", next);
  }
};

/// What is known about an item.
struct item {
  std::string item_id;
  json_object attributes;
  std::string model_version;
  std::optional<double> taken;
  std::optional<bool> adopted;
  std::optional<std::string> withheld;

  template<class Visit>
  void fields(Visit&& visit) {
    visit("item_id", item_id), visit("attributes", attributes), visit("model_version", model_version);
    visit("taken", taken), visit("adopted", adopted), visit("withheld", withheld);
  }
};

/// An item after a change.
struct item_state {
  std::string item_id;
  json_object attributes;
  bool known = false; ///< Whether the models know the item.
  bool kept = false;  ///< Whether the change outlives a restart of the daemon.
  std::optional<std::string> withheld;

  template<class Visit>
  void fields(Visit&& visit) {
    visit("item_id", item_id), visit("attributes", attributes), visit("known", known), visit("kept", kept);
    visit("withheld", withheld);
  }
};

/// How much was erased of a user.
struct erased_counts {
  std::int64_t profiles = 0, lists = 0, results = 0, events = 0, learned = 0;

  template<class Visit>
  void fields(Visit&& visit) {
    visit("profiles", profiles), visit("lists", lists), visit("results", results), visit("events", events);
    visit("learned", learned);
  }
};

/// What was erased of a user, and what still names it.
struct erased_user {
  std::string user_id;
  erased_counts erased;
  std::vector<std::string> remaining;

  template<class Visit>
  void fields(Visit&& visit) {
    visit("user_id", user_id), visit("erased", erased), visit("remaining", remaining);
  }
};

/// An item, and how often it was taken.
struct popular_item {
  std::string item_id;
  double taken = 0;

  template<class Visit>
  void fields(Visit&& visit) {
    visit("item_id", item_id), visit("taken", taken);
  }
};

/// The items that were taken most.
struct popular_items {
  std::vector<popular_item> popular;
  std::string model_version;

  template<class Visit>
  void fields(Visit&& visit) {
    visit("popular", popular), visit("model_version", model_version);
  }
};

/// An item that is similar to another.
struct similar_item {
  std::string item_id;
  double score = 0;
  std::vector<std::string> sources;
  std::optional<double> cosine, transition;
  std::optional<bool> adopted;

  template<class Visit>
  void fields(Visit&& visit) {
    visit("item_id", item_id), visit("score", score), visit("sources", sources), visit("cosine", cosine);
    visit("transition", transition), visit("adopted", adopted);
  }
};

/// The items that are similar to one, the most similar first.
struct similar_items {
  std::string item_id;
  std::vector<similar_item> similar;
  std::string model_version;

  template<class Visit>
  void fields(Visit&& visit) {
    visit("item_id", item_id), visit("similar", similar), visit("model_version", model_version);
  }
};

/// What /health answers.
struct health {
  std::string status;
  bool model_loaded = false;

  template<class Visit>
  void fields(Visit&& visit) {
    visit("status", status), visit("model_loaded", model_loaded);
  }
};

/// What /readyz answers: `ready`, `degraded` or `not ready`, and why.
struct readiness {
  std::string status;
  std::vector<std::string> reasons;

  template<class Visit>
  void fields(Visit&& visit) {
    visit("status", status), visit("reasons", reasons);
  }
};

/// An integer, or null.
struct nullable_count {
  std::optional<std::int64_t> value;
};

/// Counts of the store's keys. `everything` is the whole document, which has more.
struct metrics {
  nullable_count redis_keys, user_profiles, recommendations;
  std::optional<std::int64_t> counted_seconds_ago;
  std::optional<std::string> store_error;
  nlohmann::json everything;

  template<class Visit>
  void fields(Visit&& visit) {
    visit("redis_keys", redis_keys), visit("user_profiles", user_profiles);
    visit("recommendations", recommendations), visit("counted_seconds_ago", counted_seconds_ago);
    visit("store_error", store_error);
  }
};

namespace detail {

template<class T>
struct is_optional : std::false_type {};
template<class T>
struct is_optional<std::optional<T>> : std::true_type {};
template<class T>
struct is_vector : std::false_type {};
template<class T>
struct is_vector<std::vector<T>> : std::true_type {};

/// Fills `into` from a document. Returns what is wrong with it; empty: nothing.
template<class T>
std::string read(const nlohmann::json& document, T& into, const std::string& where);

template<class T>
std::string read_field(const nlohmann::json& document, const char* name, T& into, const std::string& where) {
  const auto found = document.find(name);
  if (found != document.end())
    return read(*found, into, where + "." + name);
  if constexpr (is_optional<T>::value)
    return {};
  else
    return where + ": expected the field " + name;
}

template<class T>
std::string read(const nlohmann::json& document, T& into, const std::string& where) {
  const auto expected = [&](const char* what) {
    return where + ": expected " + what + ", got " + document.type_name();
  };
  if constexpr (is_optional<T>::value) {
    return document.is_null() ? std::string() : read(document, into.emplace(), where);
  } else if constexpr (std::is_same_v<T, json_object>) {
    if (!document.is_object())
      return expected("an object");
    into.members = document;
  } else if constexpr (std::is_same_v<T, nullable_count>) {
    return read(document, into.value, where);
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!document.is_string())
      return expected("a string");
    into = document.template get<std::string>();
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!document.is_boolean())
      return expected("a boolean");
    into = document.template get<bool>();
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    if (!document.is_number_integer())
      return expected("an integer");
    into = document.template get<std::int64_t>();
  } else if constexpr (std::is_same_v<T, double>) {
    if (!document.is_number())
      return expected("a number");
    into = document.template get<double>();
  } else if constexpr (is_vector<T>::value) {
    if (!document.is_array())
      return expected("an array");
    for (const auto& one : document)
      if (auto wrong = read(one, into.emplace_back(), where + "[" + std::to_string(into.size() - 1) + "]");
          !wrong.empty())
        return wrong;
  } else {
    if (!document.is_object())
      return expected("an object");
    std::string wrong;
    into.fields([&](const char* name, auto& field) {
      if (wrong.empty())
        wrong = read_field(document, name, field, where);
    });
    return wrong;
  }
  return {};
}

} // namespace detail

} // namespace winnow::client
