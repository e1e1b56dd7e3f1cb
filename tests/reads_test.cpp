// What claims about given weights say that they read of the setting: change every symbol and see.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "program/chosen_claims.hpp"
#include "program/commands.hpp"
#include "program/docket.hpp"

namespace mambound {
namespace {

// Another value of every symbol that files do not settle.
const std::map<std::string, std::string> changes{{"kappa_a", "3"},
                                                 {"K", "0.25"},
                                                 {"l_tr", "12"},
                                                 {"p_a", "0.3"},
                                                 {"tasks", "cycle"},
                                                 {"delta", "0.1"},
                                                 {"eta", "0.1"},
                                                 {"eta_linear", "0.3"},
                                                 {"B", "8"},
                                                 {"T", "7"},
                                                 {"kappa_a_test", "1"},
                                                 {"K_test", "0.2"},
                                                 {"l_ts", "9"},
                                                 {"alpha", "0.8"},
                                                 {"alpha_linear", "0.1"},
                                                 {"placement", "farthest"},
                                                 {"eps", "0.4"},
                                                 {"L", "0.2"},
                                                 {"cosine", "0.1"},
                                                 {"outlier_cosine", "0.1"},
                                                 {"outlier_sum", "0.5"},
                                                 {"gate", "none"},
                                                 {"gate_bias", "0.5"},
                                                 {"train_labels", "flip"},
                                                 {"train_placement", "closest"}};

std::string shown(const Verdict& v) {
    const Evidence& e = v.evidence;
    return fmt::format("{} {} {} {} {} {}", e.measured, e.allowed, e.interval.lower, e.interval.upper, e.samples, v.reason);
}

class Reads : public testing::TestWithParam<std::string> {
protected:
    static const GivenModel& model() {
        static const GivenModel the = [] {
            TrainOptions options;
            options.set = {"T=60", "B=64", "eta=1"};
            const Training training = checked_training(options);
            const TrainOutput output = train_output(options, training, [](int, double) {});
            ExactModel weights = parse_model(output.model, "model");
            ExactPatterns patterns = parse_patterns(patterns_file(training.setting), "patterns", weights.width() - 1);
            return GivenModel{std::move(weights), std::move(patterns)};
        }();
        return the;
    }
    static Docket about(const std::vector<std::string>& set) {
        VerifyOptions options;
        options.claims = GetParam();
        options.set = set;
        return docket(options, model());
    }
    static std::string judged(const std::vector<std::string>& set) {
        const Docket d = about(set);
        const Result r = judge_claim(d.claims.at(0), *d.lab, true);
        return shown(r.verdict) + " | " + shown(r.control);
    }
};

TEST_P(Reads, exactly_what_is_declared) {
    const std::string unchanged = judged({});
    std::set<std::string> read;
    for (const auto& [name, value] : changes)
        if (judged({name + "=" + value}) != unchanged) read.insert(name);
    const Docket d = about({});
    EXPECT_EQ(read, std::set<std::string>(d.claims.at(0).reads.begin(), d.claims.at(0).reads.end()));
}

INSTANTIATE_TEST_SUITE_P(claims, Reads,
                         testing::Values("cor1.same", "cor1.other", "cor1.same.test", "cor1.other.test", "cor2i", "cor2ii.only",
                                         "cor2ii.factor", "error.flip.0.8", "error.target.0.9", "error.coin.0.9"),
                         [](const auto& p) {
                             std::string name = p.param;
                             std::replace(name.begin(), name.end(), '.', '_');
                             return name;
                         });

TEST(ReadsOfClaims, every_symbol_is_changed_and_every_claim_about_weights_declares) {
    for (const auto& [name, value] : fields_of(Setting{}))
        EXPECT_NE(changes.contains(name), settled_by_files(name + "=0")) << name;
    for (const Architecture a : {Architecture::mamba, Architecture::linear_transformer})
        for (const Claim& c : claims_about(a)) EXPECT_FALSE(c.reads.empty()) << c.id;
}

TEST(UnreadSymbols, are_those_that_no_claim_declares) {
    Claim one, two;
    one.reads = {"alpha"};
    two.reads = {"eps", "l_ts"};
    EXPECT_EQ(unread_symbols({one, two}, {"alpha=1", "eta=2", "T=3", "eta=2"}), (std::vector<std::string>{"eta", "T"}));
    EXPECT_TRUE(unread_symbols({one, Claim{}}, {"eta=2"}).empty()) << "what a claim without a declaration reads is not known";
}

}  // namespace
}  // namespace mambound
