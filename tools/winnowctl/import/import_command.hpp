#pragma once

#include <string>
#include <vector>

namespace winnow {

/// The arguments of `winnowctl import`.
struct import_options {
  std::vector<std::string> files;
  std::string out;                ///< The folder for interactions.csv and items.csv.
  std::string store;              ///< Empty: the profiles are stored nowhere.
  std::vector<std::string> types; ///< Types of feedback that count; empty: all but `read`.
};

/// Turns an export of Gorse into the trainer's input and, if asked, into profiles. Prints what it did.
/// Returns the exit code.
int run_import(const import_options& asked, bool json);

} // namespace winnow
