// Which conclusions change with the number type, and how short a significand still leads to them.
#pragma once

#include "../campaign.hpp"

namespace mambound {

// One claim in one arithmetic.
struct TypedVerdict {
    std::string scalar, claim;
    Status verdict, control, in_double;
    double measured = 0;
    bool flips() const { return verdict != in_double; }
};

// The claims that read trained models, judged in each arithmetic with the same seeds, `runs` training runs each; in the order of
// the arithmetics. A claim whose verdict does not depend on the laboratory's type (identities go over the whole ladder
// themselves) is left out.
std::vector<TypedVerdict> typed_verdicts(const Laboratory& lab, const std::vector<Claim>& claims,
                                         const std::vector<std::string>& scalars, int runs);

// One conclusion at one length of the significand: training, test and statistics are those of the claim, with one run a seed.
struct AtLength {
    std::string claim;
    int bits;
    std::vector<Status> verdicts;  // [seed]
};

// The shortest of the lengths swept that leads to the verdict at 53 bits, as every longer one swept does: 65 if not even 64 does;
// the last one swept if all do, so that a still shorter one might. Seeds for which double itself is undecided are left out.
struct Shortest {
    std::string claim;
    Status in_double;             // of the first seed
    std::vector<double> by_seed;  // bits, of the seeds for which double holds or refutes
    Range range;                  // least and greatest: it holds the median over the law of seeds but with probability `miss`
    double miss;                  // 2^(1 - seeds)
};
// Of every claim that has been judged at 53 bits.
std::vector<Shortest> shortest_significands(const std::vector<AtLength>& at);

// The lengths swept, longest first: 64 (long double), 53 (double), then simulated ones, every one from 16 down to 3.
std::vector<int> significand_lengths();
std::string arithmetic_of_length(int bits);
// Each claim at one length for `seeds` seeds.
std::vector<AtLength> verdicts_at_length(const Laboratory& lab, const std::vector<Claim>& claims, int seeds, int bits);

}  // namespace mambound
