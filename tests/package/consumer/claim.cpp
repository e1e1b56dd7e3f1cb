// A claim of one's own, here about a number type of one's own.
#include "all_hold.hpp"
#include "binary40.hpp"
#include "case.hpp"
#include "mambound/model/forward.hpp"

using namespace mambound;

// The largest sum_i G_i over random cases in 40 bits, said to be at most `allowed`.
Evidence largest_sum(const Laboratory& lab, double allowed) {
    Evidence e{EvidenceKind::derived, Relation::at_most, allowed};
    for (std::uint32_t i = 0; i < 200; ++i) {
        const Case c = random_case(lab.stream("own claim"), i);
        const Vector<Binary40> G = gates(convert<Binary40>(c.psi).w, tokens(c.prompt, c.atoms<Binary40>()));
        const double sum = to_double(Binary40(G.sum()));
        e.include(sum, {sum, sum}, 1);
    }
    return e;
}

int main() {
    return all_hold({{"own.sum",
                      "gates_sum_le_one",
                      "in 40 bits the gates sum to at most 1 + 2^-30",
                      "ours",
                      {},
                      [](Laboratory& lab) { return largest_sum(lab, 1 + 0x1p-30); },
                      {"at most 1/2", [](Laboratory& lab) { return largest_sum(lab, 0.5); }}}});
}
