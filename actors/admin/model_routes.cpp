#include "actors/admin/model_routes.hpp"

#include "http/negotiation.hpp"

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
  route("DELETE", "/models/{version}", [](model_registry& models, const auto& asked, const auto& reply) {
    reply(models.remove(version_in(asked)));
  });
}

} // namespace winnow
