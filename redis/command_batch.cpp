#include "redis/command_batch.hpp"

namespace winnow {

void command_batch::add(std::initializer_list<std::string_view> words) {
  constexpr std::string_view end_of_line = "\r\n";
  bytes_.append(1, '*').append(std::to_string(words.size())).append(end_of_line);
  for (const auto word : words) {
    bytes_.append(1, '$').append(std::to_string(word.size())).append(end_of_line);
    bytes_.append(word).append(end_of_line);
  }
  ++size_;
}

} // namespace winnow
