#include "actors/admin/model_routes.hpp"

#include "config/settings/table/setting_value.hpp"
#include "http/negotiation.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace winnow {

namespace {

using registry_ptr = std::shared_ptr<model_registry>;

model_registry::reply to(const http::responder& answer) {
  return [answer](result<std::string> outcome) {
    if (!outcome)
      return answer(http::error_response(outcome.error()));
    http::response done;
    done.body = std::move(*outcome);
    answer(std::move(done));
  };
}

std::string version_in(const http::request& asked) {
  return std::string(asked.path_parameter("version"));
}

/// E.g. `a=50,b=50`.
result<std::vector<experiment_arm>> arms_in(std::string_view text) {
  std::vector<experiment_arm> arms;
  while (!text.empty()) {
    const auto one = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    const auto equals = one.find('=');
    double weight = 0;
    if (equals == std::string_view::npos || !read_value(one.substr(equals + 1), weight))
      return fail(fault::invalid_argument,
                  "versions: expected VERSION=WEIGHT,VERSION=WEIGHT, got " + std::string(one));
    arms.push_back({std::string(one.substr(0, equals)), {}, weight});
  }
  return arms;
}

void start_experiment(model_registry& models, const http::request& asked,
                      const model_registry::reply& reply) {
  const auto force = http::bool_parameter(asked, "force", false);
  if (!force)
    return reply(tl::unexpected(force.error()));
  auto arms = arms_in(asked.query_parameter("versions").value_or(""));
  if (!arms)
    return reply(tl::unexpected(arms.error()));
  models.start_experiment({std::string(asked.path_parameter("name")),
                           std::string(asked.query_parameter("salt").value_or("")), std::move(*arms)},
                          *force, reply);
}

void start_shadow(model_registry& models, const http::request& asked, const model_registry::reply& reply) {
  constexpr double usual_share = 0.1;
  shadow_order order{version_in(asked), usual_share};
  const auto share = asked.query_parameter("share");
  if (share && !read_value(*share, order.share))
    return reply(
        fail(fault::invalid_argument, "share: expected a number such as 0.1, got " + std::string(*share)));
  models.start_shadow(order, reply);
}

} // namespace

void add_model_routes(const route_adder& add, const registry_ptr& registry) {
  using work = void (*)(model_registry&, const http::request&, const model_registry::reply&);
  const auto route = [&](const char* method, const char* pattern, work handle) {
    add(method, pattern, [registry, handle](const http::request& asked, const http::responder& answer) {
      if (!registry)
        return answer(http::error_response({fault::unavailable, "this daemon has no registry of models"}));
      handle(*registry, asked, to(answer));
    });
  };
  route("GET", "/models",
        [](model_registry& models, const http::request&, const auto& reply) { reply(models.list()); });
  route("GET", "/models/report",
        [](model_registry& models, const http::request&, const auto& reply) { reply(models.report({})); });
  route("GET", "/models/{version}/report", [](model_registry& models, const auto& asked, const auto& reply) {
    reply(models.report(version_in(asked)));
  });
  route("POST", "/models/rollback",
        [](model_registry& models, const http::request&, const auto& reply) { models.roll_back(reply); });
  route("POST", "/models/{version}/load", [](model_registry& models, const auto& asked, const auto& reply) {
    models.load(version_in(asked), reply);
  });
  route("POST", "/models/{version}/promote",
        [](model_registry& models, const auto& asked, const auto& reply) {
          const auto force = http::bool_parameter(asked, "force", false);
          if (!force)
            return reply(tl::unexpected(force.error()));
          models.promote(version_in(asked), *force, reply);
        });
  route("POST", "/models/{version}/pin", [](model_registry& models, const auto& asked, const auto& reply) {
    reply(models.pin(version_in(asked), true));
  });
  route("DELETE", "/models/{version}/pin", [](model_registry& models, const auto& asked, const auto& reply) {
    reply(models.pin(version_in(asked), false));
  });
  route("POST", "/models/{version}/shadow", start_shadow);
  route("DELETE", "/shadow",
        [](model_registry& models, const http::request&, const auto& reply) { reply(models.stop_shadow()); });
  route("POST", "/experiments/{name}", start_experiment);
  route("DELETE", "/experiments", [](model_registry& models, const http::request&, const auto& reply) {
    reply(models.stop_experiment());
  });
  route("DELETE", "/models/{version}", [](model_registry& models, const auto& asked, const auto& reply) {
    reply(models.remove(version_in(asked)));
  });
}

} // namespace winnow
