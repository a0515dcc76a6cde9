#include "rig/parameters/expression.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "models/errors.hpp"
#include "models/math/elementary.hpp"

namespace packrig {

namespace {

constexpr std::size_t longest_text = 4000;
constexpr int deepest_level = 50;

// A whole exponent by repeated squaring, which is also defined for a negative base.
double power(double base, double exponent) {
  if (exponent == std::floor(exponent) && std::fabs(exponent) <= 64.0) {
    double result = 1.0;
    double factor = base;
    for (auto left = static_cast<int>(std::fabs(exponent)); left > 0; left /= 2) {
      if (left % 2 == 1) result *= factor;
      factor *= factor;
    }
    return exponent < 0.0 ? 1.0 / result : result;
  }
  return base == 0.0 && exponent > 0.0 ? 0.0 : math::exp(exponent * math::log(base));
}

}  // namespace

class ExpressionParser {
 public:
  ExpressionParser(const std::string& text, std::vector<Expression::Step>& steps) : text_(text), steps_(steps) {}

  void parse() {
    if (text_.size() > longest_text) refuse("at most " + std::to_string(longest_text) + " characters");
    sum();
    skip_blanks();
    if (at_ != text_.size()) refuse("an operator (+ - * / **) or the end");
  }

 private:
  using Operation = Expression::Operation;

  [[noreturn]] void refuse(const std::string& accepted) const {
    const std::string found = at_ < text_.size() ? "'" + text_.substr(at_, 20) + "'" : "the end";
    throw BadInput("expression, character " + std::to_string(at_ + 1) + ": " + found + ", accepted: " + accepted);
  }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
  }
  bool take(const char* token) {
    skip_blanks();
    const std::string_view wanted(token);
    if (text_.compare(at_, wanted.size(), wanted) != 0) return false;
    if (wanted == "*" && text_.compare(at_, 2, "**") == 0) return false;
    at_ += wanted.size();
    return true;
  }
  void emit(Operation operation, double number = 0.0) { steps_.push_back({operation, number}); }

  void sum() {
    product();
    for (;;) {
      if (take("+")) {
        product();
        emit(Operation::add);
      } else if (take("-")) {
        product();
        emit(Operation::subtract);
      } else {
        return;
      }
    }
  }
  void product() {
    factor();
    for (;;) {
      if (take("*")) {
        factor();
        emit(Operation::multiply);
      } else if (take("/")) {
        factor();
        emit(Operation::divide);
      } else {
        return;
      }
    }
  }
  void factor() {
    if (++level_ > deepest_level) refuse("at most " + std::to_string(deepest_level) + " levels");
    if (take("-")) {
      factor();
      emit(Operation::negate);
    } else if (take("+")) {
      factor();
    } else {
      atom();
      if (take("**")) {
        factor();
        emit(Operation::power);
      }
    }
    --level_;
  }
  void atom() {
    skip_blanks();
    if (take("(")) {
      sum();
      if (!take(")")) refuse("')'");
      return;
    }
    const char next = at_ < text_.size() ? text_[at_] : '\0';
    if ((next >= '0' && next <= '9') || next == '.') return number();
    const std::size_t start = at_;
    std::size_t end = at_;
    while (end < text_.size() &&
           ((text_[end] >= 'a' && text_[end] <= 'z') || (text_[end] >= 'A' && text_[end] <= 'Z') || text_[end] == '_' ||
            (text_[end] >= '0' && text_[end] <= '9'))) {
      ++end;
    }
    const std::string name = text_.substr(start, end - start);
    if (name == "x") {
      at_ = end;
      return emit(Operation::variable);
    }
    constexpr std::array<std::pair<const char*, Operation>, 7> functions{{{"exp", Operation::exp},
                                                                          {"log", Operation::log},
                                                                          {"sqrt", Operation::sqrt},
                                                                          {"tanh", Operation::tanh},
                                                                          {"sinh", Operation::sinh},
                                                                          {"cosh", Operation::cosh},
                                                                          {"abs", Operation::abs}}};
    for (const auto& [known, operation] : functions) {
      if (name != known) continue;
      at_ = end;
      if (!take("(")) refuse("'('");
      sum();
      if (!take(")")) refuse("')'");
      return emit(operation);
    }
    refuse("a number, x, '(' or one of exp, log, sqrt, tanh, sinh, cosh, abs");
  }
  void number() {
    double value = 0.0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc{} || !std::isfinite(value)) refuse("a finite number");
    at_ = static_cast<std::size_t>(end - text_.data());
    emit(Operation::number, value);
  }

  const std::string& text_;
  std::vector<Expression::Step>& steps_;
  std::size_t at_ = 0;
  int level_ = 0;
};

Expression::Expression(const std::string& text) { ExpressionParser(text, steps_).parse(); }

bool Expression::constant() const {
  return std::none_of(steps_.begin(), steps_.end(), [](const Step& s) { return s.operation == Operation::variable; });
}

double Expression::at(double x) const {
  std::vector<double> stack;
  const auto pop = [&stack] {
    const double value = stack.back();
    stack.pop_back();
    return value;
  };
  for (const Step& step : steps_) {
    switch (step.operation) {
      case Operation::number:
        stack.push_back(step.number);
        continue;
      case Operation::variable:
        stack.push_back(x);
        continue;
      default:
        break;
    }
    const double last = pop();
    switch (step.operation) {
      case Operation::add:
        stack.push_back(pop() + last);
        break;
      case Operation::subtract:
        stack.push_back(pop() - last);
        break;
      case Operation::multiply:
        stack.push_back(pop() * last);
        break;
      case Operation::divide:
        stack.push_back(pop() / last);
        break;
      case Operation::power:
        stack.push_back(power(pop(), last));
        break;
      case Operation::negate:
        stack.push_back(-last);
        break;
      case Operation::exp:
        stack.push_back(math::exp(last));
        break;
      case Operation::log:
        stack.push_back(math::log(last));
        break;
      case Operation::sqrt:
        stack.push_back(std::sqrt(last));
        break;
      case Operation::tanh:
        stack.push_back(math::tanh(last));
        break;
      case Operation::sinh:
        stack.push_back(0.5 * (math::expm1(last) - math::expm1(-last)));
        break;
      case Operation::cosh:
        stack.push_back(0.5 * (math::exp(last) + math::exp(-last)));
        break;
      default:
        stack.push_back(std::fabs(last));
        break;
    }
  }
  return stack.back();
}

}  // namespace packrig
