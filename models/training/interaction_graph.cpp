#include "models/training/interaction_graph.hpp"

#include <cmath>

namespace winnow {

interaction_graph build_graph(const item_lists& train, std::size_t users, std::size_t items) {
  interaction_graph graph;
  graph.users = users;
  graph.items = items;
  graph.offsets.assign(graph.nodes() + 1, 0);
  for (std::size_t user = 0; user < users; ++user)
    for (const auto item : train.of(user)) {
      ++graph.offsets[user + 1];
      ++graph.offsets[users + item + 1];
    }
  for (std::size_t node = 0; node < graph.nodes(); ++node)
    graph.offsets[node + 1] += graph.offsets[node];

  const auto degree = [&](std::size_t node) {
    return static_cast<double>(graph.offsets[node + 1] - graph.offsets[node]);
  };
  graph.neighbours.resize(graph.offsets.back());
  graph.weights.resize(graph.offsets.back());
  auto next = graph.offsets;
  const auto add = [&](std::size_t from, std::size_t to) {
    const auto edge = next[from]++;
    graph.neighbours[edge] = static_cast<std::uint32_t>(to);
    graph.weights[edge] = static_cast<float>(1 / std::sqrt(degree(from) * degree(to)));
  };
  for (std::size_t user = 0; user < users; ++user)
    for (const auto item : train.of(user)) {
      add(user, users + item);
      add(users + item, user);
    }
  return graph;
}

kernels::sparse_row interaction_graph::row(std::size_t node) const noexcept {
  const auto begin = offsets[node], end = offsets[node + 1];
  return {neighbours.data() + begin, weights.data() + begin, end - begin, neighbours.size() - end};
}

std::vector<std::size_t> interaction_graph::balanced_parts(std::size_t parts) const {
  // The cost of a row is its edges, plus about two more for the work on its sum.
  const auto cost = [&](std::size_t node) { return offsets[node] + 2 * node; };
  std::vector<std::size_t> bounds = {0};
  for (std::size_t node = 1; node < nodes(); ++node)
    if (cost(node) * parts >= cost(nodes()) * bounds.size() && bounds.size() < parts)
      bounds.push_back(node);
  bounds.push_back(nodes());
  return bounds;
}

} // namespace winnow
