// The checker of certificates on files in which a number was altered.
#include <cmath>
#include <random>

#include "checker_case.hpp"

namespace mambound {
namespace {

// Every number of a document with the way to it.
void numbers(const Json& value, const Json::json_pointer& at, std::vector<Json::json_pointer>& found) {
    if (value.is_structured()) {
        for (const auto& [key, child] : value.items())
            if (key != "format" && key != "arithmetic" && key != "digest")
                numbers(child, value.is_array() ? at / std::stoul(key) : at / key, found);
        return;
    }
    if (value.is_number() || value.get<std::string>().find("0x") != std::string::npos) found.push_back(at);
}

TEST(Checker, rejects_every_single_number_altered_under_the_old_digest) {
    std::mt19937 stream(1);
    for (const Json* certificate : {&small_certificate(), &linear_certificate()}) {
        std::vector<Json::json_pointer> places;
        numbers(*certificate, Json::json_pointer(), places);
        for (int n = 0; n < 500; ++n) {
            Json changed = *certificate;
            Json& number = changed[places[stream() % places.size()]];
            if (number.is_string()) {
                const double x = naive::unhex(number),
                             y[] = {std::nextafter(x, 1e300), x + 1e-3 + std::abs(x), x - 1e9, x == 0 ? 1 : -x};
                number = naive::hex(y[stream() % 4]);
            } else number = number.get<long>() + (stream() % 2 == 0 ? 1 : -1);
            expect_rejected(changed, {"digest", "altered"});
        }
    }
}

TEST(Checker, accepts_an_honest_file_whose_digest_was_computed_again) {
    expect_accepted(altered(small_certificate(), [](Json&) {}), "mamba");
    expect_accepted(altered(linear_certificate(), [](Json& c) { c["arithmetic"] = "another name of it"; }), "linear transformer");
}

// With a fitting digest, what makes the statement false or unsupported. Which entries matter is the statement's affair, so each
// of these is a number that the proof rests on.
TEST(Checker, rejects_altered_numbers_under_a_new_digest) {
    for (const Json* certificate : {&small_certificate(), &linear_certificate()}) {
        const bool gated = certificate == &small_certificate();
        for (const char* member : {"W_B", "W_C"})
            for (std::size_t i = 0; i < 2; ++i)
                for (std::size_t j = 0; j < (member == std::string("W_C") ? 3 : 4); ++j)  // W_C never meets the label axis
                    for (const double by : {1e-3, -1e-3})
                        expect_rejected(altered(*certificate, [&](Json& c) { add_to(c["model"][member][i][j], by); }),
                                        {"queries"});
        for (std::size_t j = 0; gated && j < 4; ++j)
            for (const double by : {1e-3, -1e-3})
                expect_rejected(altered(*certificate, [&](Json& c) { add_to(c["model"]["w"][j], by); }));
        for (const char* member : {"mu", "nu", "test_outliers"})
            for (std::size_t j = 0; j < 3; ++j)
                expect_rejected(altered(*certificate, [&](Json& c) { add_to(c["patterns"][member][0][j], 1e-3); }));
        for (std::size_t k = 0; k < (*certificate)["margin_lower"].size(); ++k)
            for (const char* name : {"margin_lower", "margin_upper"})
                for (const double by : {1e-6, -1e-6})
                    expect_rejected(
                        altered(*certificate, [&](Json& c) { add_to(c[name][k], by * std::abs(naive::unhex(c[name][k]))); }),
                        {"margin"});
        for (const double by : {1e-3, -1e-3}) {
            expect_rejected(altered(*certificate, [&](Json& c) { add_to(c["class"]["kappa"], by); }));
            expect_rejected(altered(*certificate, [&](Json& c) {
                c["class"]["magnitude"] = {naive::hex(1 + by), naive::hex(1 + by)};
            }));
        }
        for (std::size_t q = 0; q < (*certificate)["queries"].size(); ++q)
            for (std::size_t p = 0; p < 3; ++p)
                for (const char* group : {"clean", "outlier"}) {
                    const auto change = [&](auto&& f) {
                        return altered(*certificate, [&](Json& c) { f(c["queries"][q]["points"][p]); });
                    };
                    if (!gated) {
                        expect_rejected(change([&](Json& point) { add_to(point[group], 1e-9); }), {"not proved"});
                        expect_rejected(change([&](Json& point) { add_to(point[group], -1e-2); }), {"comes near"});
                        continue;
                    }
                    expect_rejected(
                        change([&](Json& point) { add_to(point["states"][group == std::string("clean") ? 0 : 2], 1e-6); }),
                        {"states"});
                    for (std::size_t r = 0; r < 7; ++r) {
                        expect_rejected(change([&](Json& point) { add_to(point[group][r][1], 1e-9); }), {group, "not proved"});
                        expect_rejected(change([&](Json& point) { add_to(point[group][r][1], -1e-2); }), {group, "comes near"});
                        for (const double by : {1e-2, -1e-2})
                            expect_rejected(change([&](Json& point) { add_to(point[group][r][0], by); }), {group});
                    }
                }
    }
}

TEST(Checker, rejects_witnesses_outside_the_class) {
    const Json& c = small_certificate();
    const auto token = [&](std::size_t field, Json value, const std::vector<std::string>& parts) {
        const auto& tokens = c["witnesses"][1]["tokens"];
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const bool clean = tokens[i][3] == -1;
            if (value == "other label" && !clean) continue;
            Json v = value == "other label" ? Json(-tokens[i][5].get<int>()) : value;
            expect_rejected(altered(c, [&](Json& changed) { changed["witnesses"][1]["tokens"][i][field] = v; }), parts);
        }
    };
    token(0, 2, {"tokens", "[0]"});
    token(1, -1, {"tokens", "[1]"});
    token(2, (std::int64_t{1} << 31) + 1, {"tokens", "[2]"});
    token(2, 12345, {"margin_upper"});
    token(3, 1, {"tokens", "[3]"});
    token(3, Json::array({naive::hex(1)}), {"tokens"});
    token(4, naive::hex(1.5), {"tokens", "[4]"});
    token(5, 0, {"tokens", "[5]"});
    token(5, "other label", {"tokens", "task's label"});
    expect_rejected(altered(c, [](Json& x) { x["witnesses"][1]["tokens"] = x["witnesses"][2]["tokens"]; }),
                    {"expected 1 outliers, got 2"});
    expect_rejected(altered(c, [](Json& x) { x["witnesses"][0]["tokens"].erase(1); }), {"expected 2 entries"});
    expect_rejected(altered(c, [](Json& x) { x["witnesses"][0]["other"] = x["witnesses"][0]["q"]; }), {"must differ"});
    expect_rejected(altered(c, [](Json& x) { x["witnesses"][0]["z"] = 0; }), {"z"});
    const Json cone = naive::certificate(cone_task(true, 2));
    const auto coefficients = [&](double a, double b) {
        return altered(cone, [&](Json& x) {
            for (Json& t : x["witnesses"][3]["tokens"]) t[3] = {naive::hex(a), naive::hex(b)};
        });
    };
    expect_rejected(coefficients(0.8, 0), {"range of coefficients"});
    expect_rejected(coefficients(0.75, 0.75), {"sum"});
    expect_rejected(coefficients(-0.25, 0.25), {"sum"});
    expect_rejected(altered(cone, [](Json& x) { x["witnesses"][3]["tokens"][0][3] = 0; }), {"expected an array"});
}

}  // namespace
}  // namespace mambound
