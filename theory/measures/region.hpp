// The region of settings in which a generalization theorem promises an error of at most eps, and draws from it.
#pragma once

#include "mambound/data/stream.hpp"
#include "mambound/model/parameters.hpp"
#include "setting.hpp"

namespace mambound {

// stated: the hypotheses, hidden constants 1. mended: moreover test outliers in the span of the training outliers (u = 0) and a
// context long enough for eps; for Mamba kappa_a' sum(lambda) >= kappa_a, so that gates see at test what they saw in training;
// for the linear Transformer, which has no gate to shut them out, kappa_a' <= 2 kappa_a.
enum class Region { stated, mended };

// Mamba: alpha^l <= exp(-l (1 - alpha)) <= eps/4. Linear Transformer, a majority vote: Hoeffding, exp(-2 l (1/2 - alpha)^2) <=
// eps.
double sufficient_length(const Setting& s, Architecture architecture);

// Setting `index` of a stream inside every hypothesis of Theorem 2 (Mamba) or 4 (linear Transformer), of modest size, trained for
// 60 T_M (or T_T): drawn and redrawn. Half of the draws stand in a corner: kappa_a' = kappa_a, sum = L, alpha just below (c), or
// the shortest context.
Setting setting_inside(Architecture architecture, Region region, const Stream& stream, std::uint32_t index);

// alpha just below the bound of (c).
double largest_alpha(const Setting& s);

}  // namespace mambound
