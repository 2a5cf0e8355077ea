#include "redis/connection/node_failure.hpp"

#include "redis/connection/refusal.hpp"

namespace winnow {
namespace {

constexpr std::string_view beginning = "CLUSTERDOWN node ";
constexpr std::string_view after_address = ": ";
constexpr std::string_view after_words = " (";

/// What the error is in words that name neither the address nor a step.
std::string_view words_for(const error& reason) {
  if (is_refusal(reason)) {
    const std::string_view words = reason.public_message;
    const auto step = words.rfind(": ");
    return step == std::string_view::npos ? words : words.substr(step + 2);
  }
  return reason.cause == fault::timeout ? "it does not answer in time" : "it cannot be reached";
}

} // namespace

std::string text_of_node_failure(std::string_view address, std::string_view words, std::string_view source) {
  return std::string(beginning)
      .append(address)
      .append(after_address)
      .append(words)
      .append(after_words)
      .append(source)
      .append(")");
}

std::string text_of_node_failure(std::string_view address, const error& reason) {
  return text_of_node_failure(address, words_for(reason), reason.message);
}

/// READONLY stays: it tells the owner of a connection that there was a failover.
std::optional<std::string> text_of_node_refusal(std::string_view address, std::string_view refusal_text) {
  const auto means = refusal_of(refusal_text);
  if (means.cause != fault::unavailable || means.scope != refusal_scope::server ||
      begins_with_word(refusal_text, "READONLY"))
    return std::nullopt;
  return text_of_node_failure(address, means.meaning, refusal_text);
}

std::optional<node_failure> node_failure_of(std::string_view refusal_text) noexcept {
  if (refusal_text.substr(0, beginning.size()) != beginning)
    return std::nullopt;
  const auto rest = refusal_text.substr(beginning.size());
  const auto address_end = rest.find(after_address);
  if (address_end == std::string_view::npos)
    return std::nullopt;
  const auto words = rest.substr(address_end + after_address.size());
  return node_failure{rest.substr(0, address_end), words.substr(0, words.find(after_words))};
}

} // namespace winnow
