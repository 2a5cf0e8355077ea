#include "redis/command_batch.hpp"

namespace winnow {

template<class Words>
void command_batch::append(const Words& words) {
  constexpr std::string_view end_of_line = "\r\n";
  bytes_.append(1, '*').append(std::to_string(words.size())).append(end_of_line);
  for (const std::string_view word : words) {
    bytes_.append(1, '$').append(std::to_string(word.size())).append(end_of_line);
    bytes_.append(word).append(end_of_line);
  }
  ++size_;
}

void command_batch::add(std::initializer_list<std::string_view> words) {
  append(words);
}

void command_batch::add(gsl::span<const std::string> words) {
  append(words);
}

} // namespace winnow
