// Operands for the laws: exact dyadics, drawn from a seeded stream and pressed into the corners of a format.
#pragma once

#include <vector>

#include "mambound/data/stream.hpp"
#include "mambound/laws/law.hpp"
#include "mambound/laws/real.hpp"

namespace mambound {

class Draws {
public:
    // Every law of a run has draws of its own.
    Draws(const LawOptions& options, const Format& format, std::string_view law)
        : stream_{options.seed, purpose(law), 0}, format_(format) {}

    std::uint32_t word();
    int between(int low, int high);  // both included
    bool one_in(int n) { return between(1, n) == 1; }

    // In [1, 2) with `bits` bits: a power of two, its two neighbours, few bits set, or anything.
    Real significand(int bits);
    // +-significand 2^e that the format holds, with as many bits as fit at exponent e; e is put into the format's range.
    Real at_exponent(int e);
    // An operand: 0, an end of the range, anything in the range, around 1, or within a few digits of 1.
    Real number();
    // The same, positive.
    Real positive() { return magnitude(number()); }
    // A second operand: at a distance where sums tie, cancel or are absorbed; a neighbour of the first; or another number.
    Real partner(const Real& first);
    // n numbers in ascending order, with runs of neighbours in between; exponents up to `largest`.
    std::vector<Real> ascending(int n, int largest);

    // The number `steps` further from 0 in the format, for x != 0 whose neighbours have its exponent.
    Real beside(const Real& x, int steps) const;

private:
    static Real magnitude(const Real& x) { return x == 0 ? Real(1) : abs(x); }

    Stream stream_;
    Format format_;
    std::uint32_t drawn_ = 0;
};

}  // namespace mambound
