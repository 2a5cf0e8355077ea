#include "tools/winnow-bookshop/page/storefront.hpp"

#include "config/text/ascii.hpp"
#include "tools/winnow-bookshop/page/book_json.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace winnow {

namespace {

using nlohmann::json;

constexpr std::size_t found_at_once = 12;
constexpr std::size_t similar_at_once = 10;
constexpr std::size_t least_books = 10; // of the readers that the page offers
constexpr std::size_t most_books = 30;

http::response json_response(const json& body) {
  http::response answer;
  answer.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  answer.headers.emplace_back("Cache-Control", "no-store");
  return answer;
}

std::string event(const char* name, const json& data) {
  return http::event_text(name, data.dump(-1, ' ', false, json::error_handler_t::replace));
}

/// In lower case, as far as ASCII goes: names in this shop have few other letters.
std::string folded(std::string_view text) {
  return lower_case(text);
}

void publish(const std::vector<std::shared_ptr<http::event_stream>>& watchers, const std::string& text) {
  for (const auto& watcher : watchers)
    watcher->send(text);
}

http::response no_such(const char* what, const std::string& id) {
  return http::json_error(404, std::string("the shop has no ") + what + " " + id);
}

} // namespace

storefront::storefront(shop_floor& floor, service_client& service)
    : floor_(floor), shop_(floor.shop()), service_(service) {
  floor_.on_tick([this] { tick(); });
  floor_.on_visit([this](std::size_t reader) { return shown_.count(reader) > 0; });
}

http::response storefront::overview() {
  // One reader for each genre, so that a visitor sees different tastes.
  json readers = json::array();
  std::set<std::uint32_t> genres;
  for (std::size_t at = 0; at < shop_.invented() && genres.size() < shop_.stock().genres.size(); ++at) {
    const auto books = shop_.shelf(at).books.size();
    if (books >= least_books && books <= most_books &&
        genres.insert(shop_.stock().readers[at].later_genre).second)
      readers.push_back(reader_json(shop_, at));
  }
  if (readers.empty())
    readers.push_back(reader_json(shop_, 0));
  return json_response({{"genres", shop_.stock().genres},
                        {"readers", readers},
                        {"all_readers", shop_.invented()},
                        {"all_books", shop_.stock().books.size()}});
}

http::response storefront::random_reader() {
  return json_response(reader_json(shop_, shop_.random().below(shop_.invented())));
}

http::response storefront::new_guest() {
  const auto guest = shop_.add_guest();
  if (guest)
    return json_response(reader_json(shop_, *guest));
  floor_.note(guest.error());
  return http::error_response(guest.error());
}

http::response storefront::follow(const std::string& id) {
  const auto reader = shop_.find_reader(id);
  if (!reader)
    return no_such("reader", id);
  if (auto opened = shop_.open(*reader); !opened) {
    floor_.note(opened.error());
    return http::error_response(opened.error());
  }
  auto& shown = shown_[*reader];
  auto watcher = std::make_shared<http::event_stream>();
  auto answer = http::stream_response(watcher);
  watcher->send(shelf_event(*reader));
  watcher->send(score_event());
  shown.watchers.push_back(std::move(watcher));
  if (shown.list_version == shop_.shelf(*reader).version)
    shown.watchers.back()->send(list_event(shown));
  else
    refresh(*reader, shown);
  return answer;
}

void storefront::buy(const std::string& id, const std::string& body, const http::responder& answer) {
  const auto reader = shop_.find_reader(id);
  if (!reader)
    return answer(no_such("reader", id));
  const auto asked = json::parse(body, nullptr, false);
  if (!asked.is_object() || !asked.contains("book") || !asked["book"].is_string())
    return answer(http::json_error(422, R"(expected {"book": "id"})"));
  const auto book = shop_.find_book(asked["book"].get<std::string>());
  if (!book)
    return answer(no_such("book", asked["book"].get<std::string>()));
  if (shop_.shelf(*reader).has(*book))
    return answer(http::json_error(409, "the reader has this book"));
  auto bought = shop_.open(*reader);
  if (bought)
    bought = shop_.buy(*reader, *book);
  if (!bought) {
    floor_.note(bought.error());
    return answer(http::error_response(bought.error()));
  }
  ++floor_.counts().page_purchases;
  const auto shown = shown_.find(*reader);
  if (shown != shown_.end())
    publish(shown->second.watchers, shelf_event(*reader));
  answer(json_response({{"version", shop_.shelf(*reader).version}}));
  if (shown == shown_.end())
    return;
  const auto& items = shown->second.list.items;
  if (std::any_of(items.begin(), items.end(),
                  [&](const auto& item) { return shop_.find_book(item.id) == book; }))
    ++floor_.counts().page_from_list;
  refresh(*reader, shown->second);
}

