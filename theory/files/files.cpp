#include "files/files.hpp"

#include <fmt/format.h>

namespace mambound {
namespace {

void expect_format(const JsonCursor& root, std::string_view format) {
    const std::string found = root.at("format").text();
    if (found != format) root.at("format").fail(fmt::format("expected \"{}\", got \"{}\"", format, found));
}

}  // namespace

ExactModel parse_model(std::string_view text, std::string_view file) {
    const JsonValue value = parse_json(text, file);
    const JsonCursor root(value, file);
    root.allow_only({"format", "model", "W_B", "W_C", "w"});
    expect_format(root, "mambound-model/1");
    const std::string architecture = root.at("model").text();
    const bool gated = architecture == "mamba";
    if (!gated && architecture != "linear_transformer")
        root.at("model").fail(fmt::format("expected mamba or linear_transformer, got \"{}\" (did you mean {}?)", architecture,
                                          nearest_name(architecture, "mamba linear_transformer")));
    ExactModel model{root.at("W_B").rows(1, 0), root.at("W_C").rows(1, 0), {}};
    if (model.width() < 2) root.at("W_B").fail("expected rows of d + 1 >= 2 numbers");
    if (model.W_C.size() != model.W_B.size() || model.W_C[0].size() != model.width())
        root.at("W_C").fail(fmt::format("expected {} rows of {} numbers as in W_B, got {} of {}", model.W_B.size(), model.width(),
                                        model.W_C.size(), model.W_C[0].size()));
    if (!gated && root.has("w")) root.at("w").fail("a linear Transformer has no gate vector");
    if (gated) {
        model.w = root.at("w").numbers();
        if (model.w.size() != model.width())
            root.at("w").fail(fmt::format("expected {} numbers, got {}", model.width(), model.w.size()));
    }
    return model;
}

ExactModel read_model(const std::string& path) {
    return parse_model(read_file(path), path);
}

ExactPatterns parse_patterns(std::string_view text, std::string_view file, std::size_t d, std::size_t test_outliers) {
    const JsonValue value = parse_json(text, file);
    const JsonCursor root(value, file);
    root.allow_only({"format", "mu", "nu", "training_outliers", "test_outliers"});
    expect_format(root, "mambound-patterns/1");
    const auto vectors = [&](std::string_view name, std::size_t least) {
        auto rows = root.at(name).rows(least, d);
        if (rows.size() > 32767) root.at(name).fail(fmt::format("at most 32767 rows, got {}", rows.size()));
        return rows;
    };
    return {vectors("mu", 2), vectors("nu", 1), vectors("training_outliers", 1), vectors("test_outliers", test_outliers)};
}

ExactPatterns read_patterns(const std::string& path, std::size_t d, std::size_t test_outliers) {
    return parse_patterns(read_file(path), path, d, test_outliers);
}

PromptLine read_prompt(std::string_view line, std::string_view file, int line_number, std::size_t d) {
    const JsonValue value = parse_json(line, file, line_number);
    const JsonCursor root(value, file);
    root.allow_only({"x", "y", "x_query", "z", "tokens"});
    PromptLine prompt{root.at("x").rows(1, d), {}, root.at("x_query").numbers(), root.at("z").sign()};
    const JsonCursor y = root.at("y");
    if (y.size() != prompt.x.size())
        y.fail(fmt::format("expected {} labels, one for each row of x, got {}", prompt.x.size(), y.size()));
    for (std::size_t i = 0; i < y.size(); ++i) prompt.y.push_back(y.at(i).sign());
    if (prompt.x_query.size() != d)
        root.at("x_query").fail(fmt::format("expected {} numbers as the model asks, got {}", d, prompt.x_query.size()));
    return prompt;
}

}  // namespace mambound
