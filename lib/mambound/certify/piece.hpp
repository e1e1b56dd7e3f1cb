// Pieces: what a set of tokens can do to the state at the worst, as a line over an interval of gate logits.
#pragma once

#include <vector>

#include "mambound/scalar/ladder.hpp"
#include "mambound/scalar/logistic.hpp"

namespace mambound {

// A point (u, s) of a token set, gate logit and signed score, enclosed; `at` is a double in u.
struct Corner {
    Interval u;
    double at = 0;
    Gate<Interval> gate{};  // at `at`
};
Corner corner(const Interval& u);

// What is not known about the gates of a set's tokens when each corner is taken to be at `at`: a token's logit is then off by at
// most the greatest distance w of an end of u from its `at`, and sigma by a factor in [e^-w, e^w].
struct Span {
    Interval factor{1}, open{0, 1};  // open: holds sigma of every token
};
Span span_of(const std::vector<Corner>& corners);

// For every token of a set with logit in [from, to], corners taken to be at `at`: s >= s_from + slope (u - from).
struct Piece {
    double from = 0, to = 0, s_from = 0, slope = 0;
    Interval s_to;                      // the line at `to`
    Gate<Interval> gate_from, gate_to;  // at the ends
    Span span;
    int first = 0, last = 0;  // the corners the line was laid through
    int set = 0;              // whose pieces these are
};

// Appends pieces that cover the convex hull of corners (at_i, s_i), which are ordered by `at`.
// Proof. A line below every corner is below their convex hull, at every u. So any lines will do, each over its part of the span:
// slopes are those of the lower hull of the middles, in rounded arithmetic, and each line is let down in interval arithmetic
// until it is below every corner. Logits are doubles here, so that a steep line is not let down by its slope times a width.
void append_pieces(const std::vector<Corner>& corners, const std::vector<Interval>& s, const Span& span, int set,
                   std::vector<Piece>& pieces);

// A lower bound of sigma (s - h) for every token of the piece, and about where phi(u) = sigma(u) (s(u) - h) is least, s(u) its
// line. A token's sigma is sigma(u) times one of the span's factors, so the least of phi times the worse one is such a bound.
struct Least {
    double bound = 0, at = 0;
};

// The cheap one: sigma and s - h each at its worst. At least the least s - h, if that is not above 0.
double coarse_bound(const Piece& piece, double h);

// The exact one, up to rounding. With d(u) = s(u) - h of slope m: phi' = sigma(u) (1 - sigma(u)) (d(u) + m (1 + e^u)).
// If m <= 0 the bracket over m is u + const + e^u, increasing, so phi rises, then falls: least at an end (for m = 0 phi is
// monotone). If m > 0, phi falls up to the one root u* of the bracket, then rises, and phi(u*) = -m e^u*: so phi >= -m e^b on the
// whole line for any b with bracket(b) >= 0, and where the bracket has one sign on the piece, phi is least at an end.
// phi depends on s(u) only through sigma(u) >= 0, so tokens above the line are not worse.
Least least(const Piece& piece, double h);

}  // namespace mambound
