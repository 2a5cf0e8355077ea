#include "tools/winnow-bench/bench_models.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace winnow::bench {

double bench_models::mean_history() const {
  double sum = 0;
  for (const auto& user : users)
    sum += static_cast<double>(std::min(user.history.size(), din_model::history_limit));
  return users.empty() ? 0 : sum / static_cast<double>(users.size());
}

result<bench_models> load_bench_models(const deployment& data, std::size_t users) {
  model_settings settings;
  settings.dir = data.model_dir().string();
  auto loaded = load_model_set(settings);
  if (!loaded)
    return tl::unexpected(loaded.error());
  bench_models made{*loaded, {}};
  for (std::size_t i = 0; i < std::min(users, data.users.size()); ++i) {
    const auto profile = nlohmann::json::parse(data.profiles[i], nullptr, false);
    if (profile.is_discarded())
      return fail(fault::malformed, "the profile of user " + data.users[i] + " is not JSON");
    made.users.push_back(resolve_user(*made.models, data.users[i], profile.get<std::vector<std::string>>()));
  }
  return made;
}

} // namespace winnow::bench
