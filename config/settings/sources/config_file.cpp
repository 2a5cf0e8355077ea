#include "config/settings/sources/config_file.hpp"

#include "config/text/has_nul.hpp"
#include "config/text/text_file.hpp"
#include "config/text/trimmed.hpp"

#include <CLI/CLI.hpp>
#include <optional>
#include <sstream>
#include <utility>

namespace winnow {

namespace {

// Passes single lines to CLI11's parser, because its items carry no line numbers.
class line_reader : public CLI::ConfigTOML {
public:
  line_reader() {
    // Comments are already removed: CLI11 2.1 would also find them inside quoted text.
    commentChar = '\x01';
  }

  std::vector<CLI::ConfigItem> read(const std::string& line) const {
    std::istringstream input(line);
    return from_config(input);
  }
};

struct bare_line {
  std::string_view text; ///< Without comment and surrounding blanks.
  bool open_quote = false;
  bool cuts_value = false; ///< What looks like a comment may be a part of the value, such as of a password.
};

/// In double quotes, a backslash keeps a quote or another backslash from its meaning.
bool is_escape(std::string_view line, std::size_t at, char quote) {
  return quote == '"' && line[at] == '\\' && at + 1 < line.size() &&
         (line[at + 1] == '"' || line[at + 1] == '\\');
}

bare_line without_comment(std::string_view line) {
  constexpr std::string_view blanks = " \t\r";
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (is_escape(line, i, quote)) {
      ++i;
    } else if (quote != '\0') {
      quote = c == quote ? '\0' : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '#') {
      const auto text = trimmed(line.substr(0, i));
      const bool follows_text = i > 0 && blanks.find(line[i - 1]) == std::string_view::npos;
      const bool is_text = i + 1 < line.size() && blanks.find(line[i + 1]) == std::string_view::npos;
      return {text, false, follows_text || (is_text && !text.empty() && text.back() == '=')};
    }
  }
  return {trimmed(line), quote != '\0'};
}

/// The text between double quotes, as `--print-config` writes it; nullopt if the value has another form.
std::optional<std::string> unquoted(std::string_view value) {
  if (value.size() < 2 || value.front() != '"')
    return std::nullopt;
  std::string text;
  for (std::size_t i = 1; i < value.size(); ++i) {
    if (value[i] == '"')
      return i + 1 == value.size() ? std::optional(std::move(text)) : std::nullopt;
    i += is_escape(value, i, '"') ? 1 : 0;
    text += value[i];
  }
  return std::nullopt;
}

// Finds what CLI11 would misread or silently ignore.
std::string problem_before_reading(const bare_line& line) {
  if (line.text.front() == '[')
    return "expected key = value, got a section, which is not supported";
  const auto equals = line.text.find('=');
  if (equals == std::string_view::npos || equals == 0)
    return "expected key = value";
  if (has_nul(line.text))
    return "expected text, got a zero byte";
  if (line.cuts_value)
    return "expected quotes around a value with \"#\", or blanks around the \"#\" of a comment";
  if (line.open_quote)
    return "expected a closing quote on the same line";
  const auto value = trimmed(line.text.substr(equals + 1));
  if (!value.empty() && (value.front() == '[') != (value.back() == ']'))
    return "expected an array to begin and end on one line";
  return {};
}

void take_values(config_entry& entry, const std::vector<std::string>& values, bool is_array) {
  if (values.size() != 1 && !is_array) {
    entry.problem =
        "expected one value, got " + std::to_string(values.size()) + ": quote text with blanks or commas";
    return;
  }
  entry.value = CLI::detail::join(values, ",");
}

config_entry parse_line(const line_reader& reader, const bare_line& line, std::size_t number) {
  config_entry entry;
  entry.line = number;
  const auto equals = line.text.find('=');
  entry.key = trimmed(line.text.substr(0, equals));
  entry.problem = problem_before_reading(line);
  if (!entry.problem.empty())
    return entry;
  const auto value = trimmed(line.text.substr(equals + 1));
  if (auto text = unquoted(value)) {
    entry.value = std::move(*text);
    return entry;
  }
  const bool is_array = value.substr(0, 1) == "[";
  try {
    const auto items = reader.read(std::string(line.text));
    if (items.size() != 1) {
      entry.problem = "expected key = value";
      return entry;
    }
    entry.key = items.front().fullname();
    take_values(entry, items.front().inputs, is_array);
  } catch (const std::exception& refused) { // Newer versions of CLI11 throw on invalid escapes.
    entry.problem = refused.what();
  }
  return entry;
}

} // namespace

std::vector<config_entry> parse_config_text(std::string_view text) {
  const line_reader reader;
  std::vector<config_entry> entries;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto line = without_comment(text.substr(0, end));
    if (!line.text.empty())
      entries.push_back(parse_line(reader, line, number));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return entries;
}

result<std::vector<config_entry>> read_config_file(const std::filesystem::path& file) {
  const auto text = read_text_file(file);
  if (!text)
    return tl::unexpected(text.error());
  return parse_config_text(*text);
}

} // namespace winnow
