#include "http/access/token_file.hpp"

#include "config/log/log.hpp"
#include "config/text/quoted_text.hpp"
#include "config/text/text_file.hpp"
#include "http/access/bearer.hpp"
#include "http/text.hpp"

#include <algorithm>
#include <sys/stat.h>

namespace winnow::http {

namespace {

constexpr std::size_t shortest_token = 16;

/// The next word, and removes it from `rest`.
std::string_view next_word(std::string_view& rest) {
  rest = trimmed(rest);
  const auto end = std::min(rest.find_first_of(" \t"), rest.size());
  const auto word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

/// RFC 6750, 2.1.
bool is_token(std::string_view text) {
  const auto end = text.find_last_not_of('=');
  return text.size() >= shortest_token && end != std::string_view::npos &&
         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end) + 1, [](char c) {
           return is_alphanumeric(c) || std::string_view("-._~+/").find(c) != std::string_view::npos;
         });
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || std::string_view("-._@").find(c) != std::string_view::npos;
  });
}

result<client_token> parse_line(std::string_view line) {
  const auto name = next_word(line);
  const auto role = next_word(line);
  const auto secret = next_word(line);
  if (!is_name(name))
    return fail(fault::invalid_argument,
                "expected NAME read|full TOKEN; a name has letters, digits and -._@");
  if (role != "read" && role != "full") // it may be a token that is in the wrong place
    return fail(fault::invalid_argument, "expected read or full after the name " + quoted_text(name));
  if (!is_token(secret) || !trimmed(line).empty())
    return fail(fault::invalid_argument,
                "expected one token of at least " + std::to_string(shortest_token) +
                    " characters, of letters, digits and -._~+/=, at the end of the line of " +
                    quoted_text(name));
  return client_token{std::string(name), role == "full", std::string(secret)};
}

void warn_if_others_can_read(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) == 0 && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    log_event(log_level::warning, "http", "other users can use the tokens",
              {{"file", path}, {"advice", "chmod 600"}});
}

} // namespace

result<token_list> token_list::parse(std::string_view text) {
  token_list list;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto line = next_part(text, '\n');
    if (!line.empty() && line.back() == '\r')
      line.remove_suffix(1);
    if (line.empty() || line.front() == '#')
      continue;
    const auto where = "line " + std::to_string(number);
    auto token = parse_line(line);
    if (!token)
      return fail(where, token.error());
    for (const auto& other : list.tokens_) {
      if (other.name == token->name)
        return fail(fault::invalid_argument, where + ": the name " + quoted_text(token->name) + " is taken");
      if (other.secret == token->secret)
        return fail(fault::invalid_argument,
                    where + ": the same token as that of " + quoted_text(other.name));
    }
    list.tokens_.push_back(std::move(*token));
  }
  if (list.tokens_.empty())
    return fail(fault::invalid_argument, "expected at least one line NAME read|full TOKEN");
  return list;
}

const client_token* token_list::find(std::string_view secret) const noexcept {
  const client_token* found = nullptr;
  for (const auto& token : tokens_)
    if (same_secret(secret, token.secret))
      found = &token;
  return found;
}

result<std::shared_ptr<token_file>> token_file::open(const std::string& path) {
  std::shared_ptr<token_file> opened(new token_file(path));
  if (auto read = opened->reload(); !read)
    return tl::unexpected<error>(read.error());
  return opened;
}

result<void> token_file::reload() {
  const auto text = read_text_file(path_);
  if (!text)
    return tl::unexpected<error>(text.error());
  auto list = token_list::parse(*text);
  if (!list)
    return fail(path_, list.error());
  warn_if_others_can_read(path_);
  log_event(log_level::info, "http", "tokens read", {{"file", path_}, {"tokens", list->size()}});
  const auto fresh = std::make_shared<const token_list>(std::move(*list));
  const std::lock_guard lock(mutex_);
  current_ = fresh;
  return {};
}

std::shared_ptr<const token_list> token_file::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

} // namespace winnow::http
