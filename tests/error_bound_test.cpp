// The bounds by running analysis against the formulas of the docstring written out, and against wrong formulas.
#include "mambound/model/error_bound.hpp"

#include <gtest/gtest.h>

#include "mambound/training/gradient.hpp"
#include "small_case.hpp"

namespace mambound {
namespace {

constexpr double u = 0x1p-24;  // the bounds below are those of float

double ufp(double x) {
    return x == 0 ? 0 : std::exp2(std::floor(std::log2(std::abs(x))));
}

// A number with its error to first order; the derivation, by hand.
struct Bounded {
    double x, e;
};
double rounding_of(double x) {
    return u * ufp(x);
}
double product_error(const Bounded& a, const Bounded& b) {
    return std::abs(a.x) * b.e + std::abs(b.x) * a.e + rounding_of(a.x * b.x);
}
// sum_k ( |a_k| e(b_k) + |b_k| e(a_k) + r(a_k b_k) ) + u sum_{k>=2} ufp(A_k)
Bounded dot_of(const std::vector<Bounded>& a, const std::vector<Bounded>& b) {
    Bounded sum{0, 0};
    for (std::size_t k = 0; k < a.size(); ++k) {
        sum.x += a[k].x * b[k].x;
        sum.e += product_error(a[k], b[k]) + (k > 0 ? rounding_of(sum.x) : 0);
    }
    return sum;
}

// Tokens and parameters in general position: products of up to 24 bits, no powers of two, no cancellation to zero.
Matrix<double> some_tokens() {
    return matrix<double>({{0.7f, 1}, {-1.3f, -1}, {0.9f, 1}, {1.1f, 0}});
}
Parameters<double> some_parameters() {
    return {matrix<double>({{0.6f, 0.3f}, {-0.4f, 0.9f}}), matrix<double>({{0.7f, -0.2f}, {0.3f, 0.8f}}),
            vector<double>({0.45f, -0.35f})};
}

// Every quantity of the forward pass by the formulas of model/error_bound.hpp.
struct ByHand {
    std::vector<Bounded> logit, open, keep, gate, score;
    Bounded closed_form, recurrence;

