// One operation on intervals: ours against MPFI of the same 53 bits and of 50 digits, and exp against the C library's.
#include <mpfi.h>

#include <array>

#include "cases.hpp"
#include "mambound/scalar/logistic.hpp"

namespace mambound::bench {
namespace {

constexpr std::size_t count = 256;

std::array<double, count> points(double from, double to) {
    std::array<double, count> x;
    for (std::size_t i = 0; i < count; ++i) x[i] = from + (to - from) * static_cast<double>(i * 167 % count) / count;
    return x;
}

// value(a, b) over 256 pairs with ends a unit apart.
template <class S, class Value>
void over_pairs(const std::string& name, Value&& value) {
    benchmark::RegisterBenchmark(name.c_str(), [value](benchmark::State& state) {
        std::vector<S> a, b;
        for (const double x : points(-8, 8)) a.push_back(hull(read<S>(x), read<S>(above(x))));
        for (const double x : points(0.5, 3)) b.push_back(hull(read<S>(x), read<S>(above(x))));
        for (auto _ : state)
            for (std::size_t i = 0; i < count; ++i) {
                S result = value(a[i], b[i]);
                benchmark::DoNotOptimize(result);
            }
        state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
    });
}

// The same sigmoid by MPFI at 53 bits, ends in place: 1/(1 + exp(-x)).
void mpfi53(const std::string& name, void (*value)(mpfi_ptr result, mpfi_srcptr a, mpfi_srcptr b)) {
    benchmark::RegisterBenchmark(name.c_str(), [value](benchmark::State& state) {
        std::array<mpfi_t, count> a, b;
        mpfi_t result;
        mpfi_init2(result, 53);
        const auto fill = [](std::array<mpfi_t, count>& to, const std::array<double, count>& from) {
            for (std::size_t i = 0; i < count; ++i) {
                mpfi_init2(to[i], 53);
                mpfi_interv_d(to[i], from[i], above(from[i]));
            }
        };
        fill(a, points(-8, 8));
        fill(b, points(0.5, 3));
        for (auto _ : state)
            for (std::size_t i = 0; i < count; ++i) {
                value(result, a[i], b[i]);
                benchmark::DoNotOptimize(result);
            }
        state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
        mpfi_clear(result);
        for (std::size_t i = 0; i < count; ++i) {
            mpfi_clear(a[i]);
            mpfi_clear(b[i]);
        }
    });
}

template <class S>
void each_operation(const std::string& type) {
    over_pairs<S>("interval/add/" + type, [](const S& a, const S& b) { return a + b; });
    over_pairs<S>("interval/subtract/" + type, [](const S& a, const S& b) { return a - b; });
    over_pairs<S>("interval/multiply/" + type, [](const S& a, const S& b) { return a * b; });
    over_pairs<S>("interval/divide/" + type, [](const S& a, const S& b) { return a / b; });
    over_pairs<S>("interval/exp/" + type, [](const S& a, const S&) { return S(exp(a)); });
    over_pairs<S>("interval/log1p/" + type, [](const S&, const S& b) { return S(log1p(b)); });
    over_pairs<S>("interval/sigmoid/" + type, [](const S& a, const S&) { return sigmoid(a); });
}

template <class Value>
void over_points(const std::string& name, Value&& value) {
    benchmark::RegisterBenchmark(name.c_str(), [value](benchmark::State& state) {
        const std::array<double, count> x = points(-8, 8);
        for (auto _ : state)
            for (const double u : x) {
                double result = value(u);
                benchmark::DoNotOptimize(result);
            }
        state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
    });
}

}  // namespace

void register_intervals() {
    each_operation<Interval>("ours");
    each_operation<WideInterval>("mpfi50");
    mpfi53("interval/add/mpfi53", [](mpfi_ptr r, mpfi_srcptr a, mpfi_srcptr b) { mpfi_add(r, a, b); });
    mpfi53("interval/subtract/mpfi53", [](mpfi_ptr r, mpfi_srcptr a, mpfi_srcptr b) { mpfi_sub(r, a, b); });
    mpfi53("interval/multiply/mpfi53", [](mpfi_ptr r, mpfi_srcptr a, mpfi_srcptr b) { mpfi_mul(r, a, b); });
    mpfi53("interval/divide/mpfi53", [](mpfi_ptr r, mpfi_srcptr a, mpfi_srcptr b) { mpfi_div(r, a, b); });
    mpfi53("interval/exp/mpfi53", [](mpfi_ptr r, mpfi_srcptr a, mpfi_srcptr) { mpfi_exp(r, a); });
    mpfi53("interval/log1p/mpfi53", [](mpfi_ptr r, mpfi_srcptr, mpfi_srcptr b) { mpfi_log1p(r, b); });
    mpfi53("interval/sigmoid/mpfi53", [](mpfi_ptr r, mpfi_srcptr a, mpfi_srcptr) {
        mpfi_neg(r, a);
        mpfi_exp(r, r);
        mpfi_add_ui(r, r, 1);
        mpfi_ui_div(r, 1, r);
    });
    over_points("double/exp/ours", [](double u) { return exponential(u); });
    over_points("double/exp/libm", [](double u) { return std::exp(u); });
    over_points("double/log1p/ours", [](double u) { return logarithm_1p(std::abs(u)); });
    over_points("double/log1p/libm", [](double u) { return std::log1p(std::abs(u)); });
    over_points("double/gate/ours", [](double u) { return gate(u).open; });
    over_points("float/exp/ours", [](double u) { return exponential(static_cast<float>(u)); });
    over_points("float/exp/libm", [](double u) { return std::exp(static_cast<float>(u)); });
}

}  // namespace mambound::bench
