#include "mambound/laws/draws.hpp"

#include <algorithm>

namespace mambound {

std::uint32_t Draws::word() {
    return stream_.words(drawn_++, 0)[0];
}

int Draws::between(int low, int high) {
    return low + static_cast<int>(uniform_index(static_cast<std::uint32_t>(high - low + 1), word(), [&] { return word(); }));
}

Real Draws::significand(int bits) {
    const Real last = power_of_two(1 - bits);
    switch (between(0, 7)) {
        case 0: return Real(1);
        case 1: return bits == 1 ? Real(1) : Real(1 + last);
        case 2: return 2 - last;
        case 3: return bits == 1 ? Real(1) : Real(1 + power_of_two(-between(1, bits - 1)));
        default: break;
    }
    Real x(1), place(1);
    for (int left = bits - 1; left > 0; left -= 30) {
        const int piece = std::min(left, 30);
        place = ldexp(place, -piece);
        x += place * (word() >> (32 - piece));
    }
    return x;
}

Real Draws::at_exponent(int e) {
    e = std::clamp(e, format_.tiny, format_.largest);
    const Real x = ldexp(significand(std::min(format_.bits, e - format_.tiny + 1)), e);
    return one_in(2) ? Real(-x) : x;
}

Real Draws::number() {
    const int p = format_.bits;
    switch (between(0, 15)) {
        case 0: return Real(0);
        case 1: return one_in(2) ? format_.greatest() : Real(-format_.smallest());
        case 2:
        case 3: return at_exponent(between(format_.tiny, format_.largest));
        case 4:
        case 5:
        case 6: return at_exponent(between(-p - 3, p + 3));
        default: return at_exponent(between(-4, 4));
    }
}

Real Draws::partner(const Real& first) {
    if (first == 0) return number();
    const int e = exponent_of(first);
    switch (between(0, 7)) {
        case 0: return -first;
        case 1: return one_in(2) ? Real(-beside(first, 1)) : beside(first, 1);
        case 2:
        case 3: return at_exponent(e + between(-format_.bits - 2, -format_.bits + 1));
        case 4: return at_exponent(e + between(-3, 3));
        default: return number();
    }
}

Real Draws::beside(const Real& x, int steps) const {
    const int e = exponent_of(x), step = std::max(e - format_.bits + 1, format_.tiny);
    const Real y = x + (x < 0 ? -steps : steps) * power_of_two(step);
    return exponent_of(y) == e ? y : x;
}

std::vector<Real> Draws::ascending(int n, int largest) {
    std::vector<Real> xs;
    while (static_cast<int>(xs.size()) < n) {
        Real x = number();
        if (x != 0 && exponent_of(x) > largest) x = at_exponent(between(-4, largest));
        xs.push_back(x);
        if (x == 0 || !one_in(4)) continue;
        for (int steps = 1; steps <= 8; ++steps) xs.push_back(beside(x, steps));
    }
    std::sort(xs.begin(), xs.end());
    return xs;
}

}  // namespace mambound
