#include "models/training/interactions/metadata_encoding.hpp"

#include "config/text/number_text.hpp"
#include "models/files/csv_field.hpp"
#include "models/files/decimal_comma.hpp"
#include "models/files/missing_mark.hpp"

#include <algorithm>
#include <cmath>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace winnow {

namespace {

using treatment = metadata_column::treatment;

constexpr std::size_t max_choices = 32;
constexpr std::uint32_t min_items = 3;
constexpr std::size_t code_width = 16;
constexpr double tail_skewness = 1;

/// Number of items with each text.
std::vector<std::uint32_t> count_items(const metadata_values& values) {
  std::vector<std::uint32_t> counts(values.texts.size(), 0);
  for (const auto text : values.of_items)
    if (text != 0)
      ++counts[text - 1];
  return counts;
}

/// Moments over the items that have a value.
struct moments {
  double mean = 0;
  double deviation = 0;
  double skewness = 0;
};

moments moments_of(const std::vector<double>& numbers, const std::vector<std::uint32_t>& counts) {
  double items = 0;
  moments found;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    items += counts[i];
    found.mean += counts[i] * numbers[i];
  }
  found.mean /= items;
  double square = 0;
  double cube = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto off = numbers[i] - found.mean;
    square += counts[i] * off * off;
    cube += counts[i] * off * off * off;
  }
  found.deviation = std::sqrt(square / items);
  if (found.deviation > 0)
    found.skewness = cube / items / (found.deviation * found.deviation * found.deviation);
  return found;
}

using number_parser = std::optional<double> (*)(std::string_view);

/// What a column has of numbers.
struct column_numbers {
  std::vector<std::optional<double>> of_texts; ///< nullopt: not a number.
  std::vector<std::size_t> others;             ///< The texts that are neither numbers nor missing ones.
  std::size_t count = 0;                       ///< Texts that are numbers.

  bool is_numeric() const { return others.empty() && count > 0; }
};

column_numbers find_numbers(const id_table& texts, number_parser parse) {
  column_numbers found;
  for (std::size_t text = 0; text < texts.size(); ++text) {
    found.of_texts.push_back(parse(texts[text]));
    if (found.of_texts.back())
      ++found.count;
    else if (!is_missing_mark(texts[text]))
      found.others.push_back(text);
  }
  return found;
}

/// A point before the decimals; or a comma, if the fields of the file are between semicolons and all numbers
/// of the column fit.
column_numbers find_numbers(const metadata_values& values) {
  auto found = find_numbers(values.texts, parse_decimal);
  if (found.is_numeric() || values.delimiter != ';')
    return found;
  auto with_comma = find_numbers(values.texts, parse_comma_decimal);
  return with_comma.is_numeric() ? with_comma : found;
}

/// Scales the numbers of a column. Texts that stand for missing ones become 0, as empty cells are.
metadata_encoding scaled(std::string name, const column_numbers& found_numbers,
                         std::vector<std::uint32_t> counts) {
  std::vector<double> numbers;
  for (std::size_t text = 0; text < counts.size(); ++text) {
    const auto& number = found_numbers.of_texts[text];
    numbers.push_back(number.value_or(0));
    if (!number)
      counts[text] = 0;
  }
  metadata_encoding encoding;
  auto& source = encoding.source;
  source.name = std::move(name);
  auto found = moments_of(numbers, counts);
  const bool positive =
      std::all_of(numbers.begin(), numbers.end(), [](double number) { return number >= 0; });
  const bool long_tail = positive && found.skewness > tail_skewness;
  if (long_tail) {
    for (auto& number : numbers)
      number = std::log1p(number);
    found = moments_of(numbers, counts);
  }
  if (!(found.deviation > 1e-12 * std::abs(found.mean))) {
    source.why = "the same number everywhere";
    return encoding;
  }
  source.use = long_tail ? treatment::log_scaled : treatment::scaled;
  source.width = 1;
  source.mean = found.mean;
  source.deviation = found.deviation;
  encoding.columns = {source.name};
  for (std::size_t text = 0; text < numbers.size(); ++text)
    encoding.rows.push_back(found_numbers.of_texts[text]
                                ? static_cast<float>((numbers[text] - found.mean) / found.deviation)
                                : 0.0F);
  return encoding;
}

/// The words of each text of a column: the whole text or, if fields hold several values, the parts between
/// `|`, or between the blanks of a sequence.
struct column_words {
  id_table words;
  std::vector<std::uint32_t> items; ///< By word: number of items that have it.
  std::vector<std::vector<std::uint32_t>> of_texts;
  bool several = false; ///< Whether fields hold several values.
};

column_words find_words(const metadata_values& values, const std::vector<std::uint32_t>& counts) {
  column_words found;
  std::uint64_t all = 0;
  std::uint64_t with_bar = 0;
  for (std::size_t text = 0; text < values.texts.size(); ++text) {
    all += counts[text];
    if (values.texts[text].find('|') != std::string_view::npos)
      with_bar += counts[text];
  }
  found.several = values.is_sequence || with_bar * 20 >= all;
  const char separator = values.is_sequence ? ' ' : '|';
  found.of_texts.resize(values.texts.size());
  for (std::size_t text = 0; text < values.texts.size(); ++text) {
    const auto field = values.texts[text];
    if (is_missing_text(field))
      continue;
    for (std::size_t at = 0; at <= field.size();) {
      const auto end = found.several ? std::min(field.find(separator, at), field.size()) : field.size();
      const auto word = trimmed(field.substr(at, end - at));
      at = end + 1;
      if (word.empty())
        continue;
      const auto [index, fresh] = found.words.insert(word);
      if (fresh)
        found.items.push_back(0);
      auto& of_text = found.of_texts[text];
      if (std::find(of_text.begin(), of_text.end(), index) != of_text.end())
        continue;
      of_text.push_back(index);
      found.items[index] += counts[text];
    }
  }
  return found;
}

