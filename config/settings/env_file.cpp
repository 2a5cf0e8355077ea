#include "config/settings/env_file.hpp"

#include "config/text/text_file.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace winnow {

namespace {

constexpr std::string_view blanks = " \t\r";

class env_parser {
public:
  explicit env_parser(std::string_view text) : rest_(text) {}

  std::vector<env_entry> parse() {
    std::vector<env_entry> entries;
    while (!rest_.empty()) {
      if (auto entry = parse_line())
        entries.push_back(std::move(*entry));
      skip_line();
    }
    return entries;
  }

private:
  std::optional<env_entry> parse_line() {
    skip_blanks();
    constexpr std::string_view prefix = "export ";
    if (rest_.substr(0, prefix.size()) == prefix)
      advance(prefix.size());
    skip_blanks();
    const auto end = rest_.find_first_of("=\n#");
    auto name = std::string(rest_.substr(0, end));
    name.erase(name.find_last_not_of(blanks) + 1);
    if (name.empty())
      return std::nullopt;
    env_entry entry{std::move(name), {}, line_, {}};
    if (end == std::string_view::npos || rest_[end] != '=') {
      entry.problem = "expected NAME=value, got no \"=\"";
      return entry;
    }
    advance(end + 1);
    skip_blanks();
    parse_value(entry);
    return entry;
  }

  void parse_value(env_entry& entry) {
    if (!rest_.empty() && (rest_.front() == '"' || rest_.front() == '\''))
      parse_quoted(entry);
    else
      parse_plain(entry);
  }

  void parse_plain(env_entry& entry) {
    auto value = rest_.substr(0, rest_.find('\n'));
    // A "#" after a blank starts a comment; a "#" inside a value is part of it.
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i] == '#' && (i == 0 || blanks.find(value[i - 1]) != std::string_view::npos)) {
        value = value.substr(0, i);
        break;
      }
    }
    value = value.substr(0, value.find_last_not_of(blanks) + 1);
    entry.value = value;
    refuse_expansion(entry);
  }

  void parse_quoted(env_entry& entry) {
    const char quote = rest_.front();
    std::size_t i = 1;
    for (; i < rest_.size() && rest_[i] != quote; ++i) {
      if (quote == '"' && rest_[i] == '\\' && i + 1 < rest_.size())
        entry.value += unescaped(rest_[++i]);
      else
        entry.value += rest_[i];
    }
    if (i >= rest_.size()) {
      entry.problem = std::string("expected a closing ") + quote + ", got the end of the file";
      return; // The following lines are parsed as if there were no quote.
    }
    advance(i + 1);
    if (quote == '"')
      refuse_expansion(entry);
    skip_blanks();
    if (!rest_.empty() && rest_.front() != '\n' && rest_.front() != '#')
      entry.problem = "expected nothing after the closing quote";
  }

  static char unescaped(char c) {
    switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
    }
  }

  static void refuse_expansion(env_entry& entry) {
    if (entry.value.find("${") != std::string::npos)
      entry.problem = "expected a plain value, got \"${\", which is not expanded in this file";
  }

  void skip_blanks() { advance(std::min(rest_.find_first_not_of(blanks), rest_.size())); }

  void skip_line() {
    const auto end = rest_.find('\n');
    advance(end == std::string_view::npos ? rest_.size() : end + 1);
  }

  void advance(std::size_t count) {
    const auto passed = rest_.substr(0, count);
    line_ += static_cast<std::size_t>(std::count(passed.begin(), passed.end(), '\n'));
    rest_.remove_prefix(count);
  }

  std::string_view rest_;
  std::size_t line_ = 1;
};

} // namespace

std::vector<env_entry> parse_env_text(std::string_view text) {
  return env_parser(text).parse();
}

result<std::vector<env_entry>> read_env_file(const std::filesystem::path& file) {
  const auto text = read_text_file(file);
  if (!text)
    return tl::unexpected(text.error());
  return parse_env_text(*text);
}

} // namespace winnow
