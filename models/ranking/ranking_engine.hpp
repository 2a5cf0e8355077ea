#pragma once

#include "config/error.hpp"
#include "models/checkpoint/checkpoint.hpp"
#include "models/ranking/din.hpp"

#include <gsl/span>
#include <memory>
#include <string>

namespace winnow {

/// The ranker of a checkpoint, computed by another engine in place of `din_model` or `ranknet_model` and by
/// the same definition. Immutable; any thread may score.
class engine_ranker {
public:
  virtual ~engine_ranker() = default;

  /// Like `din_model::score` and `ranknet_model::score`. Fails (`internal`) with the engine's message.
  virtual result<void> score(const feature_rows& features, gsl::span<const ranking_query> batch) const = 0;

protected:
  engine_ranker() = default;
  engine_ranker(const engine_ranker&) = default;
  engine_ranker& operator=(const engine_ranker&) = default;
};

/// The same for DIN.
class engine_din : public engine_ranker {
public:
  /// Like `din_model::attend`.
  virtual result<void> attend(const feature_rows& features, gsl::span<const std::uint32_t> candidates,
                              gsl::span<const std::uint32_t> history, gsl::span<float> weights) const = 0;
};

/// An alternative to the native engine of the rankers. It is in a separate module (see `load_engine_module`),
/// which uses only headers of Winnow.
class ranking_engine {
public:
  virtual ~ranking_engine() = default;

  /// Returns library, version and BLAS, for the log.
  virtual std::string computes_with() const = 0;

  /// @param file A checkpoint that `din_model` or `ranknet_model` accepts.
  virtual result<std::shared_ptr<const engine_din>> din(const checkpoint& file) const = 0;
  virtual result<std::shared_ptr<const engine_ranker>> ranknet(const checkpoint& file) const = 0;

protected:
  ranking_engine() = default;
  ranking_engine(const ranking_engine&) = default;
  ranking_engine& operator=(const ranking_engine&) = default;
};

} // namespace winnow
