#include "mambound/data/atoms.hpp"

namespace mambound {

#define MAMBOUND_INSTANTIATE(S)                                                                          \
    template Atoms<S> pattern_coordinates<S>(const Geometry&, const OutlierFamily&, double, double);     \
    template Atoms<S> dense_coordinates<S>(const Atoms<S>&);                                             \
    template Atoms<S> atoms_of<S>(const Matrix<S>&, const Matrix<S>&, const Matrix<S>&, double, double); \
    template Matrix<S> tokens<S>(const Prompt&, const Atoms<S>&);
MAMBOUND_FOR_EACH_SCALAR_AND_DUAL(MAMBOUND_INSTANTIATE)

}  // namespace mambound
