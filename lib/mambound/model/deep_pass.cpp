#include "mambound/model/deep_pass.hpp"

namespace mambound {

#define MAMBOUND_INSTANTIATE(E) template class DeepPass<E>;
MAMBOUND_FOR_EACH_DEEP_ENTRY(MAMBOUND_INSTANTIATE)

}  // namespace mambound
