#include "models/recall/fold_in.hpp"

#include "models/cascade.hpp"
#include "tests/models/stage_directory.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

/// The exactness of the vectors is tested with the trainer, in training/fold_in_training_test.cpp.
namespace winnow {

namespace {

std::shared_ptr<const feature_table> table(std::vector<float> values) {
  return std::make_shared<const feature_table>(feature_table{2, std::move(values)});
}

std::shared_ptr<const stored_rows> rows(std::vector<float> values) {
  return std::make_shared<const stored_rows>(2, std::move(values));
}

/// Three items, the second without training interactions, and one user.
struct tables_fixture {
  const fold_in folding{table({1, 2, 0, 0, 3, -4}), rows({10, 20})};

  std::vector<float> vector(std::optional<std::uint32_t> user, std::vector<std::uint32_t> known) const {
    std::vector<float> out(2);
    BOOST_REQUIRE(folding.write_vector(user, known, out));
    return out;
  }
};

/// A bookshop whose directory has tables to fold in. The value in column k of row r is r + k + 1 for items,
/// and 1000 times that for users.
struct folding_directory : test::stage_directory {
  folding_directory() {
    const auto plain = load();
    write_table("item_fold_in.csv", plain->items.trained(), 1, false);
    write_table("user_fold_in.csv", *plain->users, 1000, false);
  }

  void write_table(const std::string& name, const id_table& ids, std::size_t factor, bool backwards,
                   std::size_t width = 16) const {
    std::ofstream out(path_of(name));
    out << "id";
    for (std::size_t k = 0; k < width; ++k)
      out << ",emb_" << k;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto row = backwards ? ids.size() - 1 - i : i;
      out << "\n" << ids[row];
      for (std::size_t k = 0; k < width; ++k)
        out << "," << (row + k + 1) * factor;
    }
    out << "\n";
  }

  std::filesystem::path path_of(const std::string& name) const { return dir.path() / "lightgcn" / name; }