/// The list is that of the present shelf: nothing else runs in this thread between the stored purchase and
/// the answer, and winnowd reads the profile after the request has arrived. Where purchases reach winnowd
/// later, through Kafka, the request says what is on the shelf.
void storefront::refresh(std::size_t reader, shown_reader& shown) {
  const auto begin = shop_floor::clock::now();
  const auto& shelf = shop_.shelf(reader);
  auto list = compute_list(service_, shelf.id,
                           shop_.is_immediate() ? std::nullopt : std::optional(shop_.ids_of(shelf.books)));
  if (!list) {
    floor_.note(list.error());
    shown.trouble = list.error().message;
    return publish(shown.watchers, trouble_event(shown.trouble));
  }
  shown.trouble.clear();
  shown.took = std::chrono::duration_cast<std::chrono::milliseconds>(shop_floor::clock::now() - begin);
  shown.list = std::move(*list);
  shown.list_version = shelf.version;
  publish(shown.watchers, list_event(shown));
}

http::response storefront::search(const std::string& id, const std::string& words, const std::string& genre) {
  const auto reader = shop_.find_reader(id);
  if (!reader)
    return no_such("reader", id);
  const auto& stock = shop_.stock();
  const auto wanted = folded(words);
  const auto matches = [&](std::uint32_t at) {
    const auto& book = stock.books[at];
    return (genre.empty() || stock.genres[book.genre] == genre) && !shop_.shelf(*reader).has(at) &&
           (wanted.empty() ||
            folded(book.title + " " + stock.authors[book.author]).find(wanted) != std::string::npos);
  };
  json found = json::array();
  for (const auto book : shop_.sales().top(found_at_once, matches))
    found.push_back(book_json(stock, book));
  return json_response({{"books", found}});
}

http::response storefront::similar(const std::string& id, const std::string& book) {
  const auto reader = shop_.find_reader(id);
  if (!reader)
    return no_such("reader", id);
  const auto similar = similar_books(service_, book, similar_at_once);
  if (!similar) {
    floor_.note(similar.error());
    return http::error_response(similar.error());
  }
  json found = json::array();
  for (const auto& item : *similar) {
    auto one = item_json(shop_, item.id);
    one["often_next"] = item.often_next;
    one["by_taste"] = item.by_taste;
    const auto at = shop_.find_book(item.id);
    one["owned"] = at && shop_.shelf(*reader).has(*at);
    found.push_back(std::move(one));
  }
  return json_response({{"books", found}});
}

void storefront::tick() {
  const auto score = score_event();
  for (auto at = shown_.begin(); at != shown_.end();) {
    auto& watchers = at->second.watchers;
    watchers.erase(
        std::remove_if(watchers.begin(), watchers.end(), [](const auto& one) { return !one->is_open(); }),
        watchers.end());
    if (watchers.empty()) {
      at = shown_.erase(at);
      continue;
    }
    if (!at->second.trouble.empty())
      refresh(at->first, at->second);
    publish(watchers, score);
    ++at;
  }
}

void storefront::close() {
  for (const auto& entry : shown_)
    for (const auto& watcher : entry.second.watchers)
      watcher->end();
}

std::string storefront::shelf_event(std::size_t reader) const {
  const auto& shelf = shop_.shelf(reader);
  json books = json::array();
  for (auto at = shelf.books.rbegin(); at != shelf.books.rend(); ++at)
    books.push_back(book_json(shop_.stock(), *at));
  return event("shelf",
               {{"version", shelf.version}, {"reader", reader_json(shop_, reader)}, {"books", books}});
}

std::string storefront::list_event(const shown_reader& shown) const {
  json items = json::array();
  for (const auto& item : shown.list.items) {
    auto one = item_json(shop_, item.id);
    if (!item.because.empty())
      one["because"] = {
          {"id", item.because}, {"title", item_json(shop_, item.because)["title"]}, {"weight", item.weight}};
    one["often_next"] = item.often_next;
    one["by_taste"] = item.by_taste;
    one["adopted"] = item.adopted;
    items.push_back(std::move(one));
  }
  return event("list", {{"version", shown.list_version},
                        {"items", items},
                        {"popular", shown.list.popular},
                        {"degraded", shown.list.degraded},
                        {"took_ms", shown.took.count()}});
}

std::string storefront::score_event() const {
  const auto& counts = floor_.counts();
  return event("score", {{"purchases", counts.purchases},
                         {"hit_rate", counts.hit_rate()},
                         {"best_hit_rate", counts.best_hit_rate()}});
}

std::string storefront::trouble_event(const std::string& message) const {
  return event("trouble", {{"message", message}});
}

} // namespace winnow
