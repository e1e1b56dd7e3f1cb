#include "mambound/training/sgd.hpp"

namespace mambound {

#define MAMBOUND_INSTANTIATE(S) \
    template class Sgd<S>;      \
    template S reference_step<S>(Parameters<S>&, const Atoms<S>&, std::span<const Prompt>, double);
MAMBOUND_FOR_EACH_SCALAR(MAMBOUND_INSTANTIATE)

}  // namespace mambound
