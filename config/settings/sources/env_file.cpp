#include "config/settings/sources/env_file.hpp"

#include "config/settings/sources/meant_variable.hpp"
#include "config/text/has_nul.hpp"
#include "config/text/starts_with.hpp"
#include "config/text/text_encoding.hpp"
#include "config/text/text_file.hpp"
#include "config/text/unicode_blank.hpp"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

namespace winnow {

namespace {

constexpr std::string_view line_ends = "\r\n";

bool is_line_end(char c) {
  return c == '\r' || c == '\n';
}

// Reads what python-dotenv reads, including its habits: `${…}` is expanded in single quotes, too; `NAME= #
// text` has a value; unknown escapes keep their backslash; a name alone takes back what the lines above set.
class env_parser {
public:
  env_parser(std::string_view text, const env_variables& variables) : rest_(text), variables_(variables) {}

  std::vector<env_entry> parse() {
    std::vector<env_entry> entries;
    while (true) {
      skip_white();
      if (rest_.empty())
        return entries;
      const auto before = rest_;
      const auto first_line = line_;
      unread_ = {};
      lone_name_.clear();
      auto entry = parse_line();
      if (!lone_name_.empty())
        take_back(entries);
      if (entry && entry->problem.empty()) {
        expand(entry->value);
        values_[entry->name] = entry->value;
      }
      advance(std::min(rest_.find_first_of(line_ends), rest_.size()));
      add(entries, std::move(entry), before.substr(0, before.size() - rest_.size()), first_line);
    }
  }

private:
  /// A name alone is a variable without a value: its lines above count no longer, and it expands to nothing,
  /// not to a default.
  void take_back(std::vector<env_entry>& entries) {
    values_[lone_name_].clear();
    const auto is_taken_back = [&](const env_entry& entry) {
      return entry.name == lone_name_ && entry.problem.empty();
    };
    entries.erase(std::remove_if(entries.begin(), entries.end(), is_taken_back), entries.end());
  }

  /// Adds an entry, made of `text`, and those that it looks as if it should set, but does not.
  void add(std::vector<env_entry>& entries, std::optional<env_entry> entry, std::string_view text,
           std::size_t line) const {
    if (entry && entry->problem.empty() && has_nul(entry->value))
      entry->problem = "expected text, got a zero byte";
    const auto kind = entry && entry->problem.empty() ? line_kind::value : line_kind::entry;
    const auto first_end = std::min(text.find_first_of(line_ends), text.size());
    auto meant = meant_by(text.substr(0, first_end), line_kind::entry);
    const bool is_same = meant && entry && meant->name == entry->name;
    if (entry && (is_same || !meant || kind == line_kind::value))
      entries.push_back(std::move(*entry));
    if (meant && !is_same)
      add(entries, std::move(meant), line);
    for (text.remove_prefix(first_end); !text.empty();) {
      line += text.front() == '\n' ? 1 : 0;
      text.remove_prefix(1);
      const auto end = std::min(text.find_first_of(line_ends), text.size());
      add(entries, meant_by(text.substr(0, end), kind), line);
      text.remove_prefix(end);
    }
    add(entries, meant_by(unread_, line_kind::entry), line);
  }

  static void add(std::vector<env_entry>& entries, std::optional<env_entry> meant, std::size_t line) {
    if (!meant || (!entries.empty() && entries.back().line == line && entries.back().name == meant->name))
      return;
    meant->line = line;
    entries.push_back(std::move(*meant));
  }

  std::optional<env_entry> parse_line() {
    constexpr std::string_view prefix = "export";
    if (starts_with(rest_, prefix) && rest_.size() > prefix.size() &&
        blank_length(rest_.substr(prefix.size())) != 0) {
      advance(prefix.size());
      skip_blanks();
    }
    env_entry entry{parse_name(), {}, line_, {}};
    skip_blanks();
    if (entry.name.empty() || rest_.empty() || rest_.front() != '=') {
      if (is_at_end()) { // A comment, or a name alone, sets nothing.
        lone_name_ = std::move(entry.name);
        return std::nullopt;
      }
      entry.problem = "expected NAME=value";
      return entry;
    }
    advance(1);
    const bool is_behind_blanks = blank_length(rest_) != 0;
    skip_blanks();
    entry.looks_like_comment = is_behind_blanks && rest_.substr(0, 1) == "#";
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
    std::size_t end = 0;
    while (end < rest_.size() && rest_[end] != '=' && rest_[end] != '#' && !is_white(rest_.substr(end)))
      ++end;
    std::string name(rest_.substr(0, end));
    advance(end);
    return name;
  }

  void parse_value(env_entry& entry) {
    if (!rest_.empty() && (rest_.front() == '"' || rest_.front() == '\''))
      return parse_quoted(entry);
    const auto value = rest_.substr(0, rest_.find_first_of(line_ends));
    std::size_t end = 0; // behind the last character that is no blank
    bool after_blank = false;
    for (std::size_t i = 0; i < value.size();) {
      if (value[i] == '#' && after_blank)
        break; // It starts a comment; any other "#" is part of the value.
      const auto blank = blank_length(value.substr(i));
      after_blank = blank != 0;
      i += after_blank ? blank : 1;
      end = after_blank ? end : i;
    }
    entry.value = value.substr(0, end);
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
    skip_blanks();
    if (is_at_end())
      return;
    entry.problem = "expected nothing after the closing quote";
    unread_ = rest_.substr(0, rest_.find_first_of(line_ends));
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
  bool is_at_end() const { return rest_.empty() || rest_.front() == '#' || is_white(rest_); }

  static bool is_white(std::string_view text) { return is_line_end(text.front()) || blank_length(text) != 0; }

  void skip_blanks() { rest_ = without_blanks_before(rest_); }

  void skip_white() {
    while (!rest_.empty() && is_white(rest_))
      advance(std::max(blank_length(rest_), std::size_t{1}));
  }

  void advance(std::size_t count) {
    const auto passed = rest_.substr(0, count);
    line_ += static_cast<std::size_t>(std::count(passed.begin(), passed.end(), '\n'));
    rest_.remove_prefix(count);
  }

  std::string_view rest_;
  std::string_view unread_; ///< What follows the closing quote of the entry, if that is a problem.
  std::string lone_name_;   ///< Of the line, if it is a name without a value.
  std::size_t line_ = 1;
  const env_variables& variables_;
  env_variables values_; ///< Of the lines above.
};

/// Whether no file can have the path: it leads through a circle of links, or is too long. Python takes it for
/// a missing file.
bool is_impossible(const std::filesystem::path& file) {
  std::error_code reason;
  static_cast<void>(std::filesystem::status(file, reason));
  return reason == std::errc::too_many_symbolic_link_levels || reason == std::errc::filename_too_long;
}

} // namespace

std::vector<env_entry> parse_env_text(std::string_view text, const env_variables& variables) {
  return env_parser(text, variables).parse();
}

result<std::vector<env_entry>> read_env_file(const std::filesystem::path& file,
                                             const env_variables& variables) {
  const auto text = read_text_file(file);
  if (!text)
    return fail(is_impossible(file) ? fault::invalid_argument : text.error().cause, text.error().message);
  if (auto problem = encoding_problem(file.string(), *text); !problem.empty())
    return fail(fault::malformed, std::move(problem));
  return parse_env_text(*text, variables);
}

} // namespace winnow
