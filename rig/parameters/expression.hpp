// A formula in one variable x, as BPX files write them: "0.12 * exp(-3 * x) + tanh(x / 2) ** 2".
//
//   sum     = product { ("+" | "-") product }
//   product = factor { ("*" | "/") factor }
//   factor  = ("+" | "-") factor | power
//   power   = atom [ "**" factor ]                      binds to the right, before a sign on its left, as in Python
//   atom    = number | "x" | "(" sum ")" | name "(" sum ")"       name: exp, log, sqrt, tanh, sinh, cosh, abs
//
// Nothing else: no other name, no other call, no assignment, no loop. A formula is compiled to a list of operations and
// never executed by an interpreter of any language. Values come from models/math, so they have the same bits
// everywhere.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace packrig {

class Expression {
 public:
  // Throws BadInput showing the place in `text` and what is accepted there; also when it is longer than 4000
  // characters or nested deeper than 50 levels.
  explicit Expression(const std::string& text);

  // Not finite where the formula is not defined.
  double at(double x) const;
  bool constant() const;  // x does not occur

 private:
  friend class ExpressionParser;
  enum class Operation : std::uint8_t {
    number,
    variable,
    add,
    subtract,
    multiply,
    divide,
    power,
    negate,
    exp,
    log,
    sqrt,
    tanh,
    sinh,
    cosh,
    abs
  };
  struct Step {
    Operation operation;
    double number;
  };
  std::vector<Step> steps_;  // in reverse Polish order
};

}  // namespace packrig
