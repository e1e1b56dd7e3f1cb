// The law of a sum of examples, for a model without gates: P(z F <= 0) by its Fourier series, with every error bounded.
#pragma once

#include "mambound/certify/boxes.hpp"
#include "mambound/certify/sum_of_tokens.hpp"
#include "mambound/certify/token_cells.hpp"

namespace mambound {

// Bounds on P(z F <= 0) for c ~ U(range), and `work`, the elementary steps it took; {0, 1} where the series is too long.
//
// With any theta > 0 and s_n = -theta + i n tau, where |z F| < pi/tau,
//   P(z F <= 0) = sum over n of g_n E exp(s_n z F),  g_n = (tau/2 pi) (1 - (-1)^n exp(-theta pi/tau)) / (theta - i n tau):
// the Fourier series of exp(theta x) 1[x <= 0] with period 2 pi/tau under the tilted law. E exp(s z F) is the l-th power of
//   sum_j share_j exp(s (value_j + c slope_j)) times the mean over k of sinh(s w)/(s w), w = width_k + c growth_k.
// theta is near the saddle point, so all is relative to Chernoff's bound, which a small error is not far below. Added to the
// error: rounding, l times that of one example; the terms left out, by |sinh(s w)/(s w)| <= cosh(theta w)/|s w|; c away from the
// middle of its range, by the second derivative of each term in c.
// Where the model's z F is within `off` of this sum X, P(X <= -off) <= P(z F <= 0) <= P(X <= off): series of X moved by a
// constant, whose terms differ by the factor exp(+-s off). Nothing is assumed of how z F moves within `off`; so that the series
// converges for sums with atoms (ties), X is blurred by a further U(-1, 1) of small size, which counts as `off` too.
ProbabilityBounds error_of_sum(const SumOfTokens& sum, const Coefficients& range, double& work);

}  // namespace mambound
