#pragma once

#include "http/server.hpp"
#include "support/wait_until.hpp"

#include <deque>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace winnow::test {

/// A collector of OpenTelemetry that takes every request, or refuses it as scripted. Real HTTP on a free
/// port.
class recording_collector {
public:
  recording_collector() {
    auto routes = std::make_shared<http::router>();
    http::route taken;
    taken.method = "POST";
    taken.pattern = "/v1/traces";
    taken.request_body = http::body_doc{"", R"({"type":"object"})", "", true};
    taken.handle = [this](const http::request& asked, const http::responder& answer) { answer(take(asked)); };
    routes->add(std::move(taken));
    http_settings settings;
    settings.host = "127.0.0.1";
    settings.port = 0;
    settings.max_body_bytes = 64u << 20;
    server_ = std::make_unique<http::server>(settings, std::move(routes));
    port_ = server_->listen().value();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  /// Answers the next request with this.
  void next_answer(http::response answer) {
    const std::lock_guard lock(mutex_);
    answers_.push_back(std::move(answer));
  }

  /// The spans of all requests that were taken, in the order of arrival.
  std::vector<nlohmann::json> spans() const {
    const std::lock_guard lock(mutex_);
    return spans_;
  }

  std::size_t requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  /// The header of the last request.
  std::string authorization() const {
    const std::lock_guard lock(mutex_);
    return authorization_;
  }

  bool wait_for_spans(std::size_t count) const {
    return wait_until([&] { return spans().size() >= count; });
  }

private:
  http::response take(const http::request& posted) {
    const std::lock_guard lock(mutex_);
    authorization_ = posted.authorization;
    ++requests_;
    http::response answer;
    answer.body = "{}";
    if (!answers_.empty()) {
      answer = std::move(answers_.front());
      answers_.pop_front();
    }
    if (answer.status == 200) {
      const auto asked = nlohmann::json::parse(posted.body);
      for (const auto& span : asked["resourceSpans"][0]["scopeSpans"][0]["spans"])
        spans_.push_back(span);
    }
    return answer;
  }

  mutable std::mutex mutex_;
  std::deque<http::response> answers_;
  std::vector<nlohmann::json> spans_;
  std::size_t requests_ = 0;
  std::string authorization_;
  std::unique_ptr<http::server> server_;
  std::uint16_t port_ = 0;
};

} // namespace winnow::test
