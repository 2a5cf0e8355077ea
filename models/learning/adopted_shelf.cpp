#include "models/learning/adopted_shelf.hpp"

#include "models/cascade.hpp"
#include "models/catalogue/float_table.hpp"
#include "models/kernels/sum_of_squares.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

constexpr std::size_t count_classes = 32; // more often than 2^31 times no item is taken

std::size_t count_class(std::uint64_t taken) {
  std::size_t at = 0;
  for (auto left = taken + 1; left > 1 && at + 1 < count_classes; left /= 2)
    ++at;
  return at;
}

/// Returns the mean length of the embeddings of each class of items; classes without items have the length of
/// the nearest class of rarer ones.
std::vector<float> lengths_by_count(const model_set& models) {
  std::vector<double> sums(count_classes), sizes(count_classes);
  for (std::uint32_t item = 0; item < models.items.trained().size(); ++item) {
    const auto at = count_class((*models.item_counts)[item]);
    sums[at] += std::sqrt(sum_of_squares(models.item_embeddings.row(item)));
    sizes[at] += 1;
  }
  std::vector<float> lengths(count_classes);
  const auto rarest = std::find_if(sizes.begin(), sizes.end(), [](double size) { return size > 0; });
  auto length =
      rarest == sizes.end() ? 0.0 : sums[static_cast<std::size_t>(rarest - sizes.begin())] / *rarest;
  for (std::size_t at = 0; at < count_classes; ++at) {
    if (sizes[at] > 0)
      length = sums[at] / sizes[at];
    lengths[at] = static_cast<float>(length);
  }
  return lengths;
}

/// Adds `factor` times the vector, scaled to unit length; nothing if it is zero.
void add_unit(gsl::span<const float> vector, float factor, std::vector<float>& sum) {
  const double squares = sum_of_squares(vector);
  if (!(squares > 0) || !std::isfinite(squares))
    return;
  const auto scale = static_cast<float>(factor / std::sqrt(squares));
  for (std::size_t k = 0; k < sum.size(); ++k)
    sum[k] += scale * vector[k];
}

/// Whether the file's columns that the rankers take are where they were when the models were loaded.
result<void> check_columns(const feature_plan& plan, const std::vector<std::string>& names) {
  for (const auto* columns : {&plan.din, &plan.ranknet})
    for (const auto& column : columns->of_file) {
      const auto& expected = plan.file_names[column.from];
      const auto found = column.from < names.size() ? '"' + names[column.from] + '"' : "none";
      if (found != '"' + expected + '"')
        return fail(fault::malformed, plan.file.string() + ":1: expected \"" + expected + "\" as feature " +
                                          std::to_string(column.from + 1) +
                                          ", as when the models were loaded, got " + found);
    }
  return {};
}

void add_row(const feature_table& table, std::uint32_t item, float factor, std::vector<float>& sum) {
  const float* const row = table.row(item);
  for (std::size_t k = 0; k < sum.size(); ++k)
    sum[k] += factor * row[k];
}

} // namespace

adopted_shelf::adopted_shelf(model_set_ptr models)
    : models_(std::move(models)), lengths_(lengths_by_count(*models_)) {}

std::uint32_t adopted_shelf::add(std::string_view item_id) {
  outdated_ = true;
  items_.push_back(empty_item());
  return ids_.insert(item_id).first;
}

adopted_shelf::item adopted_shelf::empty_item() const {
  item fresh;
  fresh.neighbours.resize(models_->item_embeddings.width());
  fresh.readers.resize(models_->item_embeddings.width());
  fresh.din_sum.resize(models_->din_features->width);
  fresh.ranknet_sum.resize(models_->ranknet_features->width);
  return fresh;
}

void adopted_shelf::note(std::uint32_t place, const item_event& event, gsl::span<const float> weights) {
  item& of = items_[place];
  user_context reader;
  reader.user = event.row;
  for (std::size_t gap = 0; gap < event.before.size(); ++gap) {
    const auto neighbour = event.before[gap];
    if (neighbour >= models_->items.trained().size())
      continue; // unknown, or adopted itself
    reader.history.insert(reader.history.begin(), neighbour);
    reader.excluded.push_back(neighbour);
    if (gap < weights.size())
      add_neighbour(of, neighbour, weights[gap]);
  }
  std::sort(reader.excluded.begin(), reader.excluded.end());
  reader.excluded.erase(std::unique(reader.excluded.begin(), reader.excluded.end()), reader.excluded.end());
  std::vector<float> vector(models_->item_embeddings.width());
  user_vector(*models_, reader, vector);
  add_unit(vector, 1, of.readers);
  ++of.taken;
  if (of.taken > of.taken_at_build + of.taken_at_build / 4)
    outdated_ = true;
}

