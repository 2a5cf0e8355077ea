#include "http/message.hpp"

#include "config/text/json_text.hpp"

#include <algorithm>

namespace winnow::http {

namespace {

const std::string* value_of(const name_values& pairs, std::string_view name) {
  const auto at =
      std::find_if(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.first == name; });
  return at == pairs.end() ? nullptr : &at->second;
}

unsigned status_of(fault cause) noexcept {
  switch (cause) {
  case fault::invalid_argument:
    return 400;
  case fault::malformed:
  case fault::unsupported:
    return 422;
  case fault::too_large:
    return 413;
  case fault::not_found:
    return 404;
  case fault::denied:
    return 403;
  case fault::conflict:
    return 409;
  case fault::unavailable:
  case fault::overloaded:
    return 503;
  case fault::timeout:
    return 504;
  case fault::out_of_space:
    return 507;
  case fault::io_error:
  case fault::internal:
    break;
  }
  return 500;
}

} // namespace

std::string_view request::path_parameter(std::string_view name) const {
  const std::string* value = value_of(path_parameters, name);
  return value ? std::string_view(*value) : std::string_view();
}

std::optional<std::string_view> request::query_parameter(std::string_view name) const {
  const std::string* value = value_of(query, name);
  return value ? std::optional<std::string_view>(*value) : std::nullopt;
}

response json_error(unsigned status, std::string_view message) {
  response answer;
  answer.status = status;
  answer.body = R"({"status":"error","message":)";
  // Messages may quote client input, which need not be UTF-8.
  append_json_string(answer.body, message);
  answer.body += '}';
  return answer;
}

response status_answer(std::string_view status) {
  response answer;
  answer.body = R"({"status":")" + std::string(status) + R"("})";
  return answer;
}

response error_response(const error& failure) {
  response answer = json_error(status_of(failure.cause), public_text(failure));
  if (answer.status == 503)
    answer.headers.emplace_back("Retry-After", "1");
  return answer;
}

} // namespace winnow::http
