// precision.*: the same data bits in every number type. What each keeps, where it departs, which conclusions change.
#include <algorithm>

#include "../claim.hpp"
#include "../precision/digits.hpp"
#include "../precision/forward.hpp"
#include "../precision/trajectory.hpp"
#include "../precision/verdicts.hpp"
#include "../study.hpp"

namespace mambound {
namespace {

// Rungs of at most `longest` bits of significand, then the pairs.
std::vector<std::string> arithmetics(int longest) {
    std::vector<std::string> names = rounding_rungs();
    std::erase_if(names, [&](const std::string& name) { return computed_bits(arithmetic(name)) > longest; });
    for (const std::string& pair : stored_pairs()) names.push_back(pair);
    return names;
}

constexpr int any_length = 1 << 16, below_reference = 200;  // mp100 is what trajectories are held against

// In quick, a quarter of T: 30 times the paper's T_M at the default setting.
Setting shortened(const Laboratory& lab) {
    Setting s = lab.setting();
    if (!lab.full()) s.T = std::max(1, s.T / 4);
    return s;
}

Laboratory at(const Laboratory& lab, const Setting& s) {
    return Laboratory(s, lab.scalar(), lab.seed(), lab.runs_per_claim());
}

bool is_part_of(const std::string& id, std::string_view whole) {
    return id == whole || id.starts_with(std::string(whole) + ".");
}

// Those of Figure 2 take ten million prompts, an hour at 50 digits.
std::vector<Claim> affordable_claims(bool full) {
    std::vector<Claim> claims = all_claims();
    std::erase_if(claims, [&](const Claim& c) { return c.since == Profile::full || (!full && is_part_of(c.id, "figure2")); });
    return claims;
}

// What Theorem 2 and Corollaries 1 and 2 say of Mamba.
std::vector<Claim> headline_claims() {
    std::vector<Claim> claims = all_claims();
    std::erase_if(claims, [](const Claim& c) {
        return c.since == Profile::full ||
               (c.id != "thm1" && c.id != "thm2" && !is_part_of(c.id, "cor1") && c.id != "cor2i" && c.id != "cor2ii");
    });
    return claims;
}

void emit_forward(Laboratory& lab, const Emit& emit) {
    std::vector<int> lengths{1, 10, 100, 1000};
    if (lab.full()) lengths.push_back(10000);
    for (const int length : lengths)
        for (const int scale : {1, 4, 16})
            emit([&] {
                Rows rows;
                for (const ForwardKept& k : forward_kept(lab, length, scale, std::clamp(6400 / length, 2, 64)))
                    rows.push_back(Row{lab.setting()}
                                       .add("type", k.scalar)
                                       .add("bits", k.bits)
                                       .add("l", k.length)
                                       .add("gate_scale", k.gate_scale)
                                       .add("prompts", static_cast<double>(k.prompts))
                                       .add("F_digits", k.F)
                                       .add("F_digits_least", k.F_worst)
                                       .add("gate_digits", k.gates)
                                       .add("signs_lost", k.signs_lost)
                                       .add("zero_gates", k.zero_gates)
                                       .add("saturated", k.saturated));
                return rows;
            });
}

void emit_trajectories(Laboratory& lab, const Emit& emit) {
    emit([&] {
        Rows rows;
        const Setting s = shortened(lab);
        for (const Pursuit& p : pursuits(at(lab, s), arithmetics(below_reference), s.T))
            for (const Followed& f : p.at) {
                rows.push_back(
                    Row{s}
                        .add("type", f.scalar)
                        .add("bits", f.bits)
                        .add("t", f.t)
                        .add("W_digits", f.W)
                        .add("w_digits", f.w)
                        .add("loss", f.loss)
                        .add("separated_iteration", p.separation ? p.separation->iteration : std::nan(""))
                        .add("separated_prompt", p.separation ? p.separation->prompt : std::nan(""))
                        .add("separated_token", p.separation && p.separation->token ? *p.separation->token : std::nan(""))
                        .add("diverged", p.diverged));
            }
        return rows;
    });
}

void emit_verdicts(Laboratory& lab, const Emit& emit) {
    const Setting s = shortened(lab);
    Laboratory own = at(lab, s);
    own.set_full(lab.full());
    const auto judge = [&](const std::vector<Claim>& claims, const std::vector<std::string>& types, int runs) {
        emit([&] {
            Rows rows;
            for (const TypedVerdict& v : typed_verdicts(own, claims, types, runs))
                rows.push_back(Row{s}
                                   .add("type", v.scalar)
                                   .add("claim", v.claim)
                                   .add("verdict", name(v.verdict))
                                   .add("control", name(v.control))
                                   .add("in_double", name(v.in_double))
                                   .add("flips", v.flips())
                                   .add("measured", v.measured));
            return rows;
        });
    };
    // In quick no more is judged in the long types than Theorem 2 and the corollaries at 50 digits.
    const int runs = lab.full() ? 3 : 1;
    judge(affordable_claims(lab.full()), arithmetics(lab.full() ? any_length : 64), runs);
    if (!lab.full()) judge(headline_claims(), {"mp50"}, runs);
}

void emit_significands(Laboratory& lab, const Emit& emit) {
    const Setting s = shortened(lab);
    const int seeds = lab.full() ? 20 : 4;
    const Laboratory own = at(lab, s);
    const auto judged = [&](int bits) -> const std::vector<AtLength>& {
        return lab.once<std::vector<AtLength>>("verdicts at " + std::to_string(bits) + " bits",
                                               [&] { return verdicts_at_length(own, headline_claims(), seeds, bits); });
    };
    const std::vector<int> lengths = significand_lengths();
    for (const int bits : lengths)
        emit([&] {
            Rows rows;
            // What is shortest is known when nothing shorter is left to try; the verdict in double, from 53 bits on.
            std::vector<AtLength> all;
            for (const int length : lengths)
                if (bits == lengths.back() || (bits <= 53 && length == 53))
                    all.insert(all.end(), judged(length).begin(), judged(length).end());
            const std::vector<Shortest> shortest = shortest_significands(all);
            for (const AtLength& a : judged(bits)) {
                Row row{s};
                row.add("claim", a.claim).add("bits", a.bits).add("seeds", seeds);
                for (const Status status : {Status::holds, Status::refuted, Status::undecided, Status::not_applicable})
                    row.add(std::string(name(status)),
                            static_cast<double>(std::count(a.verdicts.begin(), a.verdicts.end(), status)));
                const auto of =
                    std::find_if(shortest.begin(), shortest.end(), [&](const Shortest& x) { return x.claim == a.claim; });
                const bool known = of != shortest.end() && bits == lengths.back() && !of->by_seed.empty();
                std::vector<double> sorted = known ? of->by_seed : std::vector<double>{std::nan("")};
                std::sort(sorted.begin(), sorted.end());
                row.add("in_double", of != shortest.end() ? name(of->in_double) : "")
                    .add("shortest", sorted[sorted.size() / 2], known ? of->range : Range{std::nan(""), std::nan("")})
                    .add("shortest_miss", known ? of->miss : std::nan(""))
                    .add("shortest_seeds", known ? static_cast<double>(of->by_seed.size()) : std::nan(""));
                rows.push_back(std::move(row));
            }
            return rows;
        });
}

}  // namespace

std::vector<Study> precision_studies() {
    return {{"precision.forward", "how many digits of F and of the gates does each number type keep?", 108, emit_forward},
            {"precision.trajectories", "how long does training in each number type follow training at 100 digits?", 0,
             emit_trajectories},
            {"precision.verdicts", "which verdicts change with the number type?", 0, emit_verdicts},
            {"precision.significands", "how short a significand leads to the same conclusion?", 0, emit_significands}};
}

}  // namespace mambound
