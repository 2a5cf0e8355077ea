#include "config/settings/sources/config_file_search.hpp"

#include "config/settings/sources/setting_variables.hpp"

namespace winnow {

named_config_file find_config_file(const std::optional<std::string>& flag, const env_variables& variables,
                                   const found_env_file& env) {
  if (flag)
    return {*flag, "flag --config"};
  const auto named = variables.find(std::string(config_variable));
  if (named != variables.end() && !named->second.empty())
    return {named->second, "environment " + named->first};
  named_config_file last; // which counts if the name repeats
  for (const auto& entry : env.entries)
    if (entry.name == config_variable && entry.problem.empty())
      last = {entry.value, env.place_of(entry)};
  return last;
}

} // namespace winnow
