// From evidence to verdict.
#include "verdict.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <type_traits>

namespace mambound {
namespace {

static_assert(!std::is_convertible_v<Verdict, bool> && !std::is_constructible_v<bool, Verdict>);
static_assert(!std::is_convertible_v<Status, bool> && !std::is_convertible_v<Status, int>);

constexpr double infinity = std::numeric_limits<double>::infinity();

Evidence evidence(Relation relation, double lower, double upper, double allowed = 0.1) {
    return {EvidenceKind::observed, relation, allowed, lower / 2 + upper / 2, {lower, upper}, 100, 1e-9, {}};
}

Status status(const Evidence& e) {
    return judge(e).status;
}

TEST(Judge, at_most_by_the_whole_interval) {
    EXPECT_EQ(status(evidence(Relation::at_most, 0.01, 0.09)), Status::holds);
    EXPECT_EQ(status(evidence(Relation::at_most, 0.11, 0.2)), Status::refuted);
    EXPECT_EQ(status(evidence(Relation::at_most, 0.09, 0.11)), Status::undecided);
    EXPECT_EQ(status(evidence(Relation::at_most, 0.01, 0.1)), Status::holds) << "the threshold itself is allowed";
    EXPECT_EQ(status(evidence(Relation::at_most, 0.1, 0.2)), Status::undecided) << "its lower end is allowed";
    EXPECT_EQ(status(evidence(Relation::at_most, 0.1, 0.1)), Status::holds);
    EXPECT_EQ(status(evidence(Relation::at_most, std::nextafter(0.1, 1), 0.2)), Status::refuted);
    EXPECT_EQ(status(evidence(Relation::at_most, 0.01, std::nextafter(0.1, 1))), Status::undecided);
}

TEST(Judge, at_least_by_the_whole_interval) {
    EXPECT_EQ(status(evidence(Relation::at_least, 0.11, 0.2)), Status::holds);
    EXPECT_EQ(status(evidence(Relation::at_least, 0.01, 0.09)), Status::refuted);
    EXPECT_EQ(status(evidence(Relation::at_least, 0.09, 0.11)), Status::undecided);
    EXPECT_EQ(status(evidence(Relation::at_least, 0.1, 0.2)), Status::holds);
    EXPECT_EQ(status(evidence(Relation::at_least, 0.01, 0.1)), Status::undecided);
    EXPECT_EQ(status(evidence(Relation::at_least, 0.01, std::nextafter(0.1, 0))), Status::refuted);
}

TEST(Judge, infinite_ends_decide_nothing_by_themselves) {
    EXPECT_EQ(status(evidence(Relation::at_most, 0, infinity)), Status::undecided);
    EXPECT_EQ(status(evidence(Relation::at_most, 1, infinity)), Status::refuted);
    EXPECT_EQ(status(evidence(Relation::at_least, -infinity, 1)), Status::undecided);
}

TEST(Judge, nan_is_undecided_wherever_it_is) {
    const double nan = std::nan("");
    for (const Relation relation : {Relation::at_most, Relation::at_least}) {
        EXPECT_EQ(status(evidence(relation, nan, 0.05)), Status::undecided);
        EXPECT_EQ(status(evidence(relation, 0.2, nan)), Status::undecided);
        EXPECT_EQ(status(evidence(relation, 0.01, 0.05, nan)), Status::undecided);
        Evidence e = evidence(relation, 0.01, 0.05);
        e.measured = nan;
        EXPECT_EQ(status(e), Status::undecided);
        EXPECT_FALSE(judge(e).reason.empty());
    }
}

TEST(Judge, empty_interval_and_no_samples_are_undecided) {
    EXPECT_EQ(status(evidence(Relation::at_most, 0.05, 0.01)), Status::undecided);
    EXPECT_EQ(status(evidence(Relation::at_most, 0.5, 0.2)), Status::undecided);
    Evidence e = evidence(Relation::at_most, 0.01, 0.05);
    e.samples = 0;
    EXPECT_EQ(status(e), Status::undecided);
    e.interval = {0.2, 0.5};
    EXPECT_EQ(status(e), Status::undecided);
    EXPECT_EQ(status(Evidence{}), Status::undecided);
}

TEST(Judge, keeps_the_evidence_and_explains) {
    Evidence e = evidence(Relation::at_most, 0.2, 0.3);
    e.note = "the note";
    const Verdict v = judge(e);
    EXPECT_EQ(v.evidence.interval.lower, 0.2);
    EXPECT_EQ(v.evidence.samples, 100u);
    for (const char* part : {"0.2", "0.3", "is not", "at most", "0.1", "the note"})
        EXPECT_NE(v.reason.find(part), std::string::npos) << part << " in: " << v.reason;
}

TEST(Hypothesis, strictness_matters_at_equality) {
    EXPECT_TRUE((Hypothesis{"a", 1, 1, false}).holds());
    EXPECT_FALSE((Hypothesis{"a", 1, 1, true}).holds());
    EXPECT_TRUE((Hypothesis{"a", 0, 1, true}).holds());
    EXPECT_FALSE((Hypothesis{"a", 2, 1, false}).holds());
    EXPECT_FALSE((Hypothesis{"a", std::nan(""), 1, false}).holds());
}

TEST(Hypothesis, first_failure_is_named_with_both_sides) {
    const std::vector<Hypothesis> hypotheses{{"one <= two", 1, 2}, {"five <= four", 5.25, 4.5}, {"never reached", 9, 0}};
    const Hypothesis* failed = first_failure(hypotheses);
    ASSERT_EQ(failed, &hypotheses[1]);
    const Verdict v = not_applicable(*failed);
    EXPECT_EQ(v.status, Status::not_applicable);
    for (const char* part : {"five <= four", "5.25", "4.5"}) EXPECT_NE(v.reason.find(part), std::string::npos) << v.reason;
    EXPECT_EQ(first_failure({hypotheses[0]}), nullptr);
    EXPECT_EQ(first_failure({}), nullptr);
}

TEST(Names, of_status_and_evidence) {
    EXPECT_EQ(name(Status::holds), "holds");
    EXPECT_EQ(name(Status::refuted), "refuted");
    EXPECT_EQ(name(Status::undecided), "undecided");
    EXPECT_EQ(name(Status::not_applicable), "not_applicable");
    EXPECT_EQ(name(EvidenceKind::observed), "observed");
    EXPECT_EQ(name(EvidenceKind::certified), "certified");
    EXPECT_EQ(name(EvidenceKind::derived), "derived");
}

TEST(Evidence, keeps_the_worst_part_on_the_side_of_its_relation) {
    Evidence most, least;
    least.relation = Relation::at_least;
    for (Evidence* e : {&most, &least}) {
        EXPECT_TRUE(e->include(0.5, {0.25, 0.75}, 10));
        EXPECT_EQ(e->include(0.6, {0.5, 0.7}, 20), e == &most);
        EXPECT_EQ(e->samples, 30u);
    }
    EXPECT_EQ(most.measured, 0.6);
    EXPECT_EQ(most.interval.lower, 0.5);
    EXPECT_EQ(most.interval.upper, 0.75);
    EXPECT_EQ(least.measured, 0.5);
    EXPECT_EQ(least.interval.lower, 0.25);
    EXPECT_EQ(least.interval.upper, 0.7);
}

TEST(Evidence, never_loses_a_nan) {
    for (const bool first : {true, false}) {
        Evidence e;
        e.allowed = 1;
        if (!first) e.include(0.5, {0, 0.75}, 10);
        e.include(std::nan(""), {std::nan(""), std::nan("")}, 10);
        e.include(0.5, {0, 0.75}, 10);
        EXPECT_EQ(judge(e).status, Status::undecided);
    }
}

}  // namespace
}  // namespace mambound
