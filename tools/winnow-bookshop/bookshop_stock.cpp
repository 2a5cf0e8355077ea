#include "tools/winnow-bookshop/bookshop_stock.hpp"

#include "models/catalogue/id_table.hpp"
#include "tools/winnow-bookshop/bookshop_words.hpp"

#include <algorithm>

namespace winnow {

namespace {

/// Returns true with this probability. Percentages are integers, so results are the same on every machine.
bool chance(random_source& random, std::uint32_t percent) {
  return random.below(100) < percent;
}

std::string_view any_of(const word_list& words, random_source& random) {
  return words[random.below(words.size())];
}

/// Replaces `A` before a vowel by `An`.
void mend_articles(std::string& text) {
  for (auto at = text.find("A "); at != std::string::npos; at = text.find("A ", at + 1)) {
    const bool is_word = at == 0 || text[at - 1] == ' ';
    if (is_word && at + 2 < text.size() &&
        std::string_view("AEIOU").find(text[at + 2]) != std::string_view::npos)
      text.insert(at + 1, "n");
  }
  for (auto at = text.find(" a "); at != std::string::npos; at = text.find(" a ", at + 1))
    if (at + 3 < text.size() && std::string_view("AEIOU").find(text[at + 3]) != std::string_view::npos)
      text.insert(at + 2, "n");
}

std::string fill_in(std::string_view pattern, const genre_words& words, random_source& random) {
  const auto noun = random.below(words.nouns.size());
  const auto other = (noun + 1 + random.below(words.nouns.size() - 1)) % words.nouns.size();
  std::string text;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] != '{') {
      text.push_back(pattern[at]);
      continue;
    }
    switch (pattern[at + 1]) {
    case 'A':
      text += any_of(words.adjectives, random);
      break;
    case 'N':
      text += words.nouns[noun];
      break;
    case 'M':
      text += words.nouns[other];
      break;
    case 'P':
      text += any_of(invented_places(), random);
      break;
    case 'F':
      text += any_of(first_names(), random);
      break;
    default:
      text += any_of(last_names(), random);
      break;
    }
    at += 2;
  }
  mend_articles(text);
  return text;
}

/// Invents authors and books. Names are unique as far as the word lists allow.
class stocking {
public:
  stocking(bookshop& shop, random_source& random) : shop_(shop), random_(random) {}

  void add_author(std::uint32_t genre, std::uint32_t books) {
    const auto author = static_cast<std::uint32_t>(shop_.authors.size());
    shop_.authors.push_back(new_author());
    while (books > 0) {
      const bool in_series = books > 1 && chance(random_, 22);
      const auto length = in_series ? 2 + random_.below(std::min<std::uint32_t>(books, 5) - 1) : 1;
      add_books(genre, author, length);
      books -= length;
    }
  }

private:
  void add_books(std::uint32_t genre, std::uint32_t author, std::uint32_t count) {
    const auto& words = genres_of_books()[genre];
    std::string series;
    if (count > 1) {
      ++series_;
      series = fill_in(any_of(words.series, random_), words, random_);
    }
    for (std::uint32_t number = 1; number <= count; ++number) {
      bookshop::book book;
      book.id = new_isbn();
      book.title = new_title(words);
      if (count > 1)
        book.title += " (" + series + ", Book " + std::to_string(number) + ")";
      book.author = author;
      book.genre = genre;
      book.price_pence = price();
      book.series = count > 1 ? series_ : 0;
      book.number = count > 1 ? number : 0;
      shop_.books.push_back(std::move(book));
    }
  }

  /// Most books cost less than ten pounds, a few more than thirty.
  std::uint32_t price() {
    const auto cheap = 299 + 100 * random_.below(8);
    return chance(random_, 30) ? cheap + 100 * random_.below(1 + random_.below(30)) : cheap;
  }

  std::string new_author() {
    std::string name;
    for (int tries = 0; tries < 100; ++tries) {
      name = any_of(first_names(), random_);
      name += " ";
      if (tries >= 20) {
        name.push_back(static_cast<char>('A' + random_.below(26)));
        name += ". ";
      }
      name += any_of(last_names(), random_);
      if (authors_.insert(name).second)
        break;
    }
    return name;
  }

  std::string new_title(const genre_words& words) {
    std::string title;
    for (int tries = 0; tries < 50; ++tries) {
      title = fill_in(any_of(words.titles, random_), words, random_);
      if (titles_.insert(title).second)
        break;
    }
    return title;
  }

  /// An ISBN-10 of the English-speaking groups 0 and 1, with a valid check digit.
  std::string new_isbn() {
    for (;;) {
      std::string digits(9, '0');
      std::size_t sum = 0;
      for (std::size_t i = 0; i < digits.size(); ++i) {
        const auto digit = i == 0 ? static_cast<std::uint32_t>(chance(random_, 40)) : random_.below(10);
        digits[i] = static_cast<char>('0' + digit);
        sum += (10 - i) * digit;
      }
      digits.push_back("0123456789X"[(11 - sum % 11) % 11]);
      if (ids_.insert(digits).second)
        return digits;
    }
  }

  bookshop& shop_;
  random_source& random_;
  id_table authors_;
  id_table titles_;
  id_table ids_;
  std::uint32_t series_ = 0;
};

} // namespace

void stock_bookshop(bookshop& shop, std::uint32_t books, random_source& random) {
  const auto& genres = genres_of_books();
  stocking shelves(shop, random);
  for (std::uint32_t genre = 0; genre < genres.size(); ++genre) {
    shop.genres.emplace_back(genres[genre].name);
    const auto count = static_cast<std::uint32_t>(genres.size());
    auto left = books / count + (genre < books % count ? 1 : 0);
    while (left > 0) {
      const auto written = std::min(left, 2 + random.below(1 + random.below(24)));
      shelves.add_author(genre, written);
      left -= written;
    }
  }
  std::sort(shop.books.begin(), shop.books.end(),
            [](const bookshop::book& a, const bookshop::book& b) { return a.id < b.id; });
}

} // namespace winnow
