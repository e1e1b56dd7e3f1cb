// The files of the program: models, patterns and prompts.
#pragma once

#include <string>
#include <vector>

#include "files/json.hpp"

namespace mambound {

// mambound-model/1. A text that is in no file is called `file` in complaints.
ExactModel parse_model(std::string_view text, std::string_view file);
ExactModel read_model(const std::string& path);

// mambound-patterns/1, in the dimension the model asks for (0: in that of the first row), with at least so many test outliers.
ExactPatterns parse_patterns(std::string_view text, std::string_view file, std::size_t d, std::size_t test_outliers = 1);
ExactPatterns read_patterns(const std::string& path, std::size_t d, std::size_t test_outliers = 1);

// One line of a prompts file.
struct PromptLine {
    std::vector<std::vector<Number>> x;  // [l, d]
    std::vector<int> y;                  // [l]
    std::vector<Number> x_query;         // [d]
    int z = 1;

    // Dense tokens (x_i, y_i) and (x_query, 0).
    template <Scalar S>
    Matrix<S> tokens() const {
        const auto l = static_cast<Eigen::Index>(x.size()), d = static_cast<Eigen::Index>(x_query.size());
        Matrix<S> p = zeros<S>(l + 1, d + 1);
        for (Eigen::Index i = 0; i <= l; ++i)
            for (Eigen::Index k = 0; k < d; ++k) {
                const auto column = static_cast<std::size_t>(k);
                p(i, k) = (i < l ? x[static_cast<std::size_t>(i)][column] : x_query[column]).template as<S>();
            }
        for (Eigen::Index i = 0; i < l; ++i) p(i, d) = S(y[static_cast<std::size_t>(i)]);
        return p;
    }
};
// A member `tokens`, as witnesses of `certify` have it, is not read.
PromptLine read_prompt(std::string_view line, std::string_view file, int line_number, std::size_t d);

}  // namespace mambound
