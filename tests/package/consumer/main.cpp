// What a user of the installed package writes: a claim of their own about a number type of their own.
#include <boost/multiprecision/cpp_bin_float.hpp>

#include "all_hold.hpp"
#include "case.hpp"
#include "mambound/model/forward.hpp"

using Binary40 = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<40, boost::multiprecision::digit_base_2>,
                                               boost::multiprecision::et_off>;

template <>
struct mambound::ScalarTraits<Binary40> {
    static constexpr std::string_view name = "binary40";
    static constexpr int digits = 40, tiny = -16494;
    static constexpr bool ordered = true;
};

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
    return all_hold({{"own.sum", "gates_sum_le_one", "in 40 bits the gates sum to at most 1 + 2^-30", "ours", {},
                      [](Laboratory& lab) { return largest_sum(lab, 1 + 0x1p-30); },
                      {"at most 1/2", [](Laboratory& lab) { return largest_sum(lab, 0.5); }}}});
}
