#include "mambound/training/deep_sgd.hpp"

namespace mambound {

#define MAMBOUND_INSTANTIATE(S) template class DeepSgd<S>;
MAMBOUND_FOR_EACH_DEEP_SCALAR(MAMBOUND_INSTANTIATE)

}  // namespace mambound
