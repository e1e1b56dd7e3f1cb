// Certificates under attack: an adversary that shares no code with them searches dense prompts through (3) and must not get below
// what was proved; and must get below what is proved of too small a class.

#include <cstdio>

#include "mambound/certify/worst_case.hpp"
#include "mambound/model/forward.hpp"
#include "mambound/training/sgd.hpp"
#include "property.hpp"

namespace mambound {
namespace {

// A model of small random size: random weights, or trained a few steps of Algorithm 1.
struct Model {
    Parameters<double> psi;
    Matrix<double> mu, nu, v;
    PromptClass of;
};

Matrix<Interval> enclose(const Matrix<double>& a) {
    Matrix<Interval> result(a.rows(), a.cols());
    for (Eigen::Index i = 0; i < a.size(); ++i) result.data()[i] = read<Interval>(a.data()[i]);
    return result;
}

WorstCase certify(const Model& m, const PromptClass& of) {
    return worst_case(enclosed_model(convert<Interval>(m.psi), atoms_of(enclose(m.mu), enclose(m.nu), enclose(m.v), 1, 1)), of);
}

Model any_model(bool trained) {
    using rc::gen::elementOf;
    using rc::gen::inRange;
    const int M1 = *inRange(2, 4), M2 = *inRange(1, 4), V = *inRange(1, 3);
    const bool gated = *inRange(0, 3) != 0;
    const std::uint64_t seed = *inRange<std::uint64_t>(0, 1 << 20);
    Model m;
    m.of.length = *inRange(0, 5) == 0 ? *inRange(20, 51) : *inRange(1, 13);
    m.of.kappa = *elementOf(std::vector{0., 0.25, 0.5, 1.});
    m.of.magnitude_lower = m.of.magnitude_upper = *elementOf(std::vector{0., 0.5, 2., 8.});
    const auto architecture = gated ? Architecture::mamba : Architecture::linear_transformer;
    if (trained) {
        const Geometry g{M1, M2, V, 2, 2};
        const Atoms<double> atoms = pattern_coordinates<double>(g, training_family(V), 1, 1);
        const PromptSampler sampler({10, M2, V, 0.5, LabelRule::coin, Placement::random, all_tasks(M1)});
        Sgd<double> sgd(initial_parameters<double>(architecture, g.axes(), g.axes(), 0.2, seed),
                        pattern_coordinates<double>(g, training_family(V), 0.5, 2), sampler,
                        {gated ? 0.3 : 0.03, 32, {seed, purpose("training prompts"), 0}});
        const int steps = *inRange(5, 150);
        for (int t = 0; t < steps; ++t) sgd.step();
        const auto rows = [&](int first, int count) { return Matrix<double>(atoms.vectors.block(first, 0, count, g.axes())); };
        return {sgd.parameters(), rows(0, M1), rows(M1, M2), rows(M1 + M2, V), m.of};
    }
    std::uint32_t item = 0;
    const Stream stream{seed, purpose("random weights"), 0};
    const int d = *inRange(2, 8);
    const double gates = *elementOf(std::vector{0., 0.3, 1., 10.});
    const auto draw = [&](Eigen::Index rows, Eigen::Index columns, double scale) {
        Matrix<double> a(rows, columns);
        for (Eigen::Index i = 0; i < a.size(); ++i) a.data()[i] = scale * standard_normal(stream, item++);
        return a;
    };
    m.psi = {draw(3, d + 1, 1), draw(3, d + 1, 1), {}};
    if (gated) m.psi.w = draw(d + 1, 1, gates);
    m.mu = draw(M1, d, 1);
    m.nu = draw(M2, d, 1);
    m.v = draw(V, d, 1);
    return m;
}

// One prompt of the class as the adversary holds it.
struct Example {
    int relevant, irrelevant, outlier, label;  // outlier -1: clean
    double kappa;
};
struct Guess {
    int query, other, z;
    Example at_query;
    std::vector<Example> examples;
};

class Adversary {
public:
    Adversary(const Model& m, std::uint64_t seed) : m_(m), seed_(seed) {}

    // The least z F it finds with k outliers.
    double search(int k, int starts) {
        double least = std::numeric_limits<double>::infinity();
        for (int s = 0; s < starts; ++s) least = std::min(least, descend(start(k)));
        return least;
    }

private:
    int below(std::size_t n) {
        const auto words = Stream{seed_, purpose("adversary"), 0}.words(drawn_++, 0);
        return static_cast<int>(words[0] % n);
    }
    double any_kappa() { return m_.of.kappa * (below(5) - 2) / 2; }
    int other_label(const Guess& g, int relevant) const { return relevant == g.query ? g.z : -g.z; }

