// Several numbers in one vector register, one for each prompt: what is written for one prompt then runs for eight.
#pragma once

#include <span>

#include "mambound/instruction_set.hpp"
#include "mambound/scalar/scalar.hpp"

// How Lanes are passed by value depends on compiler options. Only functions that are inlined do so; all others take references.
#pragma GCC diagnostic ignored "-Wpsabi"

namespace mambound {

// `n` numbers; every operation is that of S in each of them. What is stored as eight is computed as fewer at a time where
// registers are shorter, hence may_alias.
template <class S, int n = 8>
requires has_vectors<S>
struct [[gnu::may_alias]] alignas(n * sizeof(S)) Lanes {
    static constexpr int width = n;
    typedef S Register __attribute__((vector_size(n * sizeof(S))));
    Register numbers;

    Lanes() = default;
    [[gnu::always_inline]] explicit Lanes(const Register& r) : numbers(r) {}
    [[gnu::always_inline]] explicit Lanes(S x) : numbers(x - Register{}) {}

    S operator[](int lane) const { return numbers[lane]; }
    void set(int lane, S x) { numbers[lane] = x; }

#define MAMBOUND_LANEWISE(OP)                                                         \
    [[gnu::always_inline]] friend Lanes operator OP(const Lanes& a, const Lanes& b) { \
        return Lanes(a.numbers OP b.numbers);                                         \
    }                                                                                 \
    [[gnu::always_inline]] friend Lanes operator OP(const Lanes& a, S b) {            \
        return Lanes(a.numbers OP b);                                                 \
    }                                                                                 \
    [[gnu::always_inline]] friend Lanes operator OP(S a, const Lanes& b) {            \
        return Lanes(a OP b.numbers);                                                 \
    }
    MAMBOUND_LANEWISE(+)
    MAMBOUND_LANEWISE(-)
    MAMBOUND_LANEWISE(*)
    MAMBOUND_LANEWISE(/)
#undef MAMBOUND_LANEWISE
    [[gnu::always_inline]] Lanes& operator+=(const Lanes& b) {
        numbers += b.numbers;
        return *this;
    }
    // The larger of the two in each lane; a where one is a NaN.
    [[gnu::always_inline]] friend Lanes larger(const Lanes& a, const Lanes& b) {
        return Lanes(b.numbers > a.numbers ? b.numbers : a.numbers);
    }
};

// A lane of E: of Lanes, or of a number, which is its own only lane.
template <class E>
struct LaneTraits {
    using Number = E;
    static constexpr int width = 1;
};
template <class S, int n>
struct LaneTraits<Lanes<S, n>> {
    using Number = S;
    static constexpr int width = n;
};
template <class E>
using number_of = typename LaneTraits<E>::Number;
template <class E>
inline constexpr int width_of = LaneTraits<E>::width;

template <class E>
number_of<E> lane_of(const E& x, int lane) {
    if constexpr (width_of<E> == 1) return x;
    else return x[lane];
}
template <class E>
void set_lane(E& x, int lane, const number_of<E>& number) {
    if constexpr (width_of<E> == 1) x = number;
    else x.set(lane, number);
}

// All their numbers, lane by lane.
template <class S>
std::span<S> numbers_of(std::span<Lanes<S>> x) {
    return {reinterpret_cast<S*>(x.data()), x.size() * Lanes<S>::width};
}

// What passes over prompts of numbers S compute in: eight prompts at once where S has vectors.
template <class S>
struct BatchOf {
    using type = S;
};
template <class S>
requires has_vectors<S>
struct BatchOf<S> {
    using type = Lanes<S>;
};
template <class S>
using Batch = typename BatchOf<S>::type;

}  // namespace mambound
