#include "models/checkpoint/parameter_names.hpp"

#include "tests/models/fixtures.hpp"

namespace winnow {

namespace {

using names = std::vector<std::string>;

void check(const names& saved, const names& expected) {
  BOOST_TEST(test::need(plain_names(saved)) == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(parameter_names_suite)

BOOST_AUTO_TEST_CASE(strips_wrappers_in_any_order_and_depth) {
  check({"_orig_mod.module.mlp.0.weight"}, {"mlp.0.weight"});
  check({"module.module._orig_mod.module.0.weight"}, {"0.weight"});
  check({"mlp._orig_mod.0.weight", "mlp.1.bias"}, {"mlp.0.weight", "mlp.1.bias"});
  check({"_fsdp_wrapped_module.attention._fsdp_wrapped_module.w_query.weight"}, {"attention.w_query.weight"});
  check({"module.mlp.0.weight", "module._extra_state", "_extra_state"}, {"mlp.0.weight", "", ""});
  check({"module.mlp.0.weight", "n_averaged"}, {"mlp.0.weight", "n_averaged"});
}

BOOST_AUTO_TEST_CASE(keeps_a_part_called_module_if_names_would_be_equal) {
  check({"module.w", "w"}, {"module.w", "w"});
}

BOOST_AUTO_TEST_CASE(strips_the_prefix_that_all_parts_of_a_model_have) {
  check({"model.item_embedding.weight", "model.mlp.0.weight", "loss.pos_weight"},
        {"item_embedding.weight", "mlp.0.weight", ""});
  check({"a.b.c.mlp.0.weight", "a.b.c.output_layer.bias"}, {"mlp.0.weight", "output_layer.bias"});
  check({"attention.mlp.weight"}, {"attention.mlp.weight"});
  check({"encoder.item_embedding.weight", "mlp.0.weight"}, {"encoder.item_embedding.weight", "mlp.0.weight"});
  check({"0.weight", "1.weight"}, {"0.weight", "1.weight"});
  check({}, {});
}

BOOST_AUTO_TEST_CASE(leaves_out_losses_and_metrics_and_nothing_else) {
  check({"mlp.0.weight", "criterion.pos_weight", "train_metrics.sum", "pos_weight", "best_loss"},
        {"mlp.0.weight", "", "", "", ""});
  check({"model.mlp.0.weight", "model.bce_loss.weight", "loss.mlp.0.weight"}, {"mlp.0.weight", "", ""});
  check({"loss.mlp.0.weight", "loss.mlp.0.bias"}, {"mlp.0.weight", "mlp.0.bias"});
  check({"mlp.0.weight", "gloss.weight", "norm.weight", "mlp.loss.weight", "n_averaged"},
        {"mlp.0.weight", "gloss.weight", "norm.weight", "mlp.loss.weight", "n_averaged"});
  check({"loss.weight", "0.weight"}, {"loss.weight", "0.weight"}); // no model that is known
}

BOOST_AUTO_TEST_CASE(knows_the_tensors_of_a_model) {
  for (const char* name : {"mlp.0.weight", "module.attention.w_query.weight", "model.output_layer.bias"})
    BOOST_TEST(is_in_model_part(name), name);
  for (const char* name : {"0.weight", "pos", "attention", "my_mlp.0.weight", ""})
    BOOST_TEST(!is_in_model_part(name), name);
}

BOOST_AUTO_TEST_CASE(refuses_two_models_and_equal_names) {
  BOOST_TEST(plain_names({"a.mlp.0.weight", "b.mlp.0.weight"}).error().message ==
             "more than one model: the names begin with a. and with b.");
  BOOST_TEST(plain_names({"_orig_mod.w", "w"}).error().message == "tensor w occurs twice");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
