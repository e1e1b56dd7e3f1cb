// Small models for certificates, and dense prompts from their witnesses: a route of its own to z F.
#pragma once

#include "mambound/certify/worst_case.hpp"
#include "mambound/model/forward.hpp"

namespace mambound {

// Weights and patterns in doubles.
struct CertifyCase {
    Parameters<double> psi;
    Matrix<double> mu, nu, v;  // [M1, d], [M2, d], [V, d]

    EnclosedModel enclosed() const {
        return enclosed_model(convert<Interval>(psi), atoms_of(enclose(mu), enclose(nu), enclose(v), 1, 1));
    }
    // z F of a witness on dense tokens by (3).
    double evaluate(const PromptClass& of, const Witness& w) const {
        const Eigen::Index l = static_cast<Eigen::Index>(w.order.size()), d = mu.cols();
        Matrix<double> p = Matrix<double>::Zero(l + 1, d + 1);
        const auto kappa = [&](std::int64_t weight) { return of.kappa * (static_cast<double>(weight) * 0x1p-31); };
        for (Eigen::Index i = 0; i < l; ++i) {
            const CertifiedToken& t = w.token(static_cast<std::size_t>(i));
            p.row(i).head(d) = mu.row(t.relevant) + kappa(t.weight) * nu.row(t.irrelevant);
            for (std::size_t s = 0; s < t.coefficients.size(); ++s)
                p.row(i).head(d) += t.magnitude * t.coefficients[s] * v.row(static_cast<Eigen::Index>(s));
            p(i, d) = t.label;
        }
        p.row(l).head(d) = mu.row(w.query.query) + kappa(w.weight) * nu.row(w.query.irrelevant);
        return w.query.z * closed_form(psi, p).F;
    }

private:
    static Matrix<Interval> enclose(const Matrix<double>& a) {
        Matrix<Interval> result(a.rows(), a.cols());
        for (Eigen::Index i = 0; i < a.size(); ++i) result.data()[i] = read<Interval>(a.data()[i]);
        return result;
    }
};

// mu_1 = e_1, mu_2 = e_2, nu = e_3, v = e_4, the label e_5; w = 0, so every gate is 1/2 (or none); W_B = I and
// W_C = I but that its row 4 is `pull` e_1, so an outlier of magnitude m adds m pull to the score with a query mu_1 and nothing
// with mu_2: s(mu_i + kappa nu + m v, mu_q + kappa_q nu) = [i = q] + kappa kappa_q + m pull [q = 1].
inline CertifyCase half_gates(double pull, bool gated = true) {
    const auto unit = [](Eigen::Index i) {
        Matrix<double> e = Matrix<double>::Zero(1, 4);
        e(0, i) = 1;
        return e;
    };
    CertifyCase c{
        {Matrix<double>::Identity(5, 5), Matrix<double>::Identity(5, 5), {}}, Matrix<double>::Zero(2, 4), unit(2), unit(3)};
    c.mu(0, 0) = c.mu(1, 1) = 1;
    c.psi.W_C(3, 3) = 0;
    c.psi.W_C(3, 0) = pull;
    if (gated) c.psi.w = Vector<double>::Zero(5);
    return c;
}

// Random patterns and weights from a stream, entries normal, those of w times `gates`; V may be 0.
inline CertifyCase random_certify_case(std::uint64_t seed, int M1, int M2, int V, int d, double gates, bool gated = true) {
    std::uint32_t item = 0;
    const Stream stream{seed, purpose("certify case"), 0};
    const auto draw = [&](Eigen::Index rows, Eigen::Index columns, double scale) {
        Matrix<double> a(rows, columns);
        for (Eigen::Index i = 0; i < a.size(); ++i) a.data()[i] = scale * standard_normal(stream, item++);
        return a;
    };
    CertifyCase c{{draw(d + 1, d + 1, 0.5), draw(d + 1, d + 1, 0.5), {}}, draw(M1, d, 1), draw(M2, d, 1), draw(V, d, 1)};
    if (gated) c.psi.w = draw(d + 1, 1, gates);
    return c;
}

}  // namespace mambound
