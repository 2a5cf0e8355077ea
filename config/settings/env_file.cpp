#include "config/settings/env_file.hpp"

#include "config/text/text_file.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace winnow {

namespace {

constexpr std::string_view blanks = " \t\v\f";
constexpr std::string_view white = " \t\v\f\r\n";
constexpr std::string_view line_ends = "\r\n";

// Reads what python-dotenv reads, including its habits: `${…}` is expanded in single quotes, too; `NAME= #
// text` has a value; unknown escapes keep their backslash.
class env_parser {
public:
  env_parser(std::string_view text, const env_variables& variables) : rest_(text), variables_(variables) {}

  std::vector<env_entry> parse() {
    std::vector<env_entry> entries;
    while (true) {
      skip(white);
      if (rest_.empty())
        return entries;
      if (auto entry = parse_line()) {
        if (entry->problem.empty()) {
          expand(entry->value);
          values_[entry->name] = entry->value;
        }
        entries.push_back(std::move(*entry));
      }
      advance(std::min(rest_.find_first_of(line_ends), rest_.size()));
    }
  }

private:
  std::optional<env_entry> parse_line() {
    constexpr std::string_view prefix = "export";
    if (rest_.substr(0, prefix.size()) == prefix && rest_.size() > prefix.size() &&
        blanks.find(rest_[prefix.size()]) != std::string_view::npos) {
      advance(prefix.size());
      skip(blanks);
    }
    env_entry entry{parse_name(), {}, line_, {}};
    skip(blanks);
    if (entry.name.empty() || rest_.empty() || rest_.front() != '=') {
      if (is_at_end())
        return std::nullopt; // A comment, or a name alone, sets nothing.
      entry.problem = "expected NAME=value";
      return entry;
    }
    advance(1);
    skip(blanks);
    parse_value(entry);
    return entry;
  }

  std::string parse_name() {
    if (!rest_.empty() && rest_.front() == '\'') {
      const auto end = rest_.find('\'', 1);
      if (end == std::string_view::npos || end == 1)
        return {};
      std::string name(rest_.substr(1, end - 1));
      advance(end + 1);
      return name;
    }
    const auto end = std::min(rest_.find_first_of("=# \t\v\f\r\n"), rest_.size());
    std::string name(rest_.substr(0, end));
    advance(end);
    return name;
  }

  void parse_value(env_entry& entry) {
    if (!rest_.empty() && (rest_.front() == '"' || rest_.front() == '\''))
      return parse_quoted(entry);
    auto value = rest_.substr(0, rest_.find_first_of(line_ends));
    // A "#" after a blank starts a comment; any other "#" is part of the value.
    for (std::size_t i = 1; i < value.size(); ++i)
      if (value[i] == '#' && blanks.find(value[i - 1]) != std::string_view::npos)
        value = value.substr(0, i);
    entry.value = value.substr(0, value.find_last_not_of(blanks) + 1);
  }

  void parse_quoted(env_entry& entry) {
    const char quote = rest_.front();
    const auto end = closing_quote(quote);
    if (end == std::string_view::npos) {
      entry.problem = std::string("expected a closing ") + quote + ", got the end of the file";
      return; // The following lines are parsed as if there were no quote.
    }
    for (std::size_t i = 1; i < end; ++i) {
      const auto escaped = rest_[i] == '\\' && i + 1 < end ? unescaped(quote, rest_[i + 1]) : std::nullopt;
      entry.value += escaped.value_or(rest_[i]);
      i += escaped ? 1 : 0;
    }
    advance(end + 1);
    skip(blanks);
    if (!is_at_end())
      entry.problem = "expected nothing after the closing quote";
  }

  /// The first quote without a backslash before it; if there is none, the last one of all.
  std::size_t closing_quote(char quote) const {
    for (std::size_t at = rest_.find(quote, 1); at != std::string_view::npos; at = rest_.find(quote, at + 1))
      if (at == 1 || rest_[at - 1] != '\\')
        return at;
    const auto last = rest_.rfind(quote);
    return last == 0 ? std::string_view::npos : last;
  }

  static std::optional<char> unescaped(char quote, char c) {
    if (c == '\\' || c == '\'')
      return c;
    constexpr std::string_view names = "\"abfnrtv";
    constexpr std::string_view characters = "\"\a\b\f\n\r\t\v";
    const auto at = names.find(c);
    return quote == '"' && at != std::string_view::npos ? std::optional<char>(characters[at]) : std::nullopt;
  }

  /// Replaces each `${NAME}` and `${NAME:-text}`; what it inserts is not expanded again.
  void expand(std::string& value) const {
    std::string made;
    std::size_t from = 0;
    for (std::size_t at = value.find("${"); at != std::string::npos; at = value.find("${", at)) {
      const auto name_end = value.find_first_of(":}", at + 2);
      const bool has_default = name_end != std::string::npos && value.compare(name_end, 2, ":-") == 0;
      const auto end = value.find('}', at + 2);
      if (end == std::string::npos || (name_end != end && !has_default)) {
        at += 2;
        continue;
      }
      made.append(value, from, at - from);
      const auto fallback = has_default ? value.substr(name_end + 2, end - name_end - 2) : std::string();
      made += lookup(value.substr(at + 2, name_end - at - 2), fallback);
      from = at = end + 1;
    }
    value = made.append(value, from);
  }

  const std::string& lookup(const std::string& name, const std::string& fallback) const {
    for (const auto* known : {&variables_, &values_}) // The environment wins here, too.
      if (const auto found = known->find(name); found != known->end())
        return found->second;
    return fallback;
  }

  /// Whether only a comment, or nothing, follows on this line.
  bool is_at_end() const {
    return rest_.empty() || rest_.front() == '#' || white.find(rest_.front()) != white.npos;
  }

  void skip(std::string_view characters) {
    advance(std::min(rest_.find_first_not_of(characters), rest_.size()));
  }

  void advance(std::size_t count) {
    const auto passed = rest_.substr(0, count);
    line_ += static_cast<std::size_t>(std::count(passed.begin(), passed.end(), '\n'));
    rest_.remove_prefix(count);
  }

  std::string_view rest_;
  std::size_t line_ = 1;
  const env_variables& variables_;
  env_variables values_; ///< Of the lines above.
};

} // namespace

std::vector<env_entry> parse_env_text(std::string_view text, const env_variables& variables) {
  return env_parser(text, variables).parse();
}

result<std::vector<env_entry>> read_env_file(const std::filesystem::path& file,
                                             const env_variables& variables) {
  const auto text = read_text_file(file);
  if (!text)
    return tl::unexpected(text.error());
  return parse_env_text(*text, variables);
}

} // namespace winnow
