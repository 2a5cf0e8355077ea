#include "http/page_answer.hpp"

#include <utility>

namespace winnow::http {

response page_answer(std::string html, const std::string& nonce) {
  response answer;
  answer.content_type = "text/html; charset=utf-8";
  answer.body = std::move(html);
  answer.headers = {{"Content-Security-Policy",
                     "default-src 'none'; script-src 'nonce-" + nonce + "'; style-src 'nonce-" + nonce +
                         "'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
                         "frame-ancestors 'none'"},
                    {"X-Content-Type-Options", "nosniff"},
                    {"Referrer-Policy", "no-referrer"},
                    {"Cross-Origin-Opener-Policy", "same-origin"},
                    {"Cross-Origin-Resource-Policy", "same-origin"},
                    {"Cache-Control", "no-store"}};
  return answer;
}

} // namespace winnow::http
