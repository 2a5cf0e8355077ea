#include "tools/winnow-bookshop/page/storefront_routes.hpp"

#include "config/system/secret_token.hpp"
#include "http/access/access_policy.hpp"
#include "http/page_answer.hpp"
#include "tools/winnow-bookshop/page/storefront_page.hpp"

namespace winnow {

namespace {

http::response page() {
  const auto nonce = secret_token();
  return http::page_answer(storefront_page(nonce), nonce);
}

std::string parameter(const http::request& asked, const char* name) {
  return std::string(asked.query_parameter(name).value_or(std::string_view()));
}

class route_builder {
public:
  route_builder(shop_floor& floor, storefront& front, bool local_only)
      : floor_(floor), front_(front), access_(std::make_shared<const http::access_policy>("", local_only)) {}

  /// A route whose answer `respond` gives at once, in the floor's thread.
  void add(const char* method, const char* pattern,
           http::response (*respond)(storefront& front, const http::request& asked)) {
    add_later(method, pattern, {},
              [respond](storefront& front, const http::request& asked, const auto& answer) {
                answer(respond(front, asked));
              });
  }

  template<class Handle>
  void add_later(const char* method, const char* pattern, std::optional<http::body_doc> body, Handle handle) {
    http::route added;
    added.method = method;
    added.pattern = pattern;
    added.request_body = std::move(body);
    added.handle = [&floor = floor_, &front = front_, access = access_, handle](http::request asked,
                                                                                http::responder answer) {
      if (auto refusal = access->refuse(asked))
        return answer(std::move(*refusal));
      floor.post([&front, handle, asked = std::move(asked), answer = std::move(answer)] {
        handle(front, asked, answer);
      });
    };
    routes_->add(std::move(added));
  }

  void add_page() {
    http::route added;
    added.method = "GET";
    added.pattern = "/";
    added.handle = [access = access_](const http::request& asked, const http::responder& answer) {
      auto refusal = access->refuse_page(asked);
      answer(refusal ? std::move(*refusal) : page());
    };
    routes_->add(std::move(added));
  }

  std::shared_ptr<http::router> routes() const { return routes_; }

private:
  shop_floor& floor_;
  storefront& front_;
  std::shared_ptr<const http::access_policy> access_;
  std::shared_ptr<http::router> routes_ = std::make_shared<http::router>();
};

} // namespace

std::shared_ptr<const http::router> storefront_routes(shop_floor& floor, storefront& front, bool local_only) {
  route_builder build(floor, front, local_only);
  build.add_page();
  build.add("GET", "/shop", [](storefront& shown, const http::request&) { return shown.overview(); });
  build.add("POST", "/guests", [](storefront& shown, const http::request&) { return shown.new_guest(); });
  build.add("GET", "/random-reader",
            [](storefront& shown, const http::request&) { return shown.random_reader(); });
  build.add("GET", "/readers/{reader}/events", [](storefront& shown, const http::request& asked) {
    return shown.follow(std::string(asked.path_parameter("reader")));
  });
  build.add("GET", "/readers/{reader}/books", [](storefront& shown, const http::request& asked) {
    return shown.search(std::string(asked.path_parameter("reader")), parameter(asked, "words"),
                        parameter(asked, "genre"));
  });
  build.add("GET", "/readers/{reader}/similar/{book}", [](storefront& shown, const http::request& asked) {
    return shown.similar(std::string(asked.path_parameter("reader")),
                         std::string(asked.path_parameter("book")));
  });
  http::body_doc purchase;
  purchase.description = "The book to buy.";
  build.add_later("POST", "/readers/{reader}/purchases", purchase,
                  [](storefront& shown, const http::request& asked, const http::responder& answer) {
                    shown.buy(std::string(asked.path_parameter("reader")), asked.body, answer);
                  });
  return build.routes();
}

} // namespace winnow
