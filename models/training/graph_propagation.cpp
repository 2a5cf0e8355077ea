#include "models/training/graph_propagation.hpp"

#include "models/training/networks/sparse_kernels.hpp"

namespace winnow {

namespace {

constexpr std::size_t parts_a_thread = 16;

void make_room(embedding_rows& rows, const embedding_rows& like) {
  if (rows.rows() != like.rows() || rows.width() != like.width())
    rows = embedding_rows(like.rows(), like.width());
}

} // namespace

graph_propagation::graph_propagation(const interaction_graph& graph, std::size_t layers, thread_team& team)
    : graph_(graph), layers_(layers), team_(team),
      parts_(graph.balanced_parts(parts_a_thread * team.size())) {}

void graph_propagation::source::gather(std::size_t node, const float* plus, float scale, float* out,
                                       std::size_t next) const {
  auto edges = graph_->row(node);
  if (next != node + 1)
    edges.following = 0;
  if (halves_)
    kernels::gather_row(edges, halves_, stride_, active_, plus, scale, out);
  else
    kernels::gather_row(edges, floats_, stride_, active_, plus, scale, out);
}

void graph_propagation::for_ranges(const std::function<void(std::size_t, std::size_t)>& work) {
  team_.run(parts_.size() - 1, [&](std::size_t part) { work(parts_[part], parts_[part + 1]); });
}

graph_propagation::source graph_propagation::rows_of(const embedding_rows& in,
                                                     const unsigned char* active) const {
  source made;
  made.graph_ = &graph_;
  made.stride_ = in.stride();
  made.active_ = active;
  made.floats_ = in.values().data();
  made.halves_ = nullptr;
  return made;
}

graph_propagation::source graph_propagation::halves_of(const embedding_rows& in,
                                                       const unsigned char* active) {
  auto made = rows_of(in, active);
  halves_[0].resize(in.values().size());
  made.floats_ = nullptr;
  made.halves_ = halves_[0].data();
  constexpr std::size_t grain = 256;
  team_.run_ranges(in.rows(), grain, [&](std::size_t first, std::size_t last) {
    for (auto node = first; node < last; ++node)
      if (!active || active[node])
        kernels::shorten(in.row(node), in.stride(), halves_[0].data() + node * in.stride());
  });
  return made;
}

void graph_propagation::multiply(const source& in, const embedding_rows& plus, embedding_rows& out) {
  for_ranges([&](std::size_t first, std::size_t last) {
    for (auto node = first; node < last; ++node)
      in.gather(node, plus.row(node), 1, out.row(node));
  });
}

void graph_propagation::multiply(const source& in, const embedding_rows& plus, aligned_shorts& out) {
  for_ranges([&](std::size_t first, std::size_t last) {
    aligned_floats row(plus.stride());
    for (auto node = first; node < last; ++node) {
      in.gather(node, plus.row(node), 1, row.data());
      kernels::shorten(row.data(), row.size(), out.data() + node * row.size());
    }
  });
}

graph_propagation::source graph_propagation::inner_halves(const embedding_rows& in,
                                                          const unsigned char* active) {
  auto from = halves_of(in, active);
  for (std::size_t layer = 1; layer < layers_; ++layer) {
    auto& to = halves_[layer % 2];
    to.resize(in.values().size());
    multiply(from, in, to);
    from.halves_ = to.data();
    from.active_ = nullptr;
  }
  return from;
}

const embedding_rows& graph_propagation::inner_rows(const embedding_rows& in, const unsigned char* active) {
  const auto* from = &in;
  for (std::size_t layer = 1; layer < layers_; ++layer) {
    auto& to = rows_[layer % 2];
    make_room(to, in);
    multiply(rows_of(*from, from == &in ? active : nullptr), in, to);
    from = &to;
  }
  return *from;
}

graph_propagation::source graph_propagation::inner(const embedding_rows& in, const unsigned char* active,
                                                   row_precision how) {
  if (how == row_precision::half)
    return inner_halves(in, active);
  const auto& rows = inner_rows(in, active);
  return rows_of(rows, &rows == &in ? active : nullptr);
}

void graph_propagation::mean_of_layers(const embedding_rows& in, embedding_rows& out) {
  if (layers_ == 0) {
    out = in;
    return;
  }
  make_room(out, in);
  embedding_rows between; // not a member: training in halves needs no other layers in single precision
  const auto* from = &in;
  for (std::size_t layer = 1; layer <= layers_; ++layer) {
    auto& to = (layers_ - layer) % 2 == 0 ? out : between;
    make_room(to, in);
    multiply(rows_of(*from, nullptr), in, to);
    from = &to;
  }
  for (auto& value : out.values())
    value /= static_cast<float>(layers_ + 1);
}

void graph_propagation::release() {
  for (auto& rows : rows_)
    rows = {};
  for (auto& halves : halves_)
    halves = {};
}

} // namespace winnow