  void add_row(const std::string& name) const {
    std::ofstream out(path_of(name), std::ios::app);
    out << "newcomer";
    for (int k = 0; k < 16; ++k)
      out << ",1";
    out << "\n";
  }
};

std::vector<float> vector_of(const model_set& models, std::string_view user,
                             const std::vector<std::string>& profile) {
  std::vector<float> vector(models.item_embeddings.width());
  user_vector(models, resolve_user(models, user, profile), vector);
  return vector;
}

void check_equal(gsl::span<const float> got, gsl::span<const float> wanted) {
  BOOST_TEST(got == wanted, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(fold_in_suite)

BOOST_FIXTURE_TEST_CASE(adds_the_items_to_the_user, tables_fixture) {
  check_equal(vector(0, {2}), std::vector<float>{13, 16});
  const float scale = 1 / std::sqrt(2.0f);
  check_equal(vector(0, {0, 2}), std::vector<float>{4 * scale + 10, -2 * scale + 20});
  check_equal(vector(std::nullopt, {0, 2}), std::vector<float>{4 * scale, -2 * scale});
}

BOOST_FIXTURE_TEST_CASE(items_outside_of_training_do_not_count, tables_fixture) {
  check_equal(vector(0, {1, 2}), vector(0, {2}));
  check_equal(vector(0, {2, 3, 1000}), vector(0, {2}));
  std::vector<float> out(2);
  BOOST_CHECK(!folding.write_vector(0, {}, out));
  const std::vector<std::uint32_t> untrained = {1, 3};
  BOOST_CHECK(!folding.write_vector(0, untrained, out));
}

BOOST_FIXTURE_TEST_CASE(the_vector_follows_the_history, folding_directory) {
  const auto models = load();
  BOOST_REQUIRE(models->folding);
  const std::string a(models->items[4]), b(models->items[7]), user((*models->users)[3]);
  const auto vector = vector_of(*models, user, {b, a});
  for (std::size_t k = 0; k < vector.size(); ++k)
    BOOST_CHECK_CLOSE(vector[k],
                      static_cast<float>(13 + 2 * k) / std::sqrt(2.0f) + 1000.0f * static_cast<float>(4 + k),
                      1e-4);
  check_equal(vector_of(*models, user, {a, "unheard of", b, a}), vector);
  const auto unknown = vector_of(*models, "nobody", {b, a});
  for (std::size_t k = 0; k < unknown.size(); ++k)
    BOOST_CHECK_CLOSE(unknown[k], static_cast<float>(13 + 2 * k) / std::sqrt(2.0f), 1e-4);
}

BOOST_FIXTURE_TEST_CASE(without_known_items_a_known_user_has_the_trained_vector, folding_directory) {
  const auto models = load();
  const std::string user((*models->users)[3]);
  std::vector<float> room(16);
  check_equal(vector_of(*models, user, {}), models->user_embedding(3, room));
  check_equal(vector_of(*models, user, {"unheard of"}), models->user_embedding(3, room));
  check_equal(vector_of(*models, "nobody", {"unheard of"}), std::vector<float>(16, 0.0f));
}

BOOST_FIXTURE_TEST_CASE(candidates_are_found_by_the_folded_in_vector, folding_directory) {
  const auto models = load();
  for (const auto& user : std::vector<std::string>{std::string((*models->users)[3]), "nobody"}) {
    const auto context = resolve_user(*models, user, std::vector<std::string>{std::string(models->items[4])});
    const auto* pointer = &context;
    cascade_scratch work;
    const auto list = generate_candidates(*models, {&pointer, 1}, 20, work).front();
    BOOST_CHECK(list.source == source_of(context));
    std::vector<float> vector(16);
    user_vector(*models, context, vector);
    for (const auto& entry : list.items)
      BOOST_CHECK_CLOSE(entry.score, models->item_embeddings.dot(entry.item, vector), 1e-3);
  }
}

BOOST_FIXTURE_TEST_CASE(rows_may_be_in_any_order, folding_directory) {
  const auto before = load();
  write_table("item_fold_in.csv", before->items.trained(), 1, true);
  write_table("user_fold_in.csv", *before->users, 1000, true);
  const auto after = load();
  for (const std::uint32_t user : {0U, 5U})
    check_equal(vector_of(*after, (*after->users)[user],
                          {std::string(after->items[9]), std::string(after->items[2])}),
                vector_of(*before, (*before->users)[user],
                          {std::string(before->items[9]), std::string(before->items[2])}));
}

BOOST_FIXTURE_TEST_CASE(the_version_covers_the_tables, folding_directory) {
  const auto before = load()->version;
  write_table("user_fold_in.csv", *load()->users, 1001, false);
  BOOST_CHECK_NE(load()->version, before);
}

BOOST_FIXTURE_TEST_CASE(one_table_without_the_other_is_refused, folding_directory) {
  std::filesystem::remove(path_of("user_fold_in.csv"));
  BOOST_CHECK_EQUAL(refusal(),
                    path_of("user_fold_in.csv").string() + ": expected beside item_fold_in.csv, got no file");
  std::filesystem::rename(path_of("item_fold_in.csv"), path_of("user_fold_in.csv"));
  BOOST_CHECK_EQUAL(refusal(),
                    path_of("item_fold_in.csv").string() + ": expected beside user_fold_in.csv, got no file");
}

BOOST_FIXTURE_TEST_CASE(tables_that_do_not_fit_are_refused, folding_directory) {
  const auto models = load();
  write_table("user_fold_in.csv", *models->users, 1, false, 15);
  BOOST_CHECK_EQUAL(refusal(), path_of("user_fold_in.csv").string() +
                                   ": expected rows as wide as the item embeddings (16), got 15");
  write_table("user_fold_in.csv", *models->users, 1, false);
  add_row("user_fold_in.csv");
  const auto users = std::to_string(models->users->size());
  BOOST_CHECK_EQUAL(refusal(), path_of("user_fold_in.csv").string() + ": expected " + users +
                                   " rows, one for each user with an embedding, got " +
                                   std::to_string(models->users->size() + 1));
  id_table fewer;
  for (std::size_t item = 1; item < models->items.size(); ++item)
    fewer.insert(models->items[item]);
  write_table("item_fold_in.csv", fewer, 1, false);
  BOOST_CHECK_EQUAL(refusal(), path_of("item_fold_in.csv").string() +
                                   ": expected a row for each item with an embedding, got none for \"" +
                                   std::string(models->items[0]) + "\"");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
