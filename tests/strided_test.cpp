// Products over strided tables against sums written out, bit for bit, on every instruction set that runs here.
#include "mambound/scalar/strided.hpp"

#include <gtest/gtest.h>

#include "mambound/scalar/ladder.hpp"
#include "on_every_set.hpp"

namespace mambound {
namespace {

// Entries with every bit of a double, another in each lane.
template <class E>
Grid<E> some_grid(std::ptrdiff_t rows, std::ptrdiff_t columns, std::uint64_t seed) {
    Grid<E> a;
    a.resize(rows, columns);
    for (std::ptrdiff_t i = 0; i < rows; ++i)
        for (std::ptrdiff_t j = 0; j < columns; ++j)
            for (int lane = 0; lane < width_of<E>; ++lane) {
                seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
                const double x = static_cast<double>(static_cast<std::int64_t>(seed | 1) >> 10) * 0x1p-53;
                set_lane(a(i, j), lane, number_of<E>(x));
            }
    return a;
}

bool belongs(Terms terms, std::ptrdiff_t i, std::ptrdiff_t k, std::ptrdiff_t shift) {
    return terms == Terms::all || (terms == Terms::up_to_row ? k <= i + shift : k + shift >= i);
}

// The sum from its first term to its last, starting from `start`.
template <class A, class B, class S>
S by_definition(const Extent& e, const Grid<A>& a, const Grid<B>& b, std::ptrdiff_t i, std::ptrdiff_t j, int lane, S start) {
    for (std::ptrdiff_t k = 0; k < e.n; ++k)
        if (belongs(e.terms, i, k, e.shift))
            start += lane_of(a(i, k), width_of<A> == 1 ? 0 : lane) * lane_of(b(k, j), width_of<B> == 1 ? 0 : lane);
    return start;
}

template <class E, class A, class B>
void expect_sums_in_order(const Extent& e) {
    const auto a = some_grid<A>(e.rows, e.n, 1);
    const auto b = some_grid<B>(e.n, e.columns, 2);
    const auto there = some_grid<E>(e.rows, e.columns, 3);
    Grid<E> set = there, added = there;
    set_product(e, set.view(), a.view(), b.view());
    add_product(e, added.view(), a.view(), b.view());
    using S = number_of<E>;
    for (std::ptrdiff_t i = 0; i < e.rows; ++i)
        for (std::ptrdiff_t j = 0; j < (e.below_diagonal ? std::min(e.columns, i + e.shift + 1) : e.columns); ++j)
            for (int lane = 0; lane < width_of<E>; ++lane) {
                ASSERT_EQ(lane_of(set(i, j), lane), by_definition(e, a, b, i, j, lane, S(0)))
                    << e.rows << "x" << e.columns << "x" << e.n << " shift " << e.shift << ": " << i << ", " << j;
                ASSERT_EQ(lane_of(added(i, j), lane), by_definition(e, a, b, i, j, lane, lane_of(there(i, j), lane)));
            }
}

TEST(StridedProduct, adds_each_sum_in_order) {
    on_every_set([] {
        for (const std::ptrdiff_t rows : {1, 2, 4, 7, 9})
            for (const std::ptrdiff_t columns : {1, 3, 4, 9})
                for (const std::ptrdiff_t n : {1, 3, 9})
                    for (const Terms terms : {Terms::all, Terms::up_to_row, Terms::from_row})
                        for (const std::ptrdiff_t shift : {0, 2}) {
                            if (terms == Terms::from_row && rows > n + shift) continue;  // rows without a term are not asked for
                            const Extent e{rows, columns, n, terms, shift, terms == Terms::all && shift == 0};
                            expect_sums_in_order<Lanes<double>, Lanes<double>, Lanes<double>>(e);
                            expect_sums_in_order<Lanes<double>, Lanes<double>, double>(e);
                            expect_sums_in_order<Lanes<float>, float, Lanes<float>>(e);
                            expect_sums_in_order<double, double, double>(e);
                        }
    });
}

// Columns 1, 3, ... of a times the transpose of b, by hand: (2 4) (10 30; 20 40)^T = (100 200)... each lane the same.
TEST(StridedProduct, reads_every_other_column_and_transposes) {
    Grid<double> a, b, c;
    a.resize(1, 4);
    b.resize(2, 2);
    c.resize(1, 2);
    for (int j = 0; j < 4; ++j) a(0, j) = j + 1;                                    // 1 2 3 4
    for (int j = 0; j < 2; ++j) b(0, j) = 10 * (j + 1), b(1, j) = 100 * (j + 1);    // 10 20; 100 200
    set_product({1, 2, 2}, c.view(), every(2, 1, a.view()), transposed(b.view()));  // 2 * 10 + 4 * 20, 2 * 100 + 4 * 200
    EXPECT_EQ(c(0, 0), 100);
    EXPECT_EQ(c(0, 1), 1000);
}

}  // namespace
}  // namespace mambound
