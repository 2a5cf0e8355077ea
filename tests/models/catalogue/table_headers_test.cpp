#include "models/catalogue/table_headers.hpp"

#include "tests/models/fixtures.hpp"
#include "tests/models/stage_directory.hpp"
#include "tests/support/files.hpp"

namespace winnow {

namespace {

std::string refusal(std::string_view items, std::string_view users) {
  const test::temporary_file item_file(items), user_file(users);
  const std::vector<embedding_file> files{{item_file.path(), embedding_file::of::items},
                                          {user_file.path(), embedding_file::of::users}};
  const auto checked = check_headers(files);
  return checked ? "" : checked.error().message.substr(checked.error().message.rfind('/') + 1);
}

} // namespace

BOOST_AUTO_TEST_SUITE(table_headers_suite)

BOOST_AUTO_TEST_CASE(headers_that_agree_or_name_nothing_alike_pass) {
  BOOST_TEST(refusal("item_id,emb_0,emb_1\n", "user_id,emb_0,emb_1\n") == "");
  BOOST_TEST(refusal("id,emb_0,emb_1\n", "id,x,y\n") == "");
  BOOST_TEST(refusal("item_id,0,1\n", ",user_id,0,1\n") == "");
}

BOOST_AUTO_TEST_CASE(columns_in_another_order_are_refused_with_the_first_that_differs) {
  const test::stage_directory shop;
  const auto file = shop.dir.path() / "lightgcn/item_embeddings.csv";
  std::string text = test::bytes_of(file);
  const std::string_view usual = "item_id,emb_0,emb_1,", other = "item_id,emb_1,emb_0,";
  BOOST_REQUIRE_EQUAL(text.substr(0, usual.size()), usual);
  text.replace(0, usual.size(), other);
  shop.write("lightgcn/item_embeddings.csv", text);
  const auto message = shop.refusal();
  BOOST_TEST(message.find("user_embeddings.csv:1: expected the columns in the order of ") !=
                 std::string::npos,
             message);
  BOOST_TEST(message.find("which has \"emb_1\" where this file has \"emb_0\"") != std::string::npos, message);
}

BOOST_AUTO_TEST_CASE(a_column_of_row_numbers_is_refused) {
  const std::string items = "item_id,index,emb_0\n", users = "user_id,index,emb_0\n";
  BOOST_TEST(refusal(items, users).find(":1: expected columns of embeddings, got the column index") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(files_in_each_others_place_are_refused) {
  const std::string items = "item_id,emb_0\n", users = "user_id,emb_0\n";
  BOOST_TEST(refusal(users, items).find(":1: expected the column item_id, got user_id") != std::string::npos);
  BOOST_TEST(refusal(items, items).find(":1: expected the column user_id, got item_id") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
