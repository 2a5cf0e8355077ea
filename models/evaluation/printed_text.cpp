#include "models/evaluation/printed_text.hpp"

#include <cstdarg>
#include <cstdio>

namespace winnow {

void print(std::string& to, const char* format, ...) {
  char text[512];
  std::va_list values;
  va_start(values, format);
  std::vsnprintf(text, sizeof text, format, values);
  va_end(values);
  to += text;
}

} // namespace winnow
