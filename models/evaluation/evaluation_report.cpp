#include "models/evaluation/evaluation_report.hpp"

#include "models/evaluation/printed_text.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::ordered_json;

const char* masked(const evaluation& of) {
  return of.masks_validation ? "training and validation items" : "training items";
}

std::string widths_text(const cascade_widths& widths) {
  return std::to_string(widths.candidates) + " > " + std::to_string(widths.din_keep) + " > " +
         std::to_string(widths.ranknet_keep);
}

void print_head(std::string& text, const evaluation& of, const evaluation_subject& subject) {
  text += "models    " + subject.model_dir + ", version " + subject.model_version + ", widths " +
          widths_text(of.widths) + "\n";
  text += "data      " + subject.data + ", " + subject.split + "\n";
  const auto part =
      of.users < of.users_with_test_items ? " of " + std::to_string(of.users_with_test_items) : "";
  print(text,
        "users     %zu%s with %zu test items; %zu users have no embedding, %zu test items are not in the "
        "catalogue\n",
        of.users, part.c_str(), of.test_items, of.users_without_embedding, of.unknown_test_items);
  print(text, "protocol  all %zu items of the catalogue are ranked; masked: %s\n", of.items, masked(of));
}

void print_lists(std::string& text, const evaluation& of, std::size_t cutoff) {
  print(text, "\n%-18s %8s %8s %7s %8s %7s %8s %9s %8s\n",
        ("best " + std::to_string(of.rankings.front().lists[cutoff].k)).c_str(), "Recall", "NDCG", "+-", "HR",
        "+-", "MRR", "coverage", "novelty");
  for (const auto& ranking : of.rankings) {
    const auto& list = ranking.lists[cutoff];
    print(text, "%-18s %8.4f %8.4f %7.4f %8.4f %7.4f %8.4f %9.4f %8.2f\n", ranking.name.c_str(), list.recall,
          list.ndcg.mean, list.ndcg.standard_error, list.hit_rate.mean, list.hit_rate.standard_error,
          list.reciprocal_rank, list.coverage, list.novelty);
  }
}

void print_scores(std::string& text, const evaluation& of) {
  print(text, "\n%-18s %8s %8s\n", "one negative", "AUC", "GAUC");
  for (const auto& ranking : of.rankings)
    if (ranking.scores)
      print(text, "%-18s %8.4f %8.4f\n", ranking.name.c_str(), ranking.scores->auc, ranking.scores->gauc);
}

ordered_json lists_json(const ranking_quality& ranking) {
  auto lists = ordered_json::array();
  for (const auto& list : ranking.lists)
    lists.push_back({{"k", list.k},
                     {"recall", list.recall},
                     {"ndcg", list.ndcg.mean},
                     {"ndcg_error", list.ndcg.standard_error},
                     {"hit_rate", list.hit_rate.mean},
                     {"hit_rate_error", list.hit_rate.standard_error},
                     {"mrr", list.reciprocal_rank},
                     {"coverage", list.coverage},
                     {"novelty_bits", list.novelty}});
  return lists;
}

} // namespace

std::string evaluation_table(const evaluation& of, const evaluation_subject& subject) {
  std::string text;
  print_head(text, of, subject);
  for (std::size_t cutoff = 0; cutoff < of.rankings.front().lists.size(); ++cutoff)
    print_lists(text, of, cutoff);
  print_scores(text, of);
  print(
      text,
      "\nceiling: %.4f of the test items are among the %zu candidates, for %.4f of the users at least one\n",
      of.candidate_recall, of.widths.candidates, of.candidate_hit_rate);
  if (of.transition_recall)
    print(text, "         %.4f are among LightGCN's first %zu, %.4f among the transitions' first %zu\n",
          of.lightgcn_recall, of.widths.candidates, *of.transition_recall, of.widths.candidates);
  return text;
}

std::string evaluation_json(const evaluation& of, const evaluation_subject& subject) {
  ordered_json document{{"model_dir", subject.model_dir},
                        {"model_version", subject.model_version},
                        {"data", subject.data},
                        {"split", subject.split},
                        {"masked", masked(of)},
                        {"items", of.items},
                        {"users", of.users},
                        {"users_with_test_items", of.users_with_test_items},
                        {"users_without_embedding", of.users_without_embedding},
                        {"test_items", of.test_items},
                        {"unknown_test_items", of.unknown_test_items},
                        {"widths",
                         {{"candidates", of.widths.candidates},
                          {"din_keep", of.widths.din_keep},
                          {"ranknet_keep", of.widths.ranknet_keep}}},
                        {"ceiling",
                         {{"recall", of.candidate_recall},
                          {"hit_rate", of.candidate_hit_rate},
                          {"lightgcn_recall", of.lightgcn_recall}}}};
  if (of.transition_recall)
    document["ceiling"]["transition_recall"] = *of.transition_recall;
  auto rankings = ordered_json::array();
  for (const auto& ranking : of.rankings) {
    ordered_json entry{{"name", ranking.name}, {"lists", lists_json(ranking)}};
    if (ranking.scores) {
      entry["auc"] = ranking.scores->auc;
      entry["gauc"] = ranking.scores->gauc;
    }
    rankings.push_back(std::move(entry));
  }
  document["rankings"] = std::move(rankings);
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

} // namespace winnow
