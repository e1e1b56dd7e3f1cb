#include "mambound/data/stream.hpp"

#include <boost/math/constants/constants.hpp>
#include <cmath>
#include <stdexcept>

#include "mambound/scalar/ladder.hpp"

namespace mambound {

Bernoulli::Bernoulli(double p) {
    if (!(p >= 0 && p < 1)) throw std::invalid_argument("probability must be in [0, 1)");
    const auto threshold = static_cast<std::uint64_t>(std::ldexp(p, 64));
    high_ = static_cast<std::uint32_t>(threshold >> 32);
    low_ = static_cast<std::uint32_t>(threshold);
}

double standard_normal(const Stream& stream, std::uint32_t item) {
    const Stream::Words w = stream.words(0, item);
    const auto open_unit = [](std::uint32_t high, std::uint32_t low) {
        const std::uint64_t bits = (std::uint64_t{high} << 32 | low) >> 11;
        return (mp50(bits) + ratio<mp50>(1, 2)) / mp50(std::uint64_t{1} << 53);
    };
    const mp50 radius = sqrt(mp50(-2) * log(open_unit(w[0], w[1])));
    return static_cast<double>(mp50(radius * cos(mp50(boost::math::constants::two_pi<mp50>() * open_unit(w[2], w[3])))));
}

std::uint64_t derive_seed(std::uint64_t seed, std::string_view text, std::uint32_t index) {
    const Stream::Words w = Stream{seed, purpose(text), purpose("derive seed")}.words(index, 0);
    return std::uint64_t{w[0]} << 32 | w[1];
}

}  // namespace mambound
