// Prints a hash of every bit that a small piece of work produces, a line for each number type. tests/bits/run.sh builds it in
// several ways and compares: the same seed must give the same bits.
//   bits THREADS
#include <tbb/global_control.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "mambound/training/sgd.hpp"

namespace {

using namespace mambound;

// FNV-1a over the value bytes of numbers (not over padding).
class Hash {
public:
    void add(const void* data, std::size_t size) {
        const auto* bytes = static_cast<const unsigned char*>(data);
        for (std::size_t i = 0; i < size; ++i) h_ = (h_ ^ bytes[i]) * 1099511628211u;
    }
    template <class S>
    void add(const S& x) {
        add(&x, std::same_as<S, long double> ? 10 : sizeof x);
    }
    template <class S>
    void all(const S& entries) {
        for (Eigen::Index i = 0; i < entries.size(); ++i) add(entries.data()[i]);
    }
    template <class S>
    void all(const Parameters<S>& psi) {
        all(psi.W_B), all(psi.W_C), all(psi.w);
    }
    unsigned long long value() const { return h_; }

private:
    std::uint64_t h_ = 14695981039346656037u;
};

constexpr Geometry geometry{4, 3, 2, 2, 1.5};

PromptSampler sampler() {
    return PromptSampler({9, 3, 2, 0.4, LabelRule::coin, Placement::random, all_tasks(4)});
}

template <Scalar S>
unsigned long long work() {
    Hash hash;
    const Atoms<S> atoms = pattern_coordinates<S>(geometry, training_family(2), 0.5, 2);
    Parameters<S> psi = initial_parameters<S>(Architecture::mamba, geometry.axes(), 30, 0.2, 7);
    hash.all(psi);
    const Stream stream{11, purpose("bits"), 0};
    for (std::uint32_t b = 0; b < 20; ++b) {  // sampling, dense forward passes, gates, gradients
        Prompt prompt;
        sampler().draw(prompt, stream, b);
        const Matrix<S> p = tokens(prompt, atoms);
        const Forward<S> f = closed_form(psi, p);
        hash.all(p), hash.add(f.F), hash.all(f.gates), hash.all(f.scores), hash.add(recurrence(psi, p));
        hash.all(hinge_gradient(psi, p, prompt.z()).gradient);
    }
    for (int i = -60; i <= 60; ++i) {  // gates from open to shut
        const S u = read<S>(i / 3.);
        const Gate<S> g = gate(u);
        hash.add(g.open), hash.add(g.keep), hash.add(softplus(u));
    }
    Sgd<S> sgd(psi, atoms, sampler(), {0.1, 40, {13, purpose("bits training"), 0}});
    for (int t = 0; t < 40; ++t) hash.add(sgd.step());
    hash.all(sgd.parameters());
    char text[64];
    for (Eigen::Index i = 0; i < psi.w.size(); ++i)
        hash.add(text, static_cast<std::size_t>(
                           std::snprintf(text, sizeof text, "%.21Lg", static_cast<long double>(sgd.parameters().w(i)))));
    return hash.value();
}

}  // namespace

int main(int, char** arguments) {
    const tbb::global_control threads(tbb::global_control::max_allowed_parallelism,
                                      static_cast<std::size_t>(std::atoi(arguments[1])));
    std::printf("float %016llx\n", work<float>());
    std::printf("double %016llx\n", work<double>());
    std::printf("long_double %016llx\n", work<long double>());
}
