#include "mambound/model/deep.hpp"

namespace mambound {

#define MAMBOUND_INSTANTIATE(S)                                                                         \
    template DeepParameters<S> initial_deep<S>(Mixer, int, int, int, int, double, std::uint64_t, bool); \
    template struct DeepKernels<S>;                                                                     \
    template DeepParameters<S> fold<S>(const DeepKernels<S>&, const DeepParameters<S>&);
MAMBOUND_FOR_EACH_DEEP_SCALAR(MAMBOUND_INSTANTIATE)

}  // namespace mambound
