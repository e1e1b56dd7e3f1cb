#include "mambound/model/readout.hpp"

namespace mambound {

#define MAMBOUND_INSTANTIATE(S)                                                 \
    template AtomTable<S> atom_table<S>(const Parameters<S>&, const Atoms<S>&); \
    template struct Readout<S>;                                                 \
    template class PromptPass<S>;
MAMBOUND_FOR_EACH_SCALAR_AND_DUAL(MAMBOUND_INSTANTIATE)

}  // namespace mambound
