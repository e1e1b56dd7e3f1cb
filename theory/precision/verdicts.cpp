#include "verdicts.hpp"

#include <algorithm>
#include <cmath>

#include "../arithmetic.hpp"
#include "mambound/parallel.hpp"

namespace mambound {
namespace {

// The claims judged in a laboratory of their own, which reads `scalar`.
std::vector<Result> judged_in(const Laboratory& lab, const std::vector<Claim>& claims, const std::string& scalar,
                              std::uint64_t seed, int runs, bool with_control, std::vector<bool>* typed = nullptr) {
    Laboratory own(lab.setting(), scalar, seed, runs);
    own.set_full(lab.full());
    own.set_delta(lab.delta());
    std::vector<Result> results;
    for (const Claim& claim : claims) {
        own.forget_type_read();
        results.push_back(judge_claim(claim, own, with_control));
        if (typed) typed->push_back(own.type_was_read());
    }
    return results;
}

}  // namespace

std::vector<TypedVerdict> typed_verdicts(const Laboratory& lab, const std::vector<Claim>& claims,
                                         const std::vector<std::string>& scalars, int runs) {
    std::vector<bool> typed;
    const std::vector<Result> in_double = judged_in(lab, claims, "double", lab.seed(), runs, true, &typed);
    std::vector<Claim> asked;
    std::vector<Result> expected;
    for (std::size_t i = 0; i < claims.size(); ++i)
        if (typed[i]) {
            asked.push_back(claims[i]);
            expected.push_back(in_double[i]);
        }
    // The slowest first, so that no thread waits for it; reported in the order asked for.
    std::vector<std::vector<Result>> results(scalars.size());
    for_each_part(scalars.size(), [&](std::size_t k) {
        const std::size_t n = scalars.size() - 1 - k;
        results[n] = scalars[n] == "double" ? expected : judged_in(lab, asked, scalars[n], lab.seed(), runs, true);
    });
    std::vector<TypedVerdict> verdicts;
    for (std::size_t n = 0; n < scalars.size(); ++n)
        for (std::size_t i = 0; i < asked.size(); ++i) {
            const Result& r = results[n][i];
            verdicts.push_back({scalars[n], asked[i].id, r.verdict.status, r.control.status, expected[i].verdict.status,
                                r.verdict.evidence.measured});
        }
    return verdicts;
}

std::vector<int> significand_lengths() {
    std::vector<int> lengths;
    for (int bits = 3; bits <= 16; ++bits) lengths.push_back(bits);
    for (const int bits : {18, 20, 22, 24, 28, 32, 40, 48, 53, 64}) lengths.push_back(bits);
    std::reverse(lengths.begin(), lengths.end());
    return lengths;
}

std::string arithmetic_of_length(int bits) {
    return bits == 53 ? "double" : bits == 64 ? "long_double" : "p" + std::to_string(bits);
}

std::vector<AtLength> verdicts_at_length(const Laboratory& lab, const std::vector<Claim>& claims, int seeds, int bits) {
    const std::string scalar = arithmetic_of_length(bits);
    std::optional<SignificandBits> in_use;
    if (const int simulated = arithmetic(scalar).bits; simulated != 0) in_use.emplace(simulated);
    std::vector<AtLength> here;
    for (const Claim& c : claims) here.push_back({c.id, bits, std::vector<Status>(static_cast<std::size_t>(seeds))});
    for_each_part(static_cast<std::size_t>(seeds), [&](std::size_t k) {
        const std::uint64_t seed = derive_seed(lab.seed(), "precision significand", static_cast<std::uint32_t>(k));
        const std::vector<Result> results = judged_in(lab, claims, scalar, seed, 1, false);
        for (std::size_t i = 0; i < claims.size(); ++i) here[i].verdicts[k] = results[i].verdict.status;
    });
    return here;
}

std::vector<Shortest> shortest_significands(const std::vector<AtLength>& at) {
    std::vector<Shortest> result;
    for (const AtLength& reference : at) {
        if (reference.bits != 53) continue;
        Shortest s{reference.claim, reference.verdicts.front(), {}, {}, 1};
        std::vector<const AtLength*> own;
        for (const AtLength& a : at)
            if (a.claim == reference.claim) own.push_back(&a);
        std::sort(own.begin(), own.end(), [](const AtLength* a, const AtLength* b) { return a->bits > b->bits; });
        for (std::size_t k = 0; k < reference.verdicts.size(); ++k) {
            if (reference.verdicts[k] != Status::holds && reference.verdicts[k] != Status::refuted) continue;
            double shortest = 65;
            for (const AtLength* a : own) {
                if (a->verdicts[k] != reference.verdicts[k]) break;
                shortest = a->bits;
            }
            s.by_seed.push_back(shortest);
        }
        if (!s.by_seed.empty()) {
            s.range = {*std::min_element(s.by_seed.begin(), s.by_seed.end()),
                       *std::max_element(s.by_seed.begin(), s.by_seed.end())};
            s.miss = std::ldexp(2, -static_cast<int>(s.by_seed.size()));
        }
        result.push_back(std::move(s));
    }
    return result;
}

}  // namespace mambound
