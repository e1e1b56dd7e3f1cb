// `mambound check` from outside.
#include <algorithm>

#include "naive_certificate.hpp"
#include "program.hpp"

namespace mambound {
namespace {

naive::Json certificate() {
    return naive::certificate(naive::random_task(1, true, 2, 1, 1, 2));
}

TEST_F(Program, check_accepts_with_one_line) {
    write("c.json", certificate().dump(2) + "\n");
    for (const char* jobs : {"1", "3"}) {
        const Outcome o = run({"check", "c.json", "--jobs", jobs});
        EXPECT_EQ(o.code, 0) << o.out;
        EXPECT_TRUE(o.out.starts_with("accepted: mamba, 2 context tokens")) << o.out;
        EXPECT_EQ(std::count(o.out.begin(), o.out.end(), '\n'), 1);
        EXPECT_EQ(o.err, "");
    }
}

TEST_F(Program, check_rejects_with_the_first_complaint) {
    naive::Json altered = certificate();
    altered["margin_lower"][0] = naive::hex(1e-3);
    altered["new\nline"] = 1;
    write("c.json", altered.dump());
    Outcome o = run({"check", "c.json"});
    EXPECT_EQ(o.code, 1);
    EXPECT_EQ(o.out, "rejected: unknown member 'new?line'\n");
    altered.erase("new\nline");
    write("c.json", altered.dump());
    o = run({"check", "c.json"});
    EXPECT_EQ(o.code, 1);
    EXPECT_EQ(o.out, "rejected: digest: the document has been altered\n");
}

TEST_F(Program, check_compares_with_the_model_and_the_patterns) {
    const naive::Json c = certificate();
    write("c.json", c.dump());
    naive::Json model{{"format", "mambound-model/1"}},
        patterns{{"format", "mambound-patterns/1"}, {"training_outliers", {{1, 2, 3}}}};
    model.update(c["model"]);
    patterns.update(c["patterns"]);
    write("m.json", model.dump());
    write("w.json", patterns.dump());
    EXPECT_EQ(run({"check", "c.json", "--model", "m.json", "--patterns", "w.json"}).code, 0);
    expect_refused({"check", "c.json", "--model", "w.json", "--patterns", "m.json"}, {"w.json:1", "expected format, model, W_B"});
    expect_refused({"check", "c.json", "--model", "m.json", "--patterns", "m.json"}, {"both"});
    model["w"][1] = naive::unhex(model["w"][1]) + 1e-15;
    write("m.json", model.dump());
    const Outcome o = run({"check", "c.json", "--model", "m.json", "--patterns", "w.json"});
    EXPECT_EQ(o.code, 1);
    EXPECT_NE(o.out.find("model.w[1]"), std::string::npos) << o.out;
}

TEST_F(Program, check_says_what_is_no_certificate) {
    write("m.json", small_model);
    write("half.json", certificate().dump().substr(0, 1000));
    write("empty.json", "\n");
    expect_refused({"check"}, {"file"});
    expect_refused({"check", "m.json"}, {"m.json", "mambound-certificate/1"});
    expect_refused({"check", "half.json"}, {"half.json", "not valid JSON"});
    expect_refused({"check", "empty.json"}, {"empty.json", "empty"});
    expect_refused({"check", "absent.json"}, {"absent.json", "no such file"}, 4);
    expect_refused({"check", "m.json", "--jobs", "0"}, {"--jobs"});
    expect_refused({"check", "."}, {"cannot be read"}, 4);
    const Outcome help = run({"check", "--help"});
    EXPECT_EQ(help.code, 0);
    for (const char* part : {"Example: mambound check", "1 rejected", "--patterns"})
        EXPECT_NE(help.out.find(part), std::string::npos);
}

}  // namespace
}  // namespace mambound
