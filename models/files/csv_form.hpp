#pragma once

namespace winnow {

/// The dialect of a CSV file.
struct csv_form {
  char delimiter = ',';
  bool quotes = true; ///< Whether `"` quotes fields; if not, it is an ordinary character.
  bool gzip = false;  ///< Whether the file may be gzip-compressed, or a pipe.
  bool trim = false;  ///< Whether blanks around fields, also outside of their quotes, are not part of them.
};

} // namespace winnow
