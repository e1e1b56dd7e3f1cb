#include "mambound/model/deep_pass.hpp"

namespace mambound {

#define MAMBOUND_INSTANTIATE(S) template class DeepPass<S>;
MAMBOUND_FOR_EACH_DEEP_SCALAR(MAMBOUND_INSTANTIATE)

}  // namespace mambound
