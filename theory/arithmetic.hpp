// The arithmetic a computation runs in, by name.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "mambound/model/parameters.hpp"
#include "mambound/scalar/simulated.hpp"
#include "setting.hpp"

namespace mambound {

// NAME              a rung of the ladder;
// pN                a simulated significand of N bits, 2 <= N <= 51, with the exponent range of double;
// STORE/SUM         parameters kept in STORE, everything else in SUM (bfloat16/float, half/float, float/double);
// STORE/SUM/stochastic   the same, rounded to STORE up or down at random with the mean the number itself (not for half).
struct Arithmetic {
    std::string sums{};   // the rung that is computed in; empty: simulated
    std::string store{};  // where parameters are kept; empty: as computed
    bool stochastic = false;
    int bits = 0;  // of the simulated significand
};

// Throws InputError, with the nearest name, for a text that names none.
Arithmetic arithmetic(std::string_view name);
// The names a user can choose from, separated by spaces (p24 for any length), and with what they mean, for help texts.
std::string arithmetic_choices();
std::string arithmetic_names();

// Calls visit.operator()<S>() for the type that is computed in. A simulated length is set by whoever owns the computation
// (SignificandBits): throws std::logic_error if it is not the one named.
template <class Visitor>
void with_arithmetic(const Arithmetic& a, Visitor&& visit) {
    if (!a.sums.empty()) {
        with_scalar(a.sums, visit);
        return;
    }
    if (Simulated::bits() != a.bits) throw std::logic_error("another simulated significand is in use");
    visit.template operator()<Simulated>();
}

// x in the number type `store`, to nearest; or, with random bits, to one of its two neighbours, the nearer the likelier: the
// unneeded bits of the significand plus as many random ones carry or do not. x is finite; below the normal numbers of `store`
// what chance left is rounded to nearest once more.
double stored(double x, std::string_view store);
double stored_stochastically(double x, std::string_view store, std::uint64_t random);

// What Sgd does to its parameters after each step in that arithmetic; empty if they are kept as computed. Random bits are a
// function of the seed, the iteration and the entry.
template <Scalar S>
std::function<void(Parameters<S>&, int)> storing(const Arithmetic& a, std::uint64_t seed) {
    if (a.store.empty()) return {};
    return [a, seed](Parameters<S>& psi, int t) {
        const Stream stream{seed, purpose("stochastic rounding"), static_cast<std::uint32_t>(t)};
        std::uint32_t entry = 0;
        const auto each = [&](auto& entries) {
            for (Eigen::Index i = 0; i < entries.size(); ++i, ++entry) {
                const double x = to_double(entries.data()[i]);
                if (!std::isfinite(x)) continue;
                const auto random = [&] {
                    const auto words = stream.words(entry, 0);
                    return std::uint64_t{words[0]} << 32 | words[1];
                };
                entries.data()[i] = read<S>(a.stochastic ? stored_stochastically(x, a.store, random()) : stored(x, a.store));
            }
        };
        each(psi.W_B);
        each(psi.W_C);
        each(psi.w);
    };
}

}  // namespace mambound
