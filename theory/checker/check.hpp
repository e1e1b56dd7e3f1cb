// Verifies a certificate: that the worst z F over every prompt of its class lies between its margins, for each number of
// outliers. Shares no code with what makes certificates: its own reading, scores, sigmoid and arithmetic (balls of 128 bits).
#pragma once

#include <functional>
#include <string>

namespace mambound::checker {

struct Verdict {
    bool is_certificate = true;  // false: not JSON, or of another format; then neither accepted nor judged
    bool accepted = false;
    std::string complaint;  // the first, with its place; empty if accepted
    std::string statement;  // what an accepted certificate proves, in a line
};

// certificate: the text of a file (mambound-certificate/1). model, patterns: the text of the files it should be about
// (mambound-model/1, mambound-patterns/1), compared number by number as exact values; empty: not compared. Checks queries on as
// many threads as oneTBB has; the verdict does not depend on them. Never throws for a wrong certificate. pause() is called before
// each query, on any thread; what it throws is thrown.
Verdict check(const std::string& certificate, const std::string& model = "", const std::string& patterns = "",
              const std::function<void()>& pause = {});

}  // namespace mambound::checker