/// One feature for each word that enough items have; nullopt if there are too many such words or they cover
/// too few of the occurrences.
std::optional<metadata_encoding> choices(const std::string& name, const column_words& found) {
  std::vector<std::uint32_t> frequent;
  std::uint64_t all = 0;
  std::uint64_t covered = 0;
  for (std::uint32_t word = 0; word < found.words.size(); ++word) {
    all += found.items[word];
    if (found.items[word] < min_items)
      continue;
    covered += found.items[word];
    frequent.push_back(word);
  }
  if (frequent.size() > max_choices || covered * 10 < all * 9)
    return std::nullopt;
  metadata_encoding encoding;
  encoding.source.name = name;
  if (found.words.size() < 2) {
    encoding.source.why = "the same value everywhere";
    return encoding;
  }
  // Sorted by name, so that the order of the rows does not matter.
  std::sort(frequent.begin(), frequent.end(),
            [&](std::uint32_t a, std::uint32_t b) { return found.words[a] < found.words[b]; });
  const auto width = frequent.size();
  std::vector<std::size_t> places(found.words.size(), width);
  for (std::size_t i = 0; i < width; ++i) {
    places[frequent[i]] = i;
    encoding.columns.push_back(name + "=" + std::string(found.words[frequent[i]]));
  }
  encoding.source.use = found.several ? treatment::multi_hot : treatment::one_hot;
  encoding.source.width = width;
  encoding.rows.resize(found.of_texts.size() * width, 0.0F);
  for (std::size_t text = 0; text < found.of_texts.size(); ++text)
    for (const auto word : found.of_texts[text])
      if (places[word] < width)
        encoding.rows[text * width + places[word]] = 1;
  return encoding;
}

/// A unit vector of 16 signs a word: any two words differ and are nearly orthogonal.
metadata_encoding codes(const std::string& name, const column_words& found) {
  metadata_encoding encoding;
  encoding.source.name = name;
  encoding.source.use = treatment::hashed;
  encoding.source.width = code_width;
  for (std::size_t i = 0; i < code_width; ++i)
    encoding.columns.push_back(name + "#" + std::to_string(i));
  encoding.rows.resize(found.of_texts.size() * code_width, 0.0F);
  const auto seed =
      XXH3_64bits(name.data(), name.size()); // the same word in another column gets another code
  for (std::size_t text = 0; text < found.of_texts.size(); ++text) {
    const auto& words = found.of_texts[text];
    const auto part = 0.25F / std::sqrt(static_cast<float>(std::max<std::size_t>(words.size(), 1)));
    for (const auto index : words) {
      const auto word = found.words[index];
      const auto hash = XXH3_64bits_withSeed(word.data(), word.size(), seed);
      for (std::size_t i = 0; i < code_width; ++i)
        encoding.rows[text * code_width + i] += (hash >> i & 1U) != 0 ? part : -part;
    }
  }
  return encoding;
}

/// Why a column has too many different texts to learn from; for one with numbers, also what is none.
std::string too_many_texts(const metadata_values& values, const std::vector<std::uint32_t>& counts,
                           const column_numbers& numbers, std::size_t words) {
  const auto many = std::to_string(words) + " different texts are too many for one-hot";
  if (numbers.count == 0 || numbers.others.empty())
    return many;
  std::uint64_t cells = 0, no_numbers = 0;
  for (const auto count : counts)
    cells += count;
  for (const auto text : numbers.others)
    no_numbers += counts[text];
  const auto first = numbers.others.front();
  const auto line = first < values.lines.size() ? " on line " + std::to_string(values.lines[first]) : "";
  return std::to_string(no_numbers) + " of " + std::to_string(cells) +
         (no_numbers == 1 ? " cells is no number" : " cells are no numbers") + ", first " +
         quoted_field(values.texts[first]) + line + ", and " + many;
}

} // namespace

metadata_encoding encode_metadata(const metadata_values& values) {
  metadata_encoding left_out;
  left_out.source.name = values.name;
  left_out.source.why = "no values";
  if (values.texts.empty())
    return left_out;
  const auto counts = count_items(values);
  const auto numbers = values.is_sequence ? column_numbers() : find_numbers(values);
  if (numbers.is_numeric())
    return scaled(values.name, numbers, counts);
  const auto words = find_words(values, counts);
  if (words.words.empty())
    return left_out;
  if (auto encoding = choices(values.name, words))
    return std::move(*encoding);
  std::uint64_t uses = 0;
  for (const auto items : words.items)
    uses += items;
  if (words.words.size() * 2 > uses) {
    left_out.source.why = too_many_texts(values, counts, numbers, words.words.size());
    return left_out;
  }
  return codes(values.name, words);
}

} // namespace winnow
