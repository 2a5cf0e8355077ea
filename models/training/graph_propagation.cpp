#include "models/training/graph_propagation.hpp"

#include "models/training/networks/sparse_kernels.hpp"

namespace winnow {

namespace {

constexpr std::size_t parts_a_thread = 16;

} // namespace

graph_propagation::graph_propagation(const interaction_graph& graph, std::size_t width, std::size_t layers,
                                     thread_team& team)
    : graph_(graph), layers_(layers), team_(team), parts_(graph.balanced_parts(parts_a_thread * team.size())),
      even_(graph.nodes(), width), odd_(graph.nodes(), width) {}

void graph_propagation::source::gather(std::size_t node, const float* plus, float scale, float* out,
                                       std::size_t next) const {
  auto edges = graph_->row(node);
  if (next != node + 1)
    edges.following = 0;
  if (halves_)
    kernels::gather_row(edges, halves_, in_->stride(), active_, plus, scale, out);
  else
    kernels::gather_row(edges, in_->values().data(), in_->stride(), active_, plus, scale, out);
}

graph_propagation::source graph_propagation::prepare(const embedding_rows& in, const unsigned char* active,
                                                     row_precision how) {
  source made;
  made.graph_ = &graph_;
  made.in_ = &in;
  made.active_ = active;
  made.halves_ = nullptr;
  if (how == row_precision::single)
    return made;
  halves_.resize(in.values().size());
  made.halves_ = halves_.data();
  constexpr std::size_t grain = 256;
  team_.run_ranges(in.rows(), grain, [&](std::size_t first, std::size_t last) {
    for (auto node = first; node < last; ++node)
      if (!active || active[node])
        kernels::shorten(in.row(node), in.stride(), halves_.data() + node * in.stride());
  });
  return made;
}

void graph_propagation::for_ranges(const std::function<void(std::size_t, std::size_t)>& work) {
  team_.run(parts_.size() - 1, [&](std::size_t part) { work(parts_[part], parts_[part + 1]); });
}

void graph_propagation::multiply(const source& in, const embedding_rows& plus, embedding_rows& out) {
  for_ranges([&](std::size_t first, std::size_t last) {
    for (auto node = first; node < last; ++node)
      in.gather(node, plus.row(node), 1, out.row(node));
  });
}

const embedding_rows& graph_propagation::inner(const embedding_rows& in, const unsigned char* active,
                                               row_precision how) {
  const auto* from = &in;
  for (std::size_t layer = 1; layer < layers_; ++layer) {
    auto& to = layer % 2 == 0 ? even_ : odd_;
    multiply(prepare(*from, from == &in ? active : nullptr, how), in, to);
    from = &to;
  }
  return *from;
}

embedding_rows graph_propagation::mean_of_layers(const embedding_rows& in) {
  if (layers_ == 0)
    return in;
  embedding_rows out(in.rows(), in.width());
  multiply(prepare(inner(in, nullptr, row_precision::single), nullptr, row_precision::single), in, out);
  for (auto& value : out.values())
    value /= static_cast<float>(layers_ + 1);
  return out;
}

} // namespace winnow
