// The rounding bounds themselves: no route to F or to a gradient is further from its value at 100 digits than its bound.
#include "ladder_sweep.hpp"

namespace mambound {
namespace {

// A real number at 100 digits and how far that is off at most.
struct Reference {
    mp100 value;
    double error;

    template <class Route>
    explicit Reference(Route&& route) : value(route.template operator()<mp100>()), error(error_bound<mp100>(route)) {}
};

// The error of a route in S over `share` of its bound and that of the reference.
template <Scalar S, class Route>
Discrepancy exceedance(Route&& route, const Reference& exact, double share) {
    const S computed = route.template operator()<S>();
    const double bound = share * error_bound<S>(route) + exact.error;
    if constexpr (EnclosingScalar<S>) {
        const bool inside = mp100(computed.lower()) <= exact.value && exact.value <= mp100(computed.upper());
        return {inside ? 0.0 : 2.0, false};
    } else if constexpr (std::same_as<S, mp100>) {
        return {0, true};  // it is the reference
    } else {
        if (!std::isfinite(bound)) return {0, true};
        const double error = static_cast<double>(abs(mp100(exactly(computed) - exact.value)));
        return {error == 0 ? 0 : error / bound, false};
    }
}

Evidence of_F(Laboratory& lab, double share) {
    return ratio_evidence(
        over_the_ladder(lab, "error_bound.F", share == 1 ? Sweep::statement : Sweep::control, [&]<class S>(const Case& c) {
            const auto closed = [&]<class T>() { return Prepared<T>(c).closed(); };
            const Reference F(closed);
            Discrepancy worst = exceedance<S>(closed, F, share);
            worst += exceedance<S>([&]<class T>() { return recurrence(Prepared<T>(c).psi, Prepared<T>(c).p); }, F, share);
            worst += exceedance<S>([&]<class T>() { return Prepared<T>(c).tables(c.prompt); }, F, share);
            return judged<S>(c, worst);
        }));
}

// (135) for one coordinate of w, which sums over every gate.
Evidence of_gradient(Laboratory& lab, double share) {
    return ratio_evidence(
        over_the_ladder(lab, "error_bound.gradient", share == 1 ? Sweep::statement : Sweep::control, [&]<class S>(const Case& c) {
            const auto k = static_cast<Eigen::Index>(c.prompt.query().relevant);
            const auto formula = [&]<class T>() { return gradient_by_formula<T>(c, c.prompt.z()).w(k); };
            const Reference derivative(formula);
            Discrepancy worst = exceedance<S>(formula, derivative, share);
            worst += exceedance<S>([&]<class T>() { return gradient_by_tables<T>(c, c.prompt.z()).w(k); }, derivative, share);
            return judged<S>(c, worst);
        }));
}

}  // namespace

std::vector<Claim> error_bound_claims() {
    return {{"error_bound.F",
             "F_error_le_running_bound",
             "F by (1), by (3) and by tables is within its running error bound of the value at 100 digits",
             "ours",
             {},
             [](Laboratory& lab) { return of_F(lab, 1); },
             {"within a sixteenth of it", [](Laboratory& lab) { return of_F(lab, 1. / 16); }}},
            {"error_bound.gradient",
             "gradient_error_le_running_bound",
             "dl/dw by (135) and by tables is within its running error bound of the value at 100 digits",
             "ours",
             {},
             [](Laboratory& lab) { return of_gradient(lab, 1); },
             {"within a sixteenth of it", [](Laboratory& lab) { return of_gradient(lab, 1. / 16); }}}};
}

}  // namespace mambound
