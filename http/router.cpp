#include "http/router.hpp"

#include "http/percent_decoding.hpp"

#include <algorithm>
#include <stdexcept>

namespace winnow::http {

namespace {

[[noreturn]] void reject(const route& added, const std::string& why) {
  throw std::logic_error("route " + added.method + " " + added.pattern + ": " + why);
}

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

void check(const route& added) {
  if (added.pattern.empty() || added.pattern.front() != '/')
    reject(added, "the pattern must start with '/'");
  if (added.method.empty() || added.method == "HEAD" || added.method == "OPTIONS")
    reject(added, "the method must not be empty, HEAD or OPTIONS: the server answers the latter two itself");
  if (!added.handle)
    reject(added, "the handler is missing");
}

void document(route& added, const std::string& parameter) {
  const auto at = std::find_if(added.parameters.begin(), added.parameters.end(),
                               [&](const auto& doc) { return doc.in == "path" && doc.name == parameter; });
  if (at != added.parameters.end())
    at->required = true;
  else
    added.parameters.push_back({parameter, "path", "", R"({"type":"string"})", true});
}

} // namespace

void router::add(route added) {
  check(added);
  location& where = location_of(added.pattern);
  for (const std::size_t index : where.routes)
    if (routes_[index].method == added.method)
      reject(added, "already exists");
  for (const segment& part : where.segments)
    if (part.parameter)
      document(added, part.text);

  const auto allow = [&](std::string_view method) {
    where.allow += where.allow.empty() ? "" : ", ";
    where.allow += method;
  };
  if (where.routes.empty())
    allow("OPTIONS");
  allow(added.method);
  if (added.method == "GET")
    allow("HEAD");
  where.routes.push_back(routes_.size());
  routes_.push_back(std::move(added));
}

router::location& router::location_of(const std::string& pattern) {
  const auto same = std::find_if(locations_.begin(), locations_.end(),
                                 [&](const location& other) { return other.pattern == pattern; });
  if (same != locations_.end())
    return *same;

  location made;
  made.pattern = pattern;
  std::vector<std::string> texts;
  if (!split_path(pattern, texts))
    throw std::logic_error("route " + pattern + ": malformed percent-encoding");
  const std::string broken = "route " + pattern + ": a parameter must be a whole segment: ";
  for (std::string& text : texts) {
    const bool parameter = is_parameter(text);
    if (!parameter && text.find_first_of("{}") != std::string::npos)
      throw std::logic_error(broken + text);
    made.segments.push_back({parameter ? text.substr(1, text.size() - 2) : std::move(text), parameter});
  }
  // Sorted with literals before parameters, segment by segment, so that the first location that fits is the
  // right one.
  const auto before = [](const location& a, const location& b) {
    return std::lexicographical_compare(
        a.segments.begin(), a.segments.end(), b.segments.begin(), b.segments.end(),
        [](const segment& x, const segment& y) { return x.parameter < y.parameter; });
  };
  return *locations_.insert(std::upper_bound(locations_.begin(), locations_.end(), made, before),
                            std::move(made));
}

const router::location* router::find(const std::vector<std::string>& segments) const {
  const auto fits = [](const segment& part, const std::string& text) {
    return part.parameter ? !text.empty() : part.text == text;
  };
  for (const location& where : locations_)
    if (std::equal(where.segments.begin(), where.segments.end(), segments.begin(), segments.end(), fits))
      return &where;
  return nullptr;
}

route_match router::match(std::string_view method, std::string_view path) const {
  route_match match;
  std::vector<std::string> segments;
  if (!split_path(path, segments)) {
    match.what = route_match::outcome::bad_path;
    return match;
  }
  const location* where = find(segments);
  if (!where)
    return match;
  match.pattern = where->pattern;
  match.allow = where->allow;
  match.what = route_match::outcome::method_not_allowed;
  const std::string_view served = method == "HEAD" ? "GET" : method;
  for (const std::size_t index : where->routes)
    if (routes_[index].method == served) {
      match.what = route_match::outcome::found;
      match.found = &routes_[index];
    }
  if (match.found)
    for (std::size_t i = 0; i < segments.size(); ++i)
      if (where->segments[i].parameter)
        match.parameters.emplace_back(where->segments[i].text, std::move(segments[i]));
  return match;
}

} // namespace winnow::http
