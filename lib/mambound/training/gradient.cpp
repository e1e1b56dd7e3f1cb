#include "mambound/training/gradient.hpp"

namespace mambound {

#define MAMBOUND_INSTANTIATE(S)                                                                                     \
    template Parameters<S> output_gradient<S>(const Parameters<S>&, const Matrix<S>&, const Forward<S>&, const S&); \
    template LossGradient<S> hinge_gradient<S>(const Parameters<S>&, const Matrix<S>&, int);
MAMBOUND_FOR_EACH_SCALAR_AND_DUAL(MAMBOUND_INSTANTIATE)

}  // namespace mambound
