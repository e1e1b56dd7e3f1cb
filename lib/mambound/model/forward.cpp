#include "mambound/model/forward.hpp"

namespace mambound {

#define MAMBOUND_INSTANTIATE(S)                                                 \
    template Forward<S> closed_form<S>(const Parameters<S>&, const Matrix<S>&); \
    template S recurrence<S>(const Parameters<S>&, const Matrix<S>&);
MAMBOUND_FOR_EACH_SCALAR_AND_DUAL(MAMBOUND_INSTANTIATE)

}  // namespace mambound
