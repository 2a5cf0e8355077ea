#include "models/ranked_list.hpp"

namespace winnow {

std::string_view to_string(list_source source) noexcept {
  switch (source) {
  case list_source::personalised:
    return "personalised";
  case list_source::history_mean:
    return "history_mean";
  case list_source::popular:
    return "popular";
  }
  return "unknown";
}

std::vector<std::string_view> sources_of(const candidate_evidence& evidence) {
  std::vector<std::string_view> names;
  if (evidence.recall_rank != no_rank)
    names.emplace_back("lightgcn");
  if (evidence.transition_rank != no_rank)
    names.emplace_back("transitions");
  return names;
}

std::shared_ptr<const ranked_list> first_of(const std::shared_ptr<const ranked_list>& list,
                                            std::size_t count) {
  if (list->items.size() <= count)
    return list;
  auto shorter = std::make_shared<ranked_list>(*list);
  shorter->items.resize(count);
  if (!shorter->evidence.empty())
    shorter->evidence.resize(count);
  return shorter;
}

} // namespace winnow