    Example random_example(const Guess& g, bool outlier) {
        Example e{below(2) == 0 ? g.query : g.other, below(static_cast<std::size_t>(m_.nu.rows())), -1, 0, any_kappa()};
        e.label = outlier ? 2 * below(2) - 1 : other_label(g, e.relevant);
        if (outlier) e.outlier = below(static_cast<std::size_t>(m_.v.rows()));
        return e;
    }
    Guess start(int k) {
        Guess g;
        const int M1 = static_cast<int>(m_.mu.rows());
        g.query = below(static_cast<std::size_t>(M1));
        g.other = (g.query + 1 + below(static_cast<std::size_t>(M1 - 1))) % M1;
        g.z = 2 * below(2) - 1;
        g.at_query = {g.query, below(static_cast<std::size_t>(m_.nu.rows())), -1, 0, any_kappa()};
        for (int i = 0; i < m_.of.length; ++i) g.examples.push_back(random_example(g, i >= m_.of.length - k));
        return g;
    }

    Vector<double> token(const Example& e) const {
        Vector<double> p = Vector<double>::Zero(m_.mu.cols() + 1);
        p.head(m_.mu.cols()) = (m_.mu.row(e.relevant) + e.kappa * m_.nu.row(e.irrelevant)).transpose();
        if (e.outlier >= 0) p.head(m_.mu.cols()) += m_.of.magnitude_upper * m_.v.row(e.outlier).transpose();
        p(m_.mu.cols()) = e.label;
        return p;
    }
    double value(const Guess& g) const {
        Matrix<double> p(static_cast<Eigen::Index>(g.examples.size()) + 1, m_.mu.cols() + 1);
        for (std::size_t i = 0; i < g.examples.size(); ++i)
            p.row(static_cast<Eigen::Index>(i)) = token(g.examples[i]).transpose();
        p.row(p.rows() - 1) = token(g.at_query).transpose();
        return g.z * closed_form(m_.psi, p).F;
    }
    bool keep_if_less(Guess& g, const Guess& candidate, double& least) const {
        const double x = value(candidate);
        if (!(x < least)) return false;
        least = x;
        g = candidate;
        return true;
    }

    // Coordinate by coordinate, nearest the query first, until a sweep changes nothing; kappa in halves, then by halving steps.
    double descend(Guess g) {
        double least = value(g);
        bool changed = true;
        for (int sweep = 0; changed && sweep < 6; ++sweep) {
            changed = false;
            for (int k = 0; k < m_.nu.rows(); ++k)
                for (const double kappa : {-1., -0.5, 0., 0.5, 1.}) {
                    Guess c = g;
                    c.at_query.irrelevant = k;
                    c.at_query.kappa = kappa * m_.of.kappa;
                    changed |= keep_if_less(g, c, least);
                }
            for (std::size_t i = g.examples.size(); i-- > 0;) {
                changed |= replace(g, i, least);
                Guess c = g;  // outliers may stand elsewhere
                std::swap(c.examples[i], c.examples[static_cast<std::size_t>(below(g.examples.size()))]);
                changed |= keep_if_less(g, c, least);
            }
        }
        for (double step = m_.of.kappa / 2; step > 1e-4; step /= 2)
            for (std::size_t i = 0; i <= g.examples.size(); ++i)
                for (const double move : {-step, step}) {
                    Guess c = g;
                    double& kappa = i < g.examples.size() ? c.examples[i].kappa : c.at_query.kappa;
                    kappa = std::clamp(kappa + move, -m_.of.kappa, m_.of.kappa);
                    keep_if_less(g, c, least);
                }
        return least;
    }
    bool replace(Guess& g, std::size_t i, double& least) const {
        bool changed = false;
        const bool outlier = g.examples[i].outlier >= 0;
        for (const int relevant : {g.query, g.other})
            for (int k = 0; k < m_.nu.rows(); ++k)
                for (const double kappa : {-1., 0., 1.})
                    for (int s = 0; s < (outlier ? m_.v.rows() : 1); ++s)
                        for (const int label : {-1, 1}) {
                            if (!outlier && label != other_label(g, relevant)) continue;
                            if (m_.of.kappa == 0 && kappa != 0) continue;
                            Guess c = g;
                            c.examples[i] = {relevant, k, outlier ? s : -1, label, kappa * m_.of.kappa};
                            changed |= keep_if_less(g, c, least);
                        }
        return changed;
    }

