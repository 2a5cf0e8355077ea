#include "redis/connection/command_batch.hpp"

#include <algorithm>
#include <array>

namespace winnow {
namespace {

/// Of the commands that Winnow sends: whether the first argument is a key.
bool has_key(std::string_view name) noexcept {
  constexpr std::array with_key{"GET",  "SET",  "GETRANGE", "EXISTS", "DEL",
                                "HGET", "HSET", "HDEL",     "PTTL",   "PEXPIRE"};
  return std::find(with_key.begin(), with_key.end(), name) != with_key.end();
}

} // namespace

template<class Words>
void command_batch::append(const Words& words) {
  constexpr std::string_view end_of_line = "\r\n";
  place one{bytes_.size(), 0, 0};
  std::string_view name;
  std::size_t number = 0;
  bytes_.append(1, '*').append(std::to_string(words.size())).append(end_of_line);
  for (const std::string_view word : words) {
    bytes_.append(1, '$').append(std::to_string(word.size())).append(end_of_line);
    if (number == 0)
      name = word;
    if (number++ == 1 && has_key(name)) {
      one.key_begin = bytes_.size();
      one.key_size = word.size();
    }
    bytes_.append(word).append(end_of_line);
  }
  all_.push_back(one);
}

void command_batch::add(std::initializer_list<std::string_view> words) {
  append(words);
}

void command_batch::add(gsl::span<const std::string> words) {
  append(words);
}

void command_batch::add(gsl::span<const std::string_view> words) {
  append(words);
}

void command_batch::add_encoded(std::string_view command) {
  all_.push_back({bytes_.size(), 0, 0});
  bytes_.append(command);
}

std::string_view command_batch::command(std::size_t index) const {
  const auto begin = all_[index].begin;
  const auto end = index + 1 < all_.size() ? all_[index + 1].begin : bytes_.size();
  return std::string_view(bytes_).substr(begin, end - begin);
}

std::string_view command_batch::key(std::size_t index) const {
  return std::string_view(bytes_).substr(all_[index].key_begin, all_[index].key_size);
}

} // namespace winnow
