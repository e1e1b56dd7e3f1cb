#include "mambound/scalar/simulated.hpp"

#include <stdexcept>

namespace mambound {

void SignificandBits::set(int bits) {
    if (bits < Simulated::least_bits || bits > Simulated::most_bits)
        throw std::invalid_argument("a simulated significand has 2 to 51 bits, not " + std::to_string(bits));
    Simulated::shift_ = 53 - bits;
    Simulated::short_ = 53 >= 2 * bits + 2;
    Simulated::half_less_one_ = (std::uint64_t{1} << (Simulated::shift_ - 1)) - 1;
    Simulated::keep_ = ~std::uint64_t{0} << Simulated::shift_;
}

}  // namespace mambound
