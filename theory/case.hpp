// Cases: a small exact problem, the same real numbers in every type, on which identities are checked.
#pragma once

#include <iosfwd>

#include "mambound/data/atoms.hpp"
#include "mambound/data/stream.hpp"
#include "mambound/model/parameters.hpp"

namespace mambound {

// A prompt, a geometry and arbitrary parameters in pattern coordinates. Entries have at most 8 significant bits, so that even
// bfloat16 reads them exactly.
struct Case {
    Geometry geometry;
    OutlierFamily family;
    double K = 0, kappa_a = 0;
    Prompt prompt;
    Parameters<double> psi;

    template <Scalar S>
    Atoms<S> atoms() const {
        return pattern_coordinates<S>(geometry, family, K, kappa_a);
    }
};

// Case `index` of a stream. Corner-biased: l = 1, saturated gates (|w.p| > 40), zero gates, kappa = 0, equal tokens.
Case random_case(const Stream& stream, std::uint32_t index);

std::ostream& operator<<(std::ostream& out, const Case& c);

}  // namespace mambound
