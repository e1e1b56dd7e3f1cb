// The identities over generated cases: thousands in the fast types, hundreds at 50 digits.
#include "generators.hpp"
#include "identities/decay_identity.hpp"
#include "identities/identity.hpp"
#include "identities/squared_loss_identity.hpp"
#include "property.hpp"

namespace mambound {
namespace {

template <class S>
constexpr int cases = ScalarTraits<S>::digits > 64 || EnclosingScalar<S> ? 300 : 3000;

// "At most 1" with the factor that would have passed.
void expect_within(const Discrepancy& d) {
    RC_CLASSIFY(d.vacuous);
    if (!(d.ratio <= 1)) RC_FAIL("difference is " + std::to_string(d.ratio) + " times the rounding bound");
}

template <class S>
class Identities : public testing::Test {};
struct Names {
    template <class S>
    static std::string GetName(int) {
        return std::string(ScalarTraits<S>::name);
    }
};
using Ladder = testing::Types<bfloat16, half, float, double, long double, binary128, mp50, mp100, Interval, WideInterval>;
TYPED_TEST_SUITE(Identities, Ladder, Names);

TYPED_TEST(Identities, RecurrenceEqualsClosedForm) {
    for_all(cases<TypeParam>, [](const Case& c) { expect_within(recurrence_eq_closed_form<TypeParam>(c)); });
}

TYPED_TEST(Identities, GatesSumToOneMinusRest) {
    for_all(cases<TypeParam>, [](const Case& c) { expect_within(gates_sum_to_one_minus_rest<TypeParam>(c)); });
}

TYPED_TEST(Identities, LinearTransformerHasUnitGates) {
    for_all(cases<TypeParam>, [](const Case& c) { expect_within(linear_transformer_eq_unit_gates<TypeParam>(c)); });
}

TYPED_TEST(Identities, PatternCoordinatesEqualDense) {
    for_all(cases<TypeParam> / 3, [](const Case& c) { expect_within(pattern_coordinates_eq_dense<TypeParam>(c)); });
}

TYPED_TEST(Identities, ReversingTheContextKeepsTheLinearTransformer) {
    for_all(cases<TypeParam>,
            [](const Case& c) { expect_within(reversed_context<TypeParam>(c, Architecture::linear_transformer)); });
}

TYPED_TEST(Identities, GradientRoutesAgree) {
    constexpr bool slow = std::same_as<TypeParam, mp50>;  // with dual numbers: a forward pass for each parameter
    for_all(slow ? 100 : cases<TypeParam> / 3, [] {
        const Case c = *any_case(slow);
        bool clear = false;
        expect_within(gradient_routes_agree<TypeParam>(c, clear));
        RC_CLASSIFY(clear, "clear of the kink");
    });
}

TYPED_TEST(Identities, DecayedRecurrenceEqualsGatedAttention) {
    for_all(cases<TypeParam> / 3, [](const Case& c) {
        for (const DecayModel m : {DecayModel::mamba2, DecayModel::retnet, DecayModel::gated_retention, DecayModel::gla})
            expect_within(decayed_recurrence_eq_gated_attention<TypeParam>(m, c));
    });
}

TYPED_TEST(Identities, SquaredLossGradientEqualsDuals) {
    for_all(cases<TypeParam> / 3, [](const Case& c) {
        for (const Block b : {Block::W_C, Block::W_B, Block::w}) expect_within(squared_gradient_eq_duals<TypeParam>(b, c));
    });
}

TEST(Differences, AgreeWithTheGradientAt50Digits) {
    for_all(40, [] {
        const Case c = *any_case(true);
        bool clear = false;
        expect_within(gradient_eq_differences(c, clear));
        RC_CLASSIFY(clear, "hinge active");
    });
}

TEST(Enclosure, IntervalFContainsFAt100Digits) {
    for_all(300, [](const Case& c) {
        PromptPass<Interval> enclosing;
        PromptPass<mp100> exact;
        const Interval F = enclosing.forward(Readout<Interval>(convert<Interval>(c.psi), c.atoms<Interval>()), c.prompt);
        const mp100 truth = exact.forward(Readout<mp100>(convert<mp100>(c.psi), c.atoms<mp100>()), c.prompt);
        RC_ASSERT(mp100(F.lower()) <= truth);
        RC_ASSERT(truth <= mp100(F.upper()));
    });
}

// Sabotaged implementations must exceed the bound: the checks have power in every type with enough digits to see.
TEST(Sabotage, IsSeenInDouble) {
    for_all(200, [](const Case& c) {
        const double F = closed_form(c.psi, tokens(c.prompt, c.atoms<double>())).F;
        RC_PRE(std::abs(F) > 1e-9);
        Case flipped = c;
        flipped.psi.W_C = -flipped.psi.W_C;
        RC_ASSERT(compare_routes<double>([&]<class T>() { return Prepared<T>(c).closed(); },
                                         [&]<class T>() { return Prepared<T>(flipped).closed(); })
                      .ratio > 1);
    });
}

}  // namespace
}  // namespace mambound
