#include "mambound/scalar/product.hpp"

#include <cstring>

#include "mambound/registers.hpp"

namespace mambound {
namespace {

template <class S>
struct Multiply {
    // The q - j columns from j on in steps of `bytes`, four rows at a time: enough sums side by side to hide how long an addition
    // takes. Returns the first column not done.
    template <int bytes>
    [[gnu::always_inline]] static Eigen::Index columns(Eigen::Index j, Eigen::Index m, Eigen::Index n, Eigen::Index q, const S* a,
                                                       Eigen::Index row, Eigen::Index column, const S* b, S* c, bool onto) {
        using Lanes [[gnu::vector_size(bytes)]] = S;
        constexpr Eigen::Index lanes = bytes / sizeof(S), rows = 4;
        for (; j + lanes <= q; j += lanes) {
            Eigen::Index i = 0;
            for (; i + rows <= m; i += rows) {
                Lanes sum0{}, sum1{}, sum2{}, sum3{};
                S* to = c + i * q + j;
                if (onto) {
                    std::memcpy(&sum0, to, sizeof sum0);
                    std::memcpy(&sum1, to + q, sizeof sum1);
                    std::memcpy(&sum2, to + 2 * q, sizeof sum2);
                    std::memcpy(&sum3, to + 3 * q, sizeof sum3);
                }
                for (Eigen::Index k = 0; k < n; ++k) {
                    Lanes right;
                    std::memcpy(&right, b + k * q + j, sizeof right);
                    const S* left = a + i * row + k * column;
                    sum0 += left[0] * right;
                    sum1 += left[row] * right;
                    sum2 += left[2 * row] * right;
                    sum3 += left[3 * row] * right;
                }
                std::memcpy(to, &sum0, sizeof sum0);
                std::memcpy(to + q, &sum1, sizeof sum1);
                std::memcpy(to + 2 * q, &sum2, sizeof sum2);
                std::memcpy(to + 3 * q, &sum3, sizeof sum3);
            }
            for (; i < m; ++i) {
                Lanes sum{};
                if (onto) std::memcpy(&sum, c + i * q + j, sizeof sum);
                for (Eigen::Index k = 0; k < n; ++k) {
                    Lanes right;
                    std::memcpy(&right, b + k * q + j, sizeof right);
                    sum += a[i * row + k * column] * right;
                }
                std::memcpy(c + i * q + j, &sum, sizeof sum);
            }
        }
        return j;
    }

    template <int bytes>
    [[gnu::always_inline]] void operator()(Eigen::Index m, Eigen::Index n, Eigen::Index q, const S* a, Eigen::Index row,
                                           Eigen::Index column, const S* b, S* c, bool onto) const {
        Eigen::Index j = 0;
        if constexpr (bytes >= 64) j = columns<64>(j, m, n, q, a, row, column, b, c, onto);
        if constexpr (bytes >= 32) j = columns<32>(j, m, n, q, a, row, column, b, c, onto);
        j = columns<16>(j, m, n, q, a, row, column, b, c, onto);
        for (; j < q; ++j)
            for (Eigen::Index i = 0; i < m; ++i) {
                S sum = onto ? c[i * q + j] : S(0);
                for (Eigen::Index k = 0; k < n; ++k) sum += a[i * row + k * column] * b[k * q + j];
                c[i * q + j] = sum;
            }
    }
};

template <class S>
struct Add {
    [[gnu::always_inline]] void operator()(Eigen::Index n, S* __restrict a, const S* __restrict b) const {
        for (Eigen::Index i = 0; i < n; ++i) a[i] += b[i];
    }
};

}  // namespace

template <class S>
void multiply(Eigen::Index m, Eigen::Index n, Eigen::Index q, const S* a, Eigen::Index row, Eigen::Index column, const S* b, S* c,
              bool onto) {
    in_registers(Multiply<S>{}, m, n, q, a, row, column, b, c, onto);
}
template <class S>
void add_to(S* a, const S* b, Eigen::Index n) {
    vectorised(Add<S>{}, n, a, b);
}

template void multiply(Eigen::Index, Eigen::Index, Eigen::Index, const float*, Eigen::Index, Eigen::Index, const float*, float*,
                       bool);
template void multiply(Eigen::Index, Eigen::Index, Eigen::Index, const double*, Eigen::Index, Eigen::Index, const double*,
                       double*, bool);
template void add_to(float*, const float*, Eigen::Index);
template void add_to(double*, const double*, Eigen::Index);

}  // namespace mambound
