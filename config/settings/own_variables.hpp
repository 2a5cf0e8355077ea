#pragma once

#include <string>
#include <string_view>

namespace winnow {

/// The names of variables that Winnow has for itself. Links and scripts of others set names that only look
/// like them.

/// The name as settings have it, for one in other letters: `winnow-port`, as shells and people write it.
std::string in_usual_letters(std::string_view name);

/// Whether the name begins as those of Winnow's own settings, in any case, or nearly so and then goes on as
/// one of them (`WINOW_TOKEN_FILE`): a slip there must not let strangers in.
bool is_own_variable(std::string_view name);

/// Whether Winnow's tests set the variable for the programs that they start.
bool is_reserved_variable(std::string_view name);

/// Whether the name is no setting's, but nearly one of Winnow's own.
bool is_mistyped_variable(const std::string& name);

} // namespace winnow
