#include "rig/parameters/expression.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "models/errors.hpp"

namespace packrig {
namespace {

double value(const std::string& text, double x = 0.0) { return Expression(text).at(x); }

// Expectations as Python gives them.
TEST(Expression, BindsAsPythonDoes) {
  EXPECT_EQ(value("1 + 2 * 3"), 7.0);
  EXPECT_EQ(value("(1 + 2) * 3"), 9.0);
  EXPECT_EQ(value("8 / 4 / 2"), 1.0);
  EXPECT_EQ(value("5 - 3 - 1"), 1.0);
  EXPECT_EQ(value("-2 ** 2"), -4.0);
  EXPECT_EQ(value("2 ** -1"), 0.5);
  EXPECT_EQ(value("2 ** 3 ** 2"), 512.0);
  EXPECT_EQ(value("(-2) ** 3"), -8.0);
  EXPECT_EQ(value("--3"), 3.0);
  EXPECT_EQ(value("-x * x", 3.0), -9.0);
  EXPECT_EQ(value(" 1.5e-2\t+ .5 "), 0.515);
}

TEST(Expression, KnowsItsFunctions) {
  EXPECT_NEAR(value("exp(x)", 1.25), std::exp(1.25), 1e-14);
  EXPECT_NEAR(value("log(x)", 1.25), std::log(1.25), 1e-15);
  EXPECT_NEAR(value("tanh(-59.33067782 * (x - 0.99784492))", 0.98), std::tanh(-59.33067782 * (0.98 - 0.99784492)),
              1e-15);
  EXPECT_NEAR(value("sinh(x) + cosh(x)", 0.7), std::exp(0.7), 1e-15);
  EXPECT_NEAR(value("sqrt(abs(x))", -6.25), 2.5, 1e-15);
  EXPECT_NEAR(value("(x / 1000) ** 1.5", 700.0), std::pow(0.7, 1.5), 1e-15);
  EXPECT_EQ(value("0 ** 1.5"), 0.0);
  EXPECT_FALSE(std::isfinite(value("1 / x", 0.0)));
  EXPECT_TRUE(Expression("2 * exp(3)").constant());
  EXPECT_FALSE(Expression("2 * exp(x)").constant());
}

TEST(Expression, RefusesWhatIsNotAFormula) {
  const auto refusal = [](const std::string& text) -> std::string {
    try {
      Expression expression(text);
    } catch (const BadInput& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(refusal("x"), "accepted");
  for (const char* text : {"",
                           "1 +",
                           "(1",
                           "1)",
                           "2 x",
                           "x y",
                           "y",
                           "1e999",
                           "exp",
                           "exp x",
                           "sin(x)",
                           "pow(x, 2)",
                           "__import__('os')",
                           "open('f')",
                           "[i for i in x]",
                           "while x: x",
                           "lambda x: x",
                           "x.real",
                           "x if x else 1",
                           "x = 1",
                           "x; x",
                           "1 ** ",
                           "x // 2",
                           "x % 2",
                           "x < 1",
                           "\"x\"",
                           "exp(x)(x)"}) {
    EXPECT_NE(refusal(text).find("accepted: "), std::string::npos) << text;
  }
  EXPECT_NE(refusal("1 + foo(x)").find("character 5: 'foo(x)'"), std::string::npos) << refusal("1 + foo(x)");
  EXPECT_NE(refusal(std::string(51, '(') + "x" + std::string(51, ')')).find("at most 50 levels"), std::string::npos);
  EXPECT_EQ(refusal(std::string(49, '(') + "x" + std::string(49, ')')), "accepted");
  EXPECT_NE(refusal(std::string(60, '-') + "x").find("at most 50 levels"), std::string::npos);
  EXPECT_NE(refusal(std::string(4001, ' ') + "x").find("at most 4000"), std::string::npos);
}

}  // namespace
}  // namespace packrig
