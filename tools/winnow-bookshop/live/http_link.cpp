#include "tools/winnow-bookshop/live/http_link.hpp"

#include "config/text/percent_encoding.hpp"
#include "redis/records/profile.hpp"

#include <nlohmann/json.hpp>

namespace winnow {

namespace {

std::string profile_target(const std::string& reader) {
  return "/profiles/" + percent_encode(reader);
}

/// A daemon with a Redis server has no endpoints for profiles: its clients write to Redis themselves. Its
/// router then does not know the path, whereas a missing profile is named.
bool lacks_profile_endpoints(const service_answer& answer) {
  return answer.status == 404 && answer.body.find("no profile of user") == std::string::npos;
}

tl::unexpected<error> no_endpoints(const service_client& client) {
  return fail(fault::unsupported,
              client.address() +
                  ": this winnowd has no endpoints for profiles, because its store is not "
                  "embedded: use --live redis://host:port/db --service " +
                  client.address());
}

result<item_ids> ids_of(const std::string& json, const std::string& what) {
  auto parsed = parse_profile(json);
  if (!parsed)
    return fail(what, parsed.error());
  return std::move(parsed->items);
}

} // namespace

result<std::vector<std::optional<item_ids>>> http_link::read_profiles(gsl::span<const std::string> readers) {
  std::vector<std::optional<item_ids>> profiles;
  for (const auto& reader : readers) {
    const auto answer = client_.ask("GET", profile_target(reader));
    if (!answer)
      return tl::unexpected<error>(answer.error());
    if (lacks_profile_endpoints(*answer))
      return no_endpoints(client_);
    if (answer->status == 404) {
      profiles.emplace_back();
      continue;
    }
    if (answer->status != 200)
      return refused(client_, "GET " + profile_target(reader), *answer);
    auto books = ids_of(answer->body, client_.address() + profile_target(reader));
    if (!books)
      return tl::unexpected<error>(books.error());
    profiles.emplace_back(std::move(*books));
  }
  return profiles;
}

result<void> http_link::write_profiles(gsl::span<const reader_profile> profiles) {
  for (const auto& [reader, books] : profiles) {
    const std::vector<std::string_view> ids(books.begin(), books.end());
    if (auto done = profile_request("PUT", reader, to_json(ids)); !done)
      return done;
  }
  return {};
}

result<std::optional<item_ids>> http_link::read_list(const std::string& reader) {
  const auto target = "/recommendations/" + percent_encode(reader);
  const auto answer = client_.ask("GET", target);
  if (!answer)
    return tl::unexpected<error>(answer.error());
  if (answer->status == 404)
    return std::optional<item_ids>();
  if (answer->status != 200)
    return refused(client_, "GET " + target, *answer);
  const auto body = nlohmann::json::parse(answer->body, nullptr, false);
  if (!body.is_object() || !body.contains("recommendations"))
    return fail(fault::malformed, client_.address() + target + ": expected recommendations in the answer");
  auto books = ids_of(body["recommendations"].dump(), client_.address() + target);
  if (!books)
    return tl::unexpected<error>(books.error());
  return std::optional(std::move(*books));
}

result<void> http_link::forget(gsl::span<const std::string> readers) {
  for (const auto& reader : readers)
    if (auto done = profile_request("DELETE", reader, {}); !done)
      return done;
  return {};
}

result<std::size_t> http_link::erase_users(gsl::span<const std::string> readers) {
  std::size_t profiles = 0;
  for (const auto& reader : readers) {
    const auto target = "/users/" + percent_encode(reader);
    const auto answer = client_.ask("DELETE", target);
    if (!answer)
      return tl::unexpected<error>(answer.error());
    if (answer->status != 200)
      return refused(client_, "DELETE " + target, *answer);
    const auto body = nlohmann::json::parse(answer->body, nullptr, false);
    if (!body.is_object() || !body.contains("erased") || !body["erased"].is_object())
      return fail(fault::malformed, client_.address() + target + ": expected erased in the answer");
    profiles += body["erased"].value("profiles", std::size_t{0});
  }
  return profiles;
}

result<void> http_link::profile_request(const std::string& method, const std::string& reader,
                                        const std::string& body) {
  const auto answer = client_.ask(method, profile_target(reader), body);
  if (!answer)
    return tl::unexpected<error>(answer.error());
  if (lacks_profile_endpoints(*answer))
    return no_endpoints(client_);
  if (answer->status != 200)
    return refused(client_, method + " " + profile_target(reader), *answer);
  return {};
}

} // namespace winnow