    ByHand() {
        const Parameters<double> psi = some_parameters();
        const Matrix<double> p = some_tokens();
        const Eigen::Index l = p.rows() - 1;
        const auto exact = [](const auto& v) {
            std::vector<Bounded> b;
            for (Eigen::Index k = 0; k < v.size(); ++k) b.push_back({v(k), 0});
            return b;
        };
        // An exact factor 1, 0 or -1 does not round.
        const auto with_token = [&](Eigen::Index i, const std::vector<Bounded>& a) {
            Bounded s{p(i, 0) * a[0].x, std::abs(p(i, 0)) * a[0].e + rounding_of(p(i, 0) * a[0].x)};
            if (p(i, 1) == 0) return s;
            s.x += p(i, 1) * a[1].x;
            s.e += a[1].e + rounding_of(s.x);
            return s;
        };
        for (Eigen::Index i = 0; i <= l; ++i) {
            logit.push_back(with_token(i, exact(psi.w)));
            const Gate<double> g = mambound::gate(logit.back().x);
            const double t = std::exp(-std::abs(logit.back().x)), L = 1 / (1 + t), e_t = 2 * rounding_of(t);
            const double moved = logit.back().e * g.open * g.keep, large = moved + L * L * (e_t + u) + u / 2,
                         small = moved + L * L * e_t + t * (L * L * u + u / 2) + rounding_of(t * L);
            const bool shut = logit.back().x < 0;
            open.push_back({g.open, shut ? small : large});
            keep.push_back({g.keep, shut ? large : small});
        }
        gate.resize(4);
        Bounded later{1, 0};
        for (std::size_t i = 4; i-- > 0;) {
            const bool first = i == 3;  // times an exact one
            gate[i] = first ? open[i] : Bounded{open[i].x * later.x, product_error(open[i], later)};
            later = first ? keep[i] : Bounded{keep[i].x * later.x, product_error(keep[i], later)};
        }
        const std::vector<Bounded> c{with_token(l, exact(psi.W_C.row(0))), with_token(l, exact(psi.W_C.row(1)))};
        const std::vector<Bounded> b{dot_of(exact(psi.W_B.col(0)), c), dot_of(exact(psi.W_B.col(1)), c)};
        for (Eigen::Index i = 0; i < l; ++i) score.push_back(with_token(i, b));
        std::vector<Bounded> signed_gate(gate.begin(), gate.end() - 1);
        for (std::size_t i = 0; i < 3; ++i) signed_gate[i].x *= p(static_cast<Eigen::Index>(i), 1);
        closed_form = dot_of(signed_gate, score);

        std::vector<Bounded> h{{0, 0}, {0, 0}};
        for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t k = 0; k < 2; ++k) {
                const double y = p(static_cast<Eigen::Index>(i), 1);
                const Bounded B = with_token(static_cast<Eigen::Index>(i), exact(psi.W_B.row(static_cast<Eigen::Index>(k))));
                const Bounded kept{keep[i].x * h[k].x, product_error(keep[i], h[k])};
                const Bounded read{open[i].x * y * B.x, y == 0 ? 0 : product_error(open[i], B)};
                h[k] = {kept.x + read.x, kept.e + read.e + (kept.x != 0 && read.x != 0 ? rounding_of(kept.x + read.x) : 0)};
            }
        recurrence = dot_of(h, c);
    }
};

// Second order: products of two errors, at most 100 u of the whole.
void expect_same(const Running<float>& x, const Bounded& by_hand, const char* what) {
    EXPECT_NEAR(x.value(), by_hand.x, 1e-14) << what;
    EXPECT_NEAR(x.error() / by_hand.e, 1, 100 * u) << what;
}

TEST(ErrorBound, is_the_formula_of_each_route) {
    using R = Running<float>;
    const ByHand by_hand;
    const Parameters<R> psi = convert<R>(some_parameters());
    Matrix<R> p(4, 2);
    for (Eigen::Index i = 0; i < p.size(); ++i) p.data()[i] = read<R>(some_tokens().data()[i]);
    const Forward<R> f = closed_form(psi, p);
    for (Eigen::Index i = 0; i < 4; ++i) {
        const auto k = static_cast<std::size_t>(i);
        expect_same(dot(all(psi.w), row(p, i)), by_hand.logit[k], "logit");
        expect_same(gate(dot(all(psi.w), row(p, i))).open, by_hand.open[k], "sigma");
        expect_same(gate(dot(all(psi.w), row(p, i))).keep, by_hand.keep[k], "1 - sigma");
        expect_same(f.gates(i), by_hand.gate[k], "gate");
        if (i < 3) expect_same(f.scores(i), by_hand.score[k], "score");
    }
    expect_same(f.F, by_hand.closed_form, "F by (3)");
    expect_same(recurrence(psi, p), by_hand.recurrence, "F by (1)");
    const R loss = hinge_gradient(psi, p, -1).loss;
    expect_same(loss, {1 + by_hand.closed_form.x, by_hand.closed_form.e + rounding_of(1 + by_hand.closed_form.x)}, "loss");
}

// In float, and in double as a careless formula would be there: each is off by more than the bounds of both.
TEST(ErrorBound, is_exceeded_by_wrong_formulas) {
    const Parameters<double> psi = some_parameters();
    const Matrix<double> p = some_tokens();
    const double bound = error_bound<double>(
        [&]<class T>() { return closed_form(convert<T>(psi), Matrix<T>(p.unaryExpr([](double x) { return read<T>(x); }))).F; });
    EXPECT_LT(bound, 1e-14);
    const Forward<double> f = closed_form(psi, p);
    const auto F_of = [&](auto&& gate_of) {
        double F = 0;
        for (Eigen::Index i = 0; i < 3; ++i) F += gate_of(i) * p(i, 1) * f.scores(i);
        return F;
    };
    const auto keep = [&](Eigen::Index i) { return gate(psi.w.dot(p.row(i))).keep; };
    EXPECT_LE(std::abs(F_of([&](Eigen::Index i) { return f.gates(i); }) - f.F), bound);
    EXPECT_GT(std::abs(F_of([&](Eigen::Index i) { return i == 1 ? f.gates(i) / keep(2) : f.gates(i); }) - f.F), bound)
        << "a keep factor dropped";
    EXPECT_GT(std::abs(F_of([&](Eigen::Index i) { return f.gates(2 - i); }) - f.F), bound) << "the wrong order";
    EXPECT_GT(std::abs(F_of([&](Eigen::Index i) { return f.gates(i) * keep(i); }) - f.F), bound) << "a product that starts at i";
    EXPECT_GT(std::abs(-f.F - f.F), bound) << "the wrong sign";
}

// Found by the search of proptests/attained_properties.cpp on dense tokens in float, and kept: the bound is nearly attained.
struct Extremal {
    const char* what;
    double ratio;  // at least, error over bound
    Matrix<double> p;
    Parameters<double> psi;
};

std::vector<Extremal> extremal_cases() {
    const auto tokens = [](std::initializer_list<double> features, std::initializer_list<double> labels) {
        Matrix<double> p(static_cast<Eigen::Index>(features.size()), 2);
        std::copy(features.begin(), features.end(), p.col(0).begin());
        std::copy(labels.begin(), labels.end(), p.col(1).begin());
        return p;
    };
    return {{"gate 1",
             0.7,
             tokens({0x1.1e58cap-2, -0x1.61f684p-1}, {-1, 0}),
             {matrix<double>({{0x1.6ea3b6p-1, 0x1.8b24eep-1}}), matrix<double>({{0x1.6aac96p-1, 0x1.4a62bcp-1}}),
              vector<double>({0x1.50881p-2, -0x1.491facp-2})}},
            {"gate 4",
             0.5,
             tokens({-0x1.d13b2ep-7, 0x1.b1cf94p-2, 0x1.b1cf94p-2, -0x1.1b3946p-4, 0x1.293fc8p-4}, {-1, 1, 1, -1, 0}),
             {matrix<double>({{-0x1.cb9a1p-3, -0x1.5bcb38p-1}}), matrix<double>({{0x1.d859acp-1, 0x1.69610ap-5}}),
              vector<double>({0x1.a89568p-1, -0x1.eb20e6p-3})}},
            {"(3) 1",
             0.7,
             tokens({-0x1.bf7f68p-4, -0x1.72862p-7}, {1, 0}),
             {matrix<double>({{0x1.df8ad6p-3, -0x1.4ec942p-1}}), matrix<double>({{0x1.28ac78p-2, 0x1.2a2922p-1}}),
              vector<double>({0x1.82486ap-1, 0x1p+0})}},
            {"(3) 4",
             0.5,
             tokens({-0x1.3241e6p-4, -0x1.3241e6p-4, -0x1.3241e6p-4, 0x1.1ca65ap-1, 0x1.1ca65ap-1}, {1, 1, 1, -1, 0}),
             {matrix<double>({{-0x1.ea199p-1, 0x1.8ed93cp-5}}), matrix<double>({{0x1.8201cap-2, 0x1.71bd72p-2}}),
              vector<double>({0x1.a58b4ep-2, -0x1.2ca96cp-1})}},
            {"(1) 4",
             0.5,
             tokens({-0x1.7fcf56p-2, 0x1.b2cf94p-2, 0x1.b2cf94p-2, -0x1.1b3946p-4, 0x1.41fe4p-7}, {-1, 1, 1, -1, 0}),
             {matrix<double>({{-0x1.cbd9dp-3, -0x1.4bcb38p-1}}), matrix<double>({{0x1.d85aacp-1, 0x1.79600ap-5}}),
              vector<double>({0x1.a89568p-1, -0x1.eb20e6p-3})}},
            {"(118) 1",
             0.7,
             tokens({0x1.1e58cep-2, -0x1.61f684p-1}, {-1, 0}),
             {matrix<double>({{0x1.6ea3b6p-1, 0x1.8b24eep-1}}), matrix<double>({{0x1.6aec96p-1, 0x1.4a62bcp-1}}),
              vector<double>({0x1.50881p-2, -0x1.491facp-2})}},
            {"(135) 4",
             0.4,
             tokens({-0x1.3241e6p-4, -0x1.3241e6p-4, 0x1.165b36p-2, 0x1.1ca65ap-1, 0x1.1ca65ap-1}, {1, 1, 1, -1, 0}),
             {matrix<double>({{-0x1.ea199p-1, 0x1.8ed93cp-5}}), matrix<double>({{0x1.9201bap-2, 0x1.71be72p-2}}),
              vector<double>({0x1.a58b4ep-2, -0x1.d912dap-2})}}};
}

// The quantity an extremal case is named after, in T.
template <class T>
Vector<T> extremal_quantity(const Extremal& c) {
    const Parameters<T> psi = convert<T>(c.psi);
    Matrix<T> p(c.p.rows(), 2);
    for (Eigen::Index i = 0; i < p.size(); ++i) p.data()[i] = read<T>(c.p.data()[i]);
    const std::string what(c.what);
    if (what.starts_with("gate")) return closed_form(psi, p).gates.head(1);
    if (what.starts_with("(3)")) return Vector<T>::Constant(1, closed_form(psi, p).F);
    if (what.starts_with("(1)")) return Vector<T>::Constant(1, recurrence(psi, p));
    const LossGradient<T> g = hinge_gradient(psi, p, 1);
    if (what.starts_with("(135)")) return g.gradient.w;
    return Vector<T>(g.gradient.W_B.row(0).transpose());
}

TEST(ErrorBound, is_nearly_attained_by_the_extremal_cases) {
    for (const Extremal& c : extremal_cases()) {
        const Vector<float> computed = extremal_quantity<float>(c);
        const Vector<mp50> exact = extremal_quantity<mp50>(c);
        const Vector<Running<float>> bound = extremal_quantity<Running<float>>(c);
        double worst = 0;
        for (Eigen::Index i = 0; i < computed.size(); ++i)
            worst = std::max(worst, static_cast<double>(abs(mp50(mp50(computed(i)) - exact(i)))) / bound(i).error());
        EXPECT_LE(worst, 1) << c.what;
        EXPECT_GE(worst, 0.9 * c.ratio) << c.what;  // a tenth for another exp of the same accuracy
    }
}

TEST(ErrorBound, of_the_linear_transformer_has_no_gates) {
    const double bound =
        error_bound<double>([]<class T>() { return closed_form(small_parameters<T>(false), small_tokens<T>()).F; });
    EXPECT_LT(bound, 1e-13);
    EXPECT_GT(bound, 0);
}

}  // namespace
}  // namespace mambound
