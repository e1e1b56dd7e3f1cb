#include "mambound/certify/law_of_sum.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "mambound/scalar/interval.hpp"

namespace mambound {
namespace {

constexpr int most_terms = 1 << 14;

struct Complex {
    double re = 0, im = 0;
};
Complex operator*(const Complex& a, const Complex& b) {  // off by sqrt(5) 2^-53 |a b|
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
double size(const Complex& a) {
    return std::sqrt(a.re * a.re + a.im * a.im);
}

template <class Number>
Number power(Number x, int n, Number result) {
    for (; n > 0; n /= 2) {
        if (n % 2 == 1) result = result * x;
        x = x * x;
    }
    return result;
}
double power(double x, int n) {
    return power(x, n, 1.0);
}

double largest(const std::vector<double>& list) {
    double most = 0;
    for (const double x : list) most = std::max(most, std::abs(x));
    return most;
}

// cos x + i sin x for |x| <= 1/2 (itself rounded once), off by at most 2^-49: the 18 terms of the series are off by 1.7 2^-53
// together, their sums by 9 2^-53 and 5 2^-53, what is left out is below 1e-21.
Complex turn(double x) {
    Complex sum;
    double term = 1;
    for (int k = 0; k < 18; ++k) {
        (k % 2 == 0 ? sum.re : sum.im) += k % 4 < 2 ? term : -term;
        term *= x / (k + 1);
    }
    return sum;
}

// sinh(x)/x, 0 <= x <= 16, to 2^-47.
double sinh_over(double x) {
    if (x >= 0.25) return (exponential(x) - exponential(-x)) / (2 * x);
    double sum = 1, term = 1;
    for (int k = 1; k < 8; ++k) sum += term *= x * x / (2 * k * (2 * k + 1));
    return sum;
}
double cosh_of(double x) {
    return (exponential(x) + exponential(-x)) / 2;
}

// One range of c, tilted at its middle. Weights are relative to those of all, which `scale` multiplies again.
class Series {
public:
    Series(const SumOfTokens& sum, const Coefficients& range);
    ProbabilityBounds bounds();
    double work() const { return work_; }

private:
    void tilt();
    void spread();
    double bound(double t) const;
    double tail(int terms) const;
    double add_terms(int terms, double& error) const;

    const SumOfTokens& sum_;
    double middle_, half_;  // of the range: exact
    std::vector<double> value_, width_;
    double theta_ = 0, tau_ = 0, end_ = 0, blur_ = 0, off_ = 0;  // end: exp(-theta pi/tau)
    double class_scale_ = 1, pattern_scale_ = 1;
    std::vector<double> class_weight_;
    // For every c of the range: E|Y| and E Y^2 for Y = dX/dc under the tilted law of the middle, how much tilting can change, and
    // bounds on the patterns' part of a term: sum of most min(1, reach/|s|).
    double first_ = 0, second_ = 0, change_ = 1, class_change_ = 1;
    std::vector<double> most_, reach_;
    double work_ = 0;
};

Series::Series(const SumOfTokens& sum, const Coefficients& range)
    : sum_(sum), middle_((range.lower + range.upper) / 2), half_((range.upper - range.lower) / 2) {
    for (std::size_t j = 0; j < sum.value.size(); ++j) value_.push_back(sum.value[j] + middle_ * sum.slope[j]);
    for (std::size_t k = 0; k < sum.width.size(); ++k) width_.push_back(std::abs(sum.width[k] + middle_ * sum.growth[k]));
    const double farthest = std::max({largest(value_), largest(width_), 1e-100});
    blur_ = 0x1p-20 * farthest;
    off_ = sum.off + 1.001 * blur_;
    const double reach = sum.length * (largest(value_) + largest(width_) + half_ * (largest(sum.slope) + largest(sum.growth)));
    tau_ = std::min(3.1 / (reach + off_), 0.499 / farthest);
    tilt();
    spread();
}

// theta near where the tilted mean is 0: within what keeps the tilted weights to 2^-47 (theta times any value at most 16).
void Series::tilt() {
    const double farthest = std::max({largest(value_), largest(width_), 1e-100});
    const auto mean_is_positive = [&](double theta) {
        double sum = 0, mean = 0, pattern_sum = 0, pattern_mean = 0;  // the patterns' mean is below 0
        for (std::size_t j = 0; j < value_.size(); ++j) {
            const double p = sum_.share[j] * exponential(-theta * value_[j]);
            sum += p;
            mean += p * value_[j];
        }
        for (const double w : width_) {
            const double x = theta * w, p = sinh_over(x);
            pattern_sum += p;
            pattern_mean += x > 0.01 ? (cosh_of(x) - p) / theta : p * x * w / 3;  // p w (coth x - 1/x)
        }
        return mean * pattern_sum > pattern_mean * sum;
    };
    double least = 0.5 / (sum_.length * farthest), most = 15.9 / farthest;
    for (int i = 0; i < 20; ++i) (mean_is_positive((least + most) / 2) ? least : most) = (least + most) / 2;
    theta_ = least;
    end_ = exponential(-theta_ * std::numbers::pi / tau_);
    class_scale_ = 0;
    for (std::size_t j = 0; j < value_.size(); ++j) {
        class_weight_.push_back(sum_.share[j] * exponential(-theta_ * value_[j]));
        class_scale_ += class_weight_.back();
    }
    for (double& p : class_weight_) p /= class_scale_;
    pattern_scale_ = 0;
    for (const double w : width_) pattern_scale_ += sinh_over(theta_ * w);
    pattern_scale_ /= static_cast<double>(width_.size());
}

// |X(c) - X(middle)| <= half |Y|. E u^2 under exp(-x u), x >= 0, is 1 + 2/x^2 - 2 coth(x)/x <= 1/3 + 2 x^2/45, as x coth x >=
// 1 + x^2/3 - x^4/45.
void Series::spread() {
    double slope = 0, slope_square = 0, growth = 0, growth_square = 0;
    for (std::size_t j = 0; j < value_.size(); ++j) {
        slope += class_weight_[j] * std::abs(sum_.slope[j]);
        slope_square += class_weight_[j] * sum_.slope[j] * sum_.slope[j];
    }
    const double each = 1 / (static_cast<double>(width_.size()) * pattern_scale_);
    for (std::size_t k = 0; k < width_.size(); ++k) {
        const double x = theta_ * width_[k], weight = each * sinh_over(x), m = std::abs(sum_.growth[k]),
                     u_square = std::min(1.0, 1. / 3 + 2 * x * x / 45);
        growth += weight * m * std::sqrt(u_square);
        growth_square += weight * m * m * u_square;
        const double widest = width_[k] + half_ * m, narrowest = 0.999999 * width_[k] - half_ * m;
        most_.push_back(1.0001 * each * sinh_over(theta_ * widest));
        reach_.push_back(narrowest > 0 ? 1.0001 * each * cosh_of(theta_ * widest) / narrowest : -1);
    }
    const double root = std::sqrt(slope_square) + std::sqrt(growth_square);
    first_ = 1.0001 * (slope + growth);
    second_ = 1.0001 * root * root;
    class_change_ = 1.0001 * exponential(theta_ * half_ * largest(sum_.slope));
    change_ = 1.0001 * exponential(theta_ * half_ * (largest(sum_.slope) + largest(sum_.growth)));
}

// Of one example's transform at -theta + i t, for every c of the range.
double Series::bound(double t) const {
    double sum = 0;
    for (std::size_t k = 0; k < most_.size(); ++k) sum += reach_[k] < 0 ? most_[k] : std::min(most_[k], reach_[k] / t);
    return class_change_ * sum;
}

// Of the terms from `terms` on: in blocks from n to 2 n - 1, in which the sum of 1/n is at most 1, and |g_n| <= 1/(pi n) for n
// and for -n. Past 1/blur, where the blur's transform is at most 1.01/(blur t), each block has at most half of the one before.
// Moving by `off` is a factor of at most exp(theta off) < e, as theta off < 1: (2/pi) 1.01 e < 2 (1.1), for which 2 and 1.1
// stand.
double Series::tail(int terms) const {
    double sum = 0;
    for (double n = terms;; n *= 2) {
        const double t = n * tau_, block = 2 * power(bound(t), sum_.length) * std::min(1.1, 1.1 / (blur_ * t));
        sum += block;
        if (blur_ * t > 1) return sum + block;
    }
}

double Series::add_terms(int terms, double& error) const {
    const int l = sum_.length;
    const double patterns = static_cast<double>(width_.size()), each = 1 / (patterns * pattern_scale_),
                 largest_s = std::sqrt(theta_ * theta_ + tau_ * terms * tau_ * terms);
    struct Wave {
        Complex now{1, 0}, step;
        double a = 0, b = 0;
    };
    std::vector<Wave> classes, wide;  // weight a; (a - b) cos + i (a + b) sin
    std::vector<double> narrow;
    double wide_sum = 0;
    for (std::size_t j = 0; j < value_.size(); ++j) classes.push_back({{1, 0}, turn(tau_ * value_[j]), class_weight_[j], 0});
    for (const double w : width_) {
        if (w * largest_s < 0.25) {
            narrow.push_back(w);
            continue;
        }
        const double x = theta_ * w, a = exponential(-x) * each / (2 * w), b = exponential(x) * each / (2 * w);
        wide.push_back({{1, 0}, turn(tau_ * w), a, b});
        wide_sum += a + b;
    }
    const double items = static_cast<double>(value_.size()) + patterns, shift = off_ * exponential(theta_ * off_);
    double total = 0;
    for (int n = 0; n < terms; ++n) {
        const double t = n * tau_, square = theta_ * theta_ + t * t, s = std::sqrt(square);
        const Complex inverse{-theta_ / square, -t / square};
        Complex first, second;
        for (Wave& w : classes) {
            first.re += w.a * w.now.re;
            first.im += w.a * w.now.im;
            w.now = w.now * w.step;
        }
        for (Wave& w : wide) {
            second.re += (w.a - w.b) * w.now.re;
            second.im += (w.a + w.b) * w.now.im;
            w.now = w.now * w.step;
        }
        second = second * inverse;
        const Complex s_square{theta_ * theta_ - t * t, -2 * theta_ * t};
        for (const double w : narrow) {  // sinh(x)/x by its series, 2^-45 short
            const Complex y{s_square.re * w * w, s_square.im * w * w};
            Complex p{1 + y.re / 72, y.im / 72};
            for (const double factor : {42., 20., 6.}) {
                p = y * p;
                p = {1 + p.re / factor, p.im / factor};
            }
            second.re += each * p.re;
            second.im += each * p.im;
        }
        const Complex f = first * second;
        // A wave is off by 2^-48 n: each step by 2^-49 from turn() and sqrt(5) 2^-53 from the product. A weight by 2^-47.
        const double off = (n + items + 8) * 0x1p-47, first_size = size(first), second_size = size(second),
                     second_off = off * (wide_sum / s + 2) + 0x1p-44,
                     f_off = 1.01 * off * (second_size + second_off) + second_off * first_size + 0x1p-50,
                     at_middle = size(f) + f_off, slope = s * first_ * change_,
                     anywhere = std::min(bound(s), at_middle + half_ * slope), l_2 = power(anywhere, std::max(l - 2, 0)),
                     l_1 = l > 1 ? l_2 * anywhere : 1, blurred = s * blur_,
                     curvature = l * ((l - 1) * l_2 * slope * slope + l_1 * square * second_ * change_);
        const double g = (n == 0 ? 1 : 2) * tau_ / (2 * std::numbers::pi), here = 1 + (n % 2 == 0 ? -end_ : end_);
        const Complex of_sum = power(f, l, Complex{1, 0});
        total += g * here * (of_sum.re * theta_ - of_sum.im * t) / square;
        error += g * (1 + end_) / s *
                 (l * power(at_middle, l - 1) * f_off + power(at_middle, l) * ((l + 20) * 0x1p-49 + terms * 0x1p-51) +
                  l_1 * anywhere * (s * shift + (1 + s * shift) * blurred * blurred) + half_ * half_ / 6 * curvature);
    }
    return total;
}

ProbabilityBounds Series::bounds() {
    work_ = 1000.0 * static_cast<double>(width_.size());
    if (!(theta_ * off_ < 1) || sum_.length > most_terms) return {};
    int terms = 32;
    double left = tail(terms);
    while (left > 1e-6) {
        terms += terms / 4;
        if (terms > most_terms) return {};
        left = tail(terms);
    }
    work_ += 4.0 * terms * static_cast<double>(value_.size() + width_.size() + 10);
    double error = 0;
    const double total = add_terms(terms, error);
    error = 1.001 * (error + left) + 1e-290;
    if (!(error < 1e290)) return {};
    // Shares are off by 4 2^-53 of themselves.
    const Interval scale = power(Interval(class_scale_, class_scale_) * Interval(pattern_scale_, pattern_scale_), sum_.length,
                                 Interval(1)) *
                           Interval(1 - sum_.length * 0x1p-50, 1 + sum_.length * 0x1p-50),
                   value = scale * (Interval(total, total) + Interval(-error, error));
    return {std::clamp(value.lower(), 0.0, 1.0), std::clamp(value.upper(), 0.0, 1.0)};
}

}  // namespace

ProbabilityBounds error_of_sum(const SumOfTokens& sum, const Coefficients& range, double& work) {
    Series series(sum, range);
    const ProbabilityBounds bounds = series.bounds();
    work = series.work();
    return bounds;
}

}  // namespace mambound
