#include "models/training/warm_start/earlier_embeddings.hpp"

#include "models/catalogue/float_table.hpp"
#include "models/checkpoint/checkpoint.hpp"
#include "models/training/interaction_graph.hpp"

#include <algorithm>

namespace winnow {

namespace {

result<id_table> ids_of(const std::filesystem::path& file) {
  auto reader = float_table_reader::open(file);
  if (!reader)
    return tl::unexpected(reader.error());
  id_table ids;
  std::vector<float> row(reader->width());
  for (;;) {
    const auto more = reader->next(row);
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      return ids;
    ids.insert(reader->id());
  }
}

result<std::vector<float>> rows_of(const checkpoint& from, const char* name, std::size_t rows,
                                   std::size_t& width) {
  const auto* tensor = from.find(name);
  if (tensor == nullptr || tensor->shape.size() != 2 || tensor->shape[1] <= 0)
    return fail(fault::unsupported, from.file() + ": expected the table " + name);
  const auto columns = static_cast<std::size_t>(tensor->shape[1]);
  if (width == 0)
    width = columns;
  if (columns != width || static_cast<std::size_t>(tensor->shape[0]) != rows)
    return fail(fault::malformed, from.file() + ": " + name + ": expected " + std::to_string(rows) +
                                      " rows of " + std::to_string(width) + " numbers, got " +
                                      std::to_string(tensor->shape[0]) + " of " + std::to_string(columns));
  return tensor->values;
}

/// Fills in the rows of new nodes, one side of the graph at a time.
class neighbour_filler {
public:
  neighbour_filler(const interaction_graph& graph, embedding_rows& rows, std::vector<bool> known)
      : graph_(graph), rows_(rows), known_(std::move(known)), sum_(rows.width()) {}

  void fill(std::size_t first, std::size_t last) {
    const auto multiple = fitted(first, last);
    std::vector<std::size_t> filled;
    for (auto node = first; node < last; ++node) {
      if (known_[node] || !add_up(node))
        continue;
      for (std::size_t k = 0; k < sum_.size(); ++k)
        rows_.row(node)[k] = static_cast<float>(multiple * sum_[k]);
      filled.push_back(node);
    }
    for (const auto node : filled)
      known_[node] = true;
  }

private:
  /// Sums the neighbours of a node up. @return Whether one of them is known.
  bool add_up(std::size_t node) {
    std::fill(sum_.begin(), sum_.end(), 0.0);
    bool any = false;
    for (auto edge = graph_.offsets[node]; edge < graph_.offsets[node + 1]; ++edge) {
      const auto other = graph_.neighbours[edge];
      if (!known_[other])
        continue;
      any = true;
      for (std::size_t k = 0; k < sum_.size(); ++k)
        sum_[k] += static_cast<double>(graph_.weights[edge]) * static_cast<double>(rows_.row(other)[k]);
    }
    return any;
  }

  double fitted(std::size_t first, std::size_t last) {
    double products = 0, squares = 0;
    for (auto node = first; node < last; ++node)
      if (known_[node] && add_up(node))
        for (std::size_t k = 0; k < sum_.size(); ++k) {
          products += sum_[k] * static_cast<double>(rows_.row(node)[k]);
          squares += sum_[k] * sum_[k];
        }
    return squares > 0 ? products / squares : 0;
  }

  const interaction_graph& graph_;
  embedding_rows& rows_;
  std::vector<bool> known_; ///< By node.
  std::vector<double> sum_;
};

} // namespace

result<earlier_embeddings> load_earlier_embeddings(const std::filesystem::path& model_directory) {
  const auto folder = model_directory / "lightgcn";
  const auto trained = load_checkpoint(folder / "best_model.pth");
  if (!trained)
    return tl::unexpected(trained.error());
  earlier_embeddings read;
  for (const auto& [file, name, ids, rows] :
       {std::tuple{"user_embeddings.csv", "embedding_user.weight", &read.users, &read.user_rows},
        {"item_embeddings.csv", "embedding_item.weight", &read.items, &read.item_rows}}) {
    auto found = ids_of(folder / file);
    if (!found)
      return tl::unexpected(found.error());
    *ids = std::move(*found);
    auto values = rows_of(*trained, name, ids->size(), read.width);
    if (!values)
      return tl::unexpected(values.error());
    *rows = std::move(*values);
  }
  return read;
}

warm_embeddings continue_embeddings(const earlier_embeddings& earlier, const id_table& users,
                                    const id_table& items, const item_lists& train) {
  const auto graph = build_graph(train, users.size(), items.size());
  warm_embeddings made;
  made.rows = embedding_rows(graph.nodes(), earlier.width);
  std::vector<bool> known(graph.nodes(), false);
  const auto take_over = [&](const id_table& ids, std::size_t first, const id_table& old_ids,
                             const std::vector<float>& old_rows) {
    std::size_t fresh = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto old = old_ids.find(ids[i]);
      known[first + i] = old.has_value();
      if (old)
        std::copy_n(old_rows.data() + *old * earlier.width, earlier.width, made.rows.row(first + i));
      else
        ++fresh;
    }
    return fresh;
  };
  made.new_users = take_over(users, 0, earlier.users, earlier.user_rows);
  made.new_items = take_over(items, users.size(), earlier.items, earlier.item_rows);
  neighbour_filler filler(graph, made.rows, std::move(known));
  filler.fill(graph.users, graph.nodes()); // new items of known users
  filler.fill(0, graph.users);
  filler.fill(graph.users, graph.nodes()); // items that only new users took
  return made;
}

} // namespace winnow
