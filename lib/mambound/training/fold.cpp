#include "mambound/training/fold.hpp"

namespace mambound {

#define MAMBOUND_INSTANTIATE(S) template Parameters<S> fold<S>(const Readout<S>&, const Atoms<S>&, const AtomTable<S>&);
MAMBOUND_FOR_EACH_SCALAR(MAMBOUND_INSTANTIATE)

}  // namespace mambound
