#include "actors/supervision/supervision_tree.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;

BOOST_AUTO_TEST_SUITE(supervision_tree_suite)

BOOST_AUTO_TEST_CASE(declares_only_some_groups_dispensable) {
  for (const auto& group : daemon_supervision().groups)
    for (const auto& child : group.children)
      BOOST_CHECK((child.policy.exhausted == when_exhausted::mark_down) ==
                  (group.name == "stages" || group.name == "learning" || group.name == "kafka" ||
                   group.name == "fleet" || group.name == "items"));
}

BOOST_AUTO_TEST_CASE(accepts_a_tree_that_names_each_declared_child_once) {
  supervision_tree tree;
  tree.groups = {{"first", {}, {{"a"}, {"b"}}}, {"second", {}, {{"c"}}}};
  BOOST_CHECK(check_children(tree, {"c", "b", "a"}));
}

BOOST_AUTO_TEST_CASE(refuses_a_tree_with_an_undeclared_repeated_or_missing_child) {
  supervision_tree tree;
  tree.groups = {{"first", {}, {{"a"}, {"b"}}}};
  const auto misspelt = check_children(tree, {"a", "B"});
  BOOST_REQUIRE(!misspelt);
  BOOST_CHECK_EQUAL(misspelt.error().message,
                    "the supervision tree's group first names b, which is not declared or is named twice");
  const auto forgotten = check_children(tree, {"a", "b", "c"});
  BOOST_REQUIRE(!forgotten);
  BOOST_CHECK_EQUAL(forgotten.error().message, "the supervision tree does not name c, which is declared");
  tree.groups.push_back({"second", {}, {{"a"}}});
  BOOST_CHECK(!check_children(tree, {"a", "b"}));
}

BOOST_AUTO_TEST_SUITE_END()
