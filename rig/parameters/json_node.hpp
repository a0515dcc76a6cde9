// A JSON value that knows its place in its file, so that every complaint names file, key, value and what is accepted.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "models/errors.hpp"

namespace packrig {

using Json = nlohmann::json;

struct Range {
  double low;
  double high;
};
// As JSON shows it.
inline std::string number_text(double value) {
  std::string text = Json(value).dump();
  return text == "null" ? "not a finite number" : text;
}

class Node {
 public:
  Node(const Json& value, std::string place) : value_(&value), place_(std::move(place)) {}

  // As the text of a BadInput: the place, what stands there, what is accepted.
  [[noreturn]] void refuse(const std::string& found, const std::string& accepted) const {
    throw BadInput(place_ + ": " + found + ", accepted: " + accepted);
  }

  Node at(const char* key) const {
    const auto found = value_->find(key);
    if (found == value_->end()) refuse("no key \"" + std::string(key) + "\"", "this key is required");
    return {*found, place_ + (nested_ ? "." : ": ") + key, true};
  }
  bool has(const char* key) const { return value_->contains(key); }
  bool is_text() const { return value_->is_string(); }
  bool is_object() const { return value_->is_object(); }

  const Node& with_keys(std::initializer_list<std::string_view> keys) const {
    if (!value_->is_object()) refuse(shortened(), "an object");
    for (const auto& [key, unused] : value_->items()) {
      if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
      std::string accepted;
      for (const std::string_view known : keys) accepted += (accepted.empty() ? "" : ", ") + std::string(known);
      refuse("unknown key \"" + key + "\"", accepted);
    }
    return *this;
  }

  std::string text() const {
    if (!value_->is_string()) refuse(shortened(), "a text");
    return value_->get<std::string>();
  }
  bool yes() const {
    if (!value_->is_boolean()) refuse(shortened(), "true or false");
    return value_->get<bool>();
  }
  double number(Range range) const {
    if (!value_->is_number()) refuse(shortened(), range_text(range));
    const double value = value_->get<double>();
    if (!(value >= range.low && value <= range.high)) refuse(number_text(value), range_text(range));
    return value;
  }
  std::vector<double> numbers(Range range) const {
    std::vector<double> result;
    for (std::size_t i = 0; i < elements(); ++i) result.push_back(element(i).number(range));
    return result;
  }
  std::vector<double> rising(Range range) const {
    const std::vector<double> result = numbers(range);
    if (result.empty()) refuse("no numbers", "one or more, rising");
    for (std::size_t i = 1; i < result.size(); ++i) {
      if (result[i] <= result[i - 1]) {
        element(i).refuse(number_text(result[i]), "above " + number_text(result[i - 1]) + ", the one before");
      }
    }
    return result;
  }
  // One row per temperature, one number per SoC, in one array row after row.
  std::vector<double> surface(std::size_t rows, std::size_t columns, Range range) const {
    if (elements() != rows)
      refuse(std::to_string(elements()) + " rows", std::to_string(rows) + ", one per temperature");
    std::vector<double> result;
    for (std::size_t i = 0; i < rows; ++i) {
      const std::vector<double> row = element(i).numbers(range);
      if (row.size() != columns) {
        element(i).refuse(std::to_string(row.size()) + " numbers", std::to_string(columns) + ", one per soc");
      }
      result.insert(result.end(), row.begin(), row.end());
    }
    return result;
  }

 private:
  Node(const Json& value, std::string place, bool nested) : value_(&value), place_(std::move(place)), nested_(nested) {}

  std::size_t elements() const {
    if (!value_->is_array()) refuse(shortened(), "a list");
    return value_->size();
  }
  Node element(std::size_t i) const { return {(*value_)[i], place_ + "[" + std::to_string(i) + "]", true}; }
  std::string shortened() const {
    const std::string text = value_->dump();
    return text.size() > 40 ? text.substr(0, 40) + "..." : text;
  }
  static std::string range_text(Range range) {
    return "a number from " + number_text(range.low) + " to " + number_text(range.high);
  }

  const Json* value_;
  std::string place_;
  bool nested_ = false;
};

// Throws BadInput when the file cannot be opened or is not JSON.
Json parse_json_file(const std::string& path);

}  // namespace packrig
