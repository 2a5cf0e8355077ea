#include "config/settings/table/setting_kinds.hpp"
#include "config/settings/table/setting_table_parts.hpp"

namespace winnow {

using namespace setting_kinds;
using namespace std::chrono_literals;

std::vector<setting> models_setting_table() {
  constexpr std::string_view group = "Models";
  const auto in = [](auto member) { return at(&settings::models, member); };
  return {
      named("MODEL_DIR",
            text({"model-dir", group, "DIRECTORY", "Directory of the models"}, in(&model_settings::dir))),
      optional_text({"item-features", group, "FILE",
                     "Item features; empty: item_features.csv in the model directory, if it exists"},
                    in(&model_settings::item_features)),
      optional_text(
          {"interactions", group, "FILE",
           "Interactions to count popularity from; empty: lightgcn_data.csv in the model directory"},
          in(&model_settings::interactions)),
      choice({"model-cache", group, "true|false",
              "Cache large parsed tables in .winnow-cache in the model directory"},
             "true or false", in(&model_settings::cache)),
      on_off({"model-lock",
              group,
              {},
              "Keep the cached tables in memory, so that no request waits for the disk"},
             in(&model_settings::lock)),
      choice({"model-precision", group, "PRECISION",
              "Precision of the users' tables; half takes half of the memory"},
             "single or half", in(&model_settings::precision)),
      choice({"engine", group, "ENGINE",
              "What computes DIN and RankNet; torch is the slow reference and needs LibTorch"},
             "native or torch", in(&model_settings::engine)),
      optional_text({"deny-items", group, "FILE",
                     "Ids of items that no list may have, one a line; read again when it changes"},
                    in(&model_settings::deny_items)),
      optional_text(
          {"item-updates", group, "FILE",
           "File that keeps what PUT /items says; empty: .winnow-live/items in the model directory"},
          in(&model_settings::item_updates)),
      number({"approximate-from", group, "ITEMS",
              "From this many items on, an index finds nearly all of the best candidates; 0: never"},
             0u, 4'000'000'000u, in(&model_settings::approximate_from)),
      number({"models-in-memory", group, "COUNT",
              "Published versions that stay in memory, the one in force among them, to go back to at once"},
             1u, 100u, in(&model_settings::in_memory)),
      optional_text({"rules", group, "FILE", "Rules of the shop for lists and placements; empty: none"},
                    in(&model_settings::rules)),
  };
}

std::vector<setting> gate_setting_table() {
  constexpr std::string_view group = "Gate";
  const auto in = [](auto member) { return at(&settings::gate, member); };
  return {
      number({"gate-profiles", group, "COUNT",
              "Recent profiles with which a published version is compared before it is promoted; 0: no gate"},
             0u, 1'000'000u, in(&gate_settings::profiles)),
      fraction({"gate-overlap", group, "SHARE",
                "Least mean share of the first 20 items that it has in common with the version in force"},
               in(&gate_settings::least_overlap)),
      fraction({"gate-hits", group, "RATIO", "Least number of newest items found, relative to that version"},
               in(&gate_settings::least_hits)),
      fraction({"gate-coverage", group, "RATIO", "Least number of different items, likewise"},
               in(&gate_settings::least_coverage)),
      fraction({"gate-short", group, "SHARE",
                "Most lists that are short or popular items alone, more than that version has; 0: any"},
               in(&gate_settings::most_short)),
      factor({"gate-time", group, "RATIO", "Most computing time, relative to that version; 0: any"},
             in(&gate_settings::most_time)),
      factor({"gate-shift", group, "INDEX",
              "Most population stability index of the final scores; 0: any, as trainings need not share a "
              "scale"},
             in(&gate_settings::most_shift)),
  };
}

std::vector<setting> cascade_setting_table() {
  constexpr std::string_view group = "Cascade";
  const auto in = [](auto member) { return at(&settings::cascade, member); };
  constexpr cascade_widths fallback;
  return {
      width({"candidates", group, "COUNT",
             "Items that LightGCN proposes; unset: the value in model.json, if any"},
            fallback.candidates, in(&cascade_settings::candidates)),
      width({"din-keep", group, "COUNT", "How many of those DIN keeps; unset: likewise"}, fallback.din_keep,
            in(&cascade_settings::din_keep)),
      width({"ranknet-keep", group, "COUNT",
             "How many of those RankNet keeps, which is the list; unset: likewise"},
            fallback.ranknet_keep, in(&cascade_settings::ranknet_keep)),
  };
}

} // namespace winnow
