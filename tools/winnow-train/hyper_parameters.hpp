#pragma once

#include "models/training/din_fit.hpp"
#include "models/training/lightgcn_fit.hpp"
#include "models/training/ranknet_fit.hpp"

#include <nlohmann/json.hpp>

namespace winnow {

/// The hyper-parameters of a stage as `model.json` lists them. LightGCN's and DIN's also identify the run
/// that an interrupted stage may continue, so LightGCN's omit the number of epochs: a finished run can be
/// given more.
///
/// @param data The interactions, on which LightGCN's defaults depend.
nlohmann::ordered_json hyper_parameters_of(const lightgcn_fit_options& options,
                                           const interaction_split& data);
nlohmann::ordered_json hyper_parameters_of(const din_fit_options& options);

/// @param users Number of users that RankNet learned from.
nlohmann::ordered_json hyper_parameters_of(const ranknet_fit_options& options, std::size_t users);

} // namespace winnow