    const Model& m_;
    std::uint64_t seed_;
    std::uint32_t drawn_ = 0;
};

// z F of a witness by (3).
double evaluate(const Model& m, const Witness& w) {
    const Eigen::Index l = m.of.length, d = m.mu.cols();
    Matrix<double> p = Matrix<double>::Zero(l + 1, d + 1);
    const auto kappa = [&](std::int64_t weight) { return m.of.kappa * (static_cast<double>(weight) * 0x1p-31); };
    for (Eigen::Index i = 0; i < l; ++i) {
        const CertifiedToken& t = w.token(static_cast<std::size_t>(i));
        p.row(i).head(d) = m.mu.row(t.relevant) + kappa(t.weight) * m.nu.row(t.irrelevant);
        for (std::size_t s = 0; s < t.coefficients.size(); ++s)
            p.row(i).head(d) += t.magnitude * t.coefficients[s] * m.v.row(static_cast<Eigen::Index>(s));
        p(i, d) = t.label;
    }
    p.row(l).head(d) = m.mu.row(w.query.query) + kappa(w.weight) * m.nu.row(w.query.irrelevant);
    return w.query.z * closed_form(m.psi, p).F;
}

// The largest |score| a prompt can have is what rounding is measured by.
double scale_of(const WorstCase& worst) {
    double scale = 0;
    for (const double x : worst.margin_upper) scale = std::max(scale, std::abs(x));
    return scale;
}

std::vector<int> counts_to_attack(const WorstCase& worst, int l) {
    std::vector<int> counts{0, l / 2, l};
    for (const int more : {1, 2})
        if (const int k = worst.certified_outliers() + more; k <= l) counts.push_back(k);
    std::sort(counts.begin(), counts.end());
    counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
    return counts;
}

// How the adversary's tolerance compares with the certified one, over all models of a test.
struct Comparison {
    int equal = 0, one_less = 0, further = 0;
};

void expect_unbeaten(const Model& m, Comparison& comparison) {
    const WorstCase worst = certify(m, m.of);
    const double scale = scale_of(worst);
    for (std::size_t k = 0; k < worst.margin_lower.size(); ++k) {
        RC_ASSERT(worst.margin_lower[k] <= worst.margin_upper[k]);
        RC_ASSERT(std::abs(evaluate(m, worst.witnesses[k]) - worst.margin_upper[k]) <= 1e-9 * scale);
    }
    Adversary adversary(m, 1);
    const int c = worst.certified_outliers();
    int beaten = m.of.length + 1;  // the least number of outliers with which it finds an error
    for (const int k : counts_to_attack(worst, m.of.length)) {
        const double found = adversary.search(k, m.of.length > 12 ? 3 : 8);
        RC_ASSERT(found >= worst.margin_lower[static_cast<std::size_t>(k)] - 1e-12 * scale);
        if (found <= 0) beaten = std::min(beaten, k);
    }
    ++(beaten == c + 1 ? comparison.equal : beaten == c + 2 ? comparison.one_less : comparison.further);
}

void report(const char* what, const Comparison& c) {
    std::printf("%s: certified tolerance equal to the attack's in %d models, one less in %d, further off in %d\n", what, c.equal,
                c.one_less, c.further);
    EXPECT_GT(c.equal + c.one_less, 2 * c.further);
}

TEST(Adversary, NeverGetsBelowWhatWasProvedOfRandomWeights) {
    Comparison comparison;
    for_all(150, [&] { expect_unbeaten(any_model(false), comparison); });
    report("random weights", comparison);
}

TEST(Adversary, NeverGetsBelowWhatWasProvedOfTrainedModels) {
    Comparison comparison;
    for_all(100, [&] { expect_unbeaten(any_model(true), comparison); });
    report("trained", comparison);
}

// Controls: what is proved of kappa = 0 alone, or of magnitude 0 alone, is not true of the whole class, and the adversary says
// so.
TEST(Adversary, BeatsBoundsOfTooSmallAClass) {
    int without_kappa = 0, without_outliers = 0;
    constexpr int models = 20;
    for (std::uint32_t seed = 0; seed < models; ++seed) {
        const Geometry g{2, 2, 1, 2, 2};
        Model m;
        m.of = {6, 1, 8, 8, {}, OutlierPositions::any};
        const Atoms<double> atoms = pattern_coordinates<double>(g, training_family(1), 1, 1);
        m.psi = initial_parameters<double>(Architecture::mamba, g.axes(), g.axes(), 0.5, seed);
        m.mu = atoms.vectors.block(0, 0, 2, 5);
        m.nu = atoms.vectors.block(2, 0, 2, 5);
        m.v = atoms.vectors.block(4, 0, 1, 5);
        const double found = Adversary(m, seed).search(3, 4);
        PromptClass smaller = m.of;
        smaller.kappa = 0;
        without_kappa += found < certify(m, smaller).margin_lower[3];
        smaller = m.of;
        smaller.magnitude_lower = smaller.magnitude_upper = 0;
        without_outliers += found < certify(m, smaller).margin_lower[3];
    }
    EXPECT_EQ(without_kappa, models);
    EXPECT_GE(without_outliers, models / 2);
}

}  // namespace
}  // namespace mambound