void adopted_shelf::add_neighbour(item& of, std::uint32_t neighbour, float weight) {
  add_unit(models_->item_embeddings.row(neighbour), weight, of.neighbours);
  add_row(*models_->din_features, neighbour, weight, of.din_sum);
  add_row(*models_->ranknet_features, neighbour, weight, of.ranknet_sum);
  of.weight += weight;
}

float adopted_shelf::usual_length(std::uint32_t taken) const {
  return lengths_[count_class(taken)];
}

void adopted_shelf::write_embedding(const item& of, gsl::span<float> out) const {
  std::vector<float> direction(out.size()), sum(out.size());
  add_unit(of.neighbours, 1, direction);
  add_unit(of.readers, 1, direction);
  add_unit(direction, usual_length(of.taken), sum);
  std::copy(sum.begin(), sum.end(), out.begin());
}

void adopted_shelf::write_features(const item& of, const column_selection& columns,
                                   const std::vector<float>& sum, gsl::span<const float> embedding,
                                   gsl::span<float> out) const {
  for (std::size_t k = 0; k < out.size(); ++k)
    out[k] = of.weight > 0 ? sum[k] / of.weight : 0.0f;
  for (const auto& column : columns.of_embeddings)
    out[column.to] = embedding[column.from];
  if (!of.file_row.empty())
    for (const auto& column : columns.of_file)
      out[column.to] = of.file_row[column.from];
}

std::shared_ptr<const adopted_items> adopted_shelf::build() {
  const auto table_of = [&](std::size_t width) {
    return std::make_shared<feature_table>(feature_table{width, std::vector<float>(items_.size() * width)});
  };
  const auto row_of = [](feature_table& table, std::size_t at) {
    return gsl::span<float>(table.values.own().data() + at * table.width, table.width);
  };
  const auto embeddings = table_of(models_->item_embeddings.width());
  const auto din = table_of(models_->din_features->width);
  const auto ranknet = table_of(models_->ranknet_features->width);
  auto built = std::make_shared<adopted_items>();
  for (std::size_t at = 0; at < items_.size(); ++at) {
    auto& of = items_[at];
    const auto embedding = row_of(*embeddings, at);
    write_embedding(of, embedding);
    write_features(of, models_->features->din, of.din_sum, embedding, row_of(*din, at));
    write_features(of, models_->features->ranknet, of.ranknet_sum, embedding, row_of(*ranknet, at));
    const double squares = sum_of_squares(embedding);
    built->inverse_norms.push_back(squares > 0 ? static_cast<float>(1 / std::sqrt(squares)) : 0.0f);
    of.taken_at_build = of.taken;
  }
  built->ids = std::make_shared<const id_table>(ids_);
  built->embeddings = embedding_table(embeddings);
  built->din_features = din;
  built->ranknet_features = ranknet;
  outdated_ = false;
  return built;
}

result<void> adopted_shelf::read_features() {
  const auto& file = models_->features->file;
  if (file.empty() || items_.empty())
    return {};
  const auto stamp = stamp_of(file);
  if (!stamp || (read_stamp_ && *stamp == *read_stamp_ && read_for_ == items_.size()))
    return {};
  auto reader = float_table_reader::open(file);
  if (!reader)
    return tl::unexpected(reader.error());
  if (auto fits = check_columns(*models_->features, reader->columns()); !fits)
    return fits;
  std::vector<float> row(reader->width());
  std::vector<std::pair<std::uint32_t, std::vector<float>>> found;
  while (true) {
    const auto more = reader->next(row);
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      break;
    if (const auto place = ids_.find(reader->id()); place && items_[*place].file_row != row)
      found.emplace_back(*place, row);
  }
  for (auto& [place, values] : found)
    items_[place].file_row = std::move(values);
  outdated_ = outdated_ || !found.empty();
  read_stamp_ = stamp;
  read_for_ = items_.size();
  return {};
}

} // namespace winnow
