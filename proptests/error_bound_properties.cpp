// No error exceeds its bound: every route to every quantity, in every type, against 100 digits on the same real inputs.
//
// By default 4,000 cases in each fast type, 200 in each wide one. The run behind "never exceeded" was a hundred thousand:
//   MAMBOUND_PROPTEST_SCALE=25 build/release/proptests/error_bound_properties
#include <fmt/format.h>

#include <array>
#include <iostream>

#include "mambound/parallel.hpp"
#include "property.hpp"
#include "routes.hpp"

namespace mambound {
namespace {

struct Worst {
    double ratio = 0;                        // largest error over bound
    std::uint64_t numbers = 0, telling = 0;  // telling: the bound was finite
    std::uint32_t at = 0;

    void add(double error, double bound, std::uint32_t index) {
        ++numbers;
        if (bound == std::numeric_limits<double>::infinity()) return;
        ++telling;
        const double r = error == 0 ? 0 : error / bound;
        if (std::isnan(ratio) || r <= ratio) return;
        ratio = r, at = index;
    }
    void add(const Worst& b) {
        numbers += b.numbers, telling += b.telling;
        if (!(b.ratio <= ratio)) ratio = b.ratio, at = b.at;
    }
};
using WorstByRoute = std::array<Worst, static_cast<std::size_t>(Route::count)>;

template <class S>
double distance(const S& x, const mp100& exact) {
    if constexpr (EnclosingScalar<S>) {
        const mp100 below = mp100(x.lower()) - exact, above = exact - mp100(x.upper());
        return std::max(static_cast<double>(below > above ? below : above), 0.0);
    } else {
        return static_cast<double>(abs(mp100(exactly(x) - exact)));
    }
}

// Cases through every type of the list, with one computation at 100 digits for all.
template <class... S>
void expect_never_exceeded(int default_cases) {
    const auto cases = static_cast<std::uint32_t>(default_cases * from_environment("MAMBOUND_PROPTEST_SCALE", 1));
    const Stream stream{static_cast<std::uint64_t>(from_environment("MAMBOUND_PROPTEST_SEED", 20251003)), purpose("error bound"),
                        0};
    constexpr std::size_t parts = 64;
    std::vector<std::array<WorstByRoute, sizeof...(S)>> found(parts);
    for_each_part(parts, [&](std::size_t k) {
        for (auto i = static_cast<std::uint32_t>(k); i < cases; i += parts) {
            const Case c = random_case(stream, i);
            const int z = i / parts % 2 == 0 ? 1 : -1;
            const auto exact = all_routes<mp100>(c, z);
            const auto exact_bound = all_routes<Running<mp100>>(c, z);  // 1 - 1e-110 is 1 even there
            std::size_t type = 0;
            const auto judge = [&]<class T>() {
                const auto computed = all_routes<T>(c, z);
                const auto bound = all_routes<Running<T>>(c, z);
                for (std::size_t j = 0; j < exact.size(); ++j)
                    found[k][type][static_cast<std::size_t>(exact[j].first)].add(
                        distance(computed[j].second, exact[j].second), bound[j].second.error() + exact_bound[j].second.error(),
                        i);
                ++type;
            };
            (judge.template operator()<S>(), ...);
        }
    });
    const std::string_view types[] = {ScalarTraits<S>::name...};
    for (std::size_t type = 0; type < sizeof...(S); ++type)
        for (std::size_t r = 0; r < std::size(route_names); ++r) {
            Worst worst;
            for (const auto& part : found) worst.add(part[type][r]);
            std::cout << fmt::format("{:11} {:12} {:.3f} of the bound at most, in {} numbers; bound finite for {}\n", types[type],
                                     route_names[r], worst.ratio, worst.numbers, worst.telling);
            EXPECT_LE(worst.ratio, 1) << types[type] << ", " << route_names[r] << ", case " << worst.at << ":\n"
                                      << random_case(stream, worst.at);
            EXPECT_GT(worst.telling, worst.numbers * 9 / 10) << types[type] << ", " << route_names[r];
        }
}

TEST(ErrorBounds, are_never_exceeded_in_fast_types) {
    expect_never_exceeded<bfloat16, half, float, double, long double>(4000);
}

// Enclosures have bound 0: they must hold the exact number.
TEST(ErrorBounds, are_never_exceeded_in_wide_types) {
    expect_never_exceeded<binary128, mp50, Interval>(200);
}

}  // namespace
}  // namespace mambound
