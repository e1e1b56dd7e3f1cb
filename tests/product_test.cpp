// Products against sums written out, bit for bit, on every instruction set that runs here.
#include "mambound/scalar/product.hpp"

#include <gtest/gtest.h>

#include "mambound/scalar/ladder.hpp"
#include "on_every_set.hpp"

namespace mambound {
namespace {

// Entries with every bit of their type, of either sign: odd multiples of 2^-53, read in S.
template <class S>
Matrix<S> some_matrix(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
    Matrix<S> a(rows, columns);
    for (Eigen::Index i = 0; i < a.size(); ++i) {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        a.data()[i] = S(static_cast<double>(static_cast<std::int64_t>(seed | 1) >> 10) * 0x1p-53);
    }
    return a;
}

template <class S>
S entry(const Matrix<S>& a, const Matrix<S>& b, Eigen::Index i, Eigen::Index j) {
    S sum(0);
    for (Eigen::Index k = 0; k < a.cols(); ++k) sum += a(i, k) * b(k, j);
    return sum;
}

template <class S>
void expect_sums_in_order() {
    for (const Eigen::Index m : {1, 4, 7, 20})
        for (const Eigen::Index n : {1, 5, 20})
            for (const Eigen::Index q : {1, 2, 3, 4, 7, 16, 20, 37}) {
                const Matrix<S> a = some_matrix<S>(m, n, 1), b = some_matrix<S>(n, q, 2);
                const Matrix<S> c = product(a, b), d = transpose_product(transposed(a), b), start = some_matrix<S>(m, q, 3);
                Matrix<S> onto = start;
                add_transpose_product(1, transposed(a), b, onto);  // without the first term
                ASSERT_EQ(c.rows(), m);
                ASSERT_EQ(c.cols(), q);
                for (Eigen::Index i = 0; i < m; ++i)
                    for (Eigen::Index j = 0; j < q; ++j) {
                        ASSERT_EQ(c(i, j), entry(a, b, i, j)) << m << " " << n << " " << q << ": " << i << ", " << j;
                        ASSERT_EQ(d(i, j), c(i, j));
                        S sum = start(i, j);
                        for (Eigen::Index k = 1; k < n; ++k) sum += a(i, k) * b(k, j);
                        ASSERT_EQ(onto(i, j), sum);
                    }
            }
}

template <class S>
void expect_sums_of_entries() {
    for (const Eigen::Index n : {1, 5, 16, 37}) {
        const Matrix<S> a = some_matrix<S>(n, 3, 1), b = some_matrix<S>(n, 3, 2);
        Matrix<S> sum = a;
        add_to(sum, b);
        for (Eigen::Index i = 0; i < a.size(); ++i) ASSERT_EQ(sum.data()[i], S(a.data()[i] + b.data()[i]));
    }
}

TEST(Product, adds_from_the_first_term_to_the_last_on_every_instruction_set) {
    on_every_set([] {
        expect_sums_in_order<float>();
        expect_sums_in_order<double>();
        expect_sums_of_entries<float>();
        expect_sums_of_entries<double>();
    });
    expect_sums_in_order<long double>();
    expect_sums_of_entries<mp50>();
}

// (2^53 + 1) - 2^53 is 0 from the left, 1 from the right.
TEST(Product, of_numbers_that_tell_the_order) {
    Matrix<double> a(1, 3), b(3, 1);
    a << 1, 1, 1;
    b << 0x1p53, 1, -0x1p53;
    EXPECT_EQ(product(a, b)(0, 0), 0);
    b << 0x1p53, -0x1p53, 1;
    EXPECT_EQ(product(a, b)(0, 0), 1);
}

}  // namespace
}  // namespace mambound
