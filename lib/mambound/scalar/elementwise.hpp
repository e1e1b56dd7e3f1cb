// exponential() and gate() of many numbers: their bits, without a branch where none is far from 0.
#pragma once

#include <span>

#include "mambound/scalar/lanes.hpp"
#include "mambound/scalar/logistic.hpp"

namespace mambound {
namespace elementwise {

// Each returns, in *far, 0 unless there is an |x| >= 700, which exponential() treats apart, or a NaN.
template <class S>
struct Exponentials {
    [[gnu::always_inline]] void operator()(std::size_t n, const S* __restrict x, S* __restrict y,
                                           std::uint32_t* __restrict far) const {
        std::uint32_t any = 0;
        for (std::size_t i = 0; i < n; ++i) {
            any |= std::abs(x[i]) < 700 ? 0U : 1U;
            y[i] = exponential_inside(x[i]);
        }
        *far = any;
    }
};
template <class S>
struct Gates {
    [[gnu::always_inline]] void operator()(std::size_t n, const S* __restrict x, S* __restrict open, S* __restrict keep,
                                           std::uint32_t* __restrict far) const {
        std::uint32_t any = 0;
        for (std::size_t i = 0; i < n; ++i) {
            any |= std::abs(x[i]) < 700 ? 0U : 1U;
            const Gate<S> g = gate_inside(x[i]);
            open[i] = g.open;
            keep[i] = g.keep;
        }
        *far = any;
    }
};

}  // namespace elementwise

// y = e^x, entry by entry.  E: numbers or Lanes; x and y of one length.
template <class E>
void exponentials(std::span<E> x, std::span<E> y) {
    if constexpr (width_of<E> == 1) {
        for (std::size_t i = 0; i < x.size(); ++i) y[i] = exponential(x[i]);
    } else {
        using S = number_of<E>;
        const std::span<S> from = numbers_of(x), to = numbers_of(y);
        std::uint32_t far = 0;
        vectorised(elementwise::Exponentials<S>{}, from.size(), static_cast<const S*>(from.data()), to.data(), &far);
        for (std::size_t i = 0; far != 0 && i < from.size(); ++i) to[i] = exponential(from[i]);
    }
}

// gate(x), entry by entry.
template <class E>
void gates(std::span<E> x, std::span<E> open, std::span<E> keep) {
    const auto one = [](const auto& from, auto& to_open, auto& to_keep) {
        auto g = gate(from);
        to_open = std::move(g.open);
        to_keep = std::move(g.keep);
    };
    if constexpr (width_of<E> == 1) {
        for (std::size_t i = 0; i < x.size(); ++i) one(x[i], open[i], keep[i]);
    } else {
        using S = number_of<E>;
        const std::span<S> from = numbers_of(x), to_open = numbers_of(open), to_keep = numbers_of(keep);
        std::uint32_t far = 0;
        vectorised(elementwise::Gates<S>{}, from.size(), static_cast<const S*>(from.data()), to_open.data(), to_keep.data(),
                   &far);
        for (std::size_t i = 0; far != 0 && i < from.size(); ++i) one(from[i], to_open[i], to_keep[i]);
    }
}

}  // namespace mambound
