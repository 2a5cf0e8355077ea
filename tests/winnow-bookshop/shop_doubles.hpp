#pragma once

#include "config/settings/settings.hpp"
#include "http/server.hpp"
#include "tools/winnow-bookshop/live/shop_link.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

namespace winnow::test {

/// A store in this process, which a test can make fail.
class link_double final : public shop_link {
public:
  result<std::vector<std::optional<item_ids>>> read_profiles(gsl::span<const std::string> readers) override {
    const std::lock_guard lock(mutex);
    std::vector<std::optional<item_ids>> found;
    for (const auto& reader : readers)
      found.push_back(profiles.count(reader) > 0 ? std::optional(profiles[reader]) : std::nullopt);
    return fails ? broken<std::vector<std::optional<item_ids>>>() : found;
  }

  result<void> write_profiles(gsl::span<const reader_profile> written) override {
    const std::lock_guard lock(mutex);
    if (fails)
      return broken<void>();
    for (const auto& [reader, books] : written)
      profiles[reader] = books;
    return {};
  }

  result<std::optional<item_ids>> read_list(const std::string& reader) override {
    const std::lock_guard lock(mutex);
    const auto found = lists.find(reader);
    return found == lists.end() ? std::optional<item_ids>() : std::optional(found->second);
  }

  result<void> forget(gsl::span<const std::string> readers) override {
    const std::lock_guard lock(mutex);
    for (const auto& reader : readers)
      profiles.erase(reader);
    return {};
  }

  const std::string& address() const override { return name; }

  std::mutex mutex;
  std::map<std::string, item_ids> profiles;
  std::map<std::string, item_ids> lists;
  bool fails = false;
  std::string name = "double:";

private:
  template<class T>
  static result<T> broken() {
    return fail(fault::unavailable, "the double is broken");
  }
};

/// A service that recommends the first three books of the shop that are not in the profile, each because of
/// the newest book. Its stored lists are those of the store.
class service_double {
public:
  /// @param certificate PEM file with the key as well; empty: no TLS.
  service_double(link_double& store, item_ids books, const std::string& certificate = {})
      : store_(store), books_(std::move(books)) {
    auto routes = std::make_shared<http::router>();
    http::route recommend;
    recommend.method = "POST";
    recommend.pattern = "/recommend/{user_id}";
    recommend.handle = [this](const http::request& asked, const http::responder& answer) {
      answer(list_for(std::string(asked.path_parameter("user_id"))));
    };
    routes->add(std::move(recommend));
    http::route read;
    read.method = "GET";
    read.pattern = "/recommendations/{user_id}";
    read.handle = [this](const http::request& asked, const http::responder& answer) {
      answer(stored_list(std::string(asked.path_parameter("user_id"))));
    };
    routes->add(std::move(read));
    http_settings settings;
    settings.host = "127.0.0.1";
    settings.port = 0;
    settings.idle_timeout = std::chrono::milliseconds(50);
    http::security guard;
    if (!certificate.empty())
      guard.identity = http::tls_identity::load({certificate, {}, {}}).value();
    server_ = std::make_unique<http::server>(settings, routes, http::observer{}, 1, std::move(guard));
    address.tls = !certificate.empty();
    address.host = "127.0.0.1";
    address.port = server_->listen().value();
  }

  std::size_t connections() const { return server_->counts().connections; }
  std::uint64_t accepted() const { return server_->counts().accepted; }
  void stop() { server_.reset(); }

  service_address address;

private:
  http::response stored_list(const std::string& user) {
    const auto list = store_.read_list(user);
    if (!*list)
      return http::json_error(404, "No recommendations found");
    http::response answer;
    answer.body = nlohmann::json{{"status", "success"}, {"recommendations", **list}}.dump();
    return answer;
  }

  http::response list_for(const std::string& user) {
    const std::lock_guard lock(store_.mutex);
    const auto profile = store_.profiles.find(user);
    if (profile == store_.profiles.end())
      return http::json_error(404, "no profile of user " + user);
    nlohmann::json items = nlohmann::json::array();
    nlohmann::json because = nlohmann::json::array();
    const auto& has = profile->second;
    for (const auto& book : books_)
      if (items.size() < 3 && std::find(has.begin(), has.end(), book) == has.end()) {
        items.push_back(book);
        if (!has.empty())
          because.push_back({{"item", book}, {"history_item", has.back()}, {"weight", 0.5}});
      }
    http::response answer;
    answer.body = nlohmann::json{{"status", "success"},
                                 {"recommendations", items},
                                 {"because", because},
                                 {"source", has.empty() ? "popular" : "personalised"}}
                      .dump();
    return answer;
  }

  link_double& store_;
  const item_ids books_;
  std::unique_ptr<http::server> server_;
};

} // namespace winnow::test
