#include "tools/winnow-train/item_column_names.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

/// The names after `rename_taken_columns`, and how many lines it returned.
std::pair<std::vector<std::string>, std::size_t> renamed(const std::vector<std::string>& names,
                                                         const std::vector<std::string>& of_lightgcn = {}) {
  item_metadata metadata;
  metadata.columns = names;
  const auto lines = rename_taken_columns(metadata, of_lightgcn);
  return {metadata.columns, lines.size()};
}

using names = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(item_column_names)

BOOST_AUTO_TEST_CASE(columns_called_like_the_models_own_get_other_names) {
  for (const auto* name : {"popularity", "emb_0", "emb_999", "din_7", "lightgcn_score", "recall_rank",
                           "din_logit", "popularity_trend", "item_id"}) {
    const auto [made, lines] = renamed({"price", name});
    BOOST_TEST(made == (names{"price", "item_" + std::string(name)}), boost::test_tools::per_element());
    BOOST_TEST(lines == 1u);
  }
  item_metadata metadata;
  metadata.columns = {"popularity"};
  BOOST_TEST(rename_taken_columns(metadata, {}).front() ==
             "the column \"popularity\" is called \"item_popularity\" in the models, which have another of "
             "that name");
}

BOOST_AUTO_TEST_CASE(all_others_keep_theirs) {
  const names kept{"price", "popularity=high", "emb_", "din_x", "embedding", "item_popularity"};
  const auto [made, lines] = renamed(kept);
  BOOST_TEST(made == kept, boost::test_tools::per_element());
  BOOST_TEST(lines == 0u);
}

BOOST_AUTO_TEST_CASE(new_names_are_nobody_elses) {
  BOOST_TEST(renamed({"popularity", "item_popularity"}).first ==
                 (names{"item_item_popularity", "item_popularity"}),
             boost::test_tools::per_element());
  BOOST_TEST(renamed({"author#0", "author#0"}).first == (names{"author#0", "item_author#0"}),
             boost::test_tools::per_element());
  BOOST_TEST(renamed({"factor1", "price"}, {"factor1", "factor2"}).first == (names{"item_factor1", "price"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
