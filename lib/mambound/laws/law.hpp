// What checking a law gives: data, so that a test asserts and the checker itself can be tested.
#pragma once

#include <string>
#include <vector>

#include "mambound/laws/real.hpp"

namespace mambound {

// One law, checked on many cases. An error is counted in unit roundoffs of the type, relative to the exact value; a law without
// an error (an exact result, an order, an enclosure) counts 0 for a case that obeys and 1 for one that does not, and allows 0.
struct Law {
    std::string name;
    double allowed = 0;   // the law: no case exceeds this
    double at_least = 0;  // and, if positive, some case exceeds this: a measured quantity must not be better than stated either
    long cases = 0;
    double worst = 0;
    std::string at{};  // the operands of the worst case and what came out; empty while nothing was ever off

    bool passed() const { return cases > 0 && worst <= allowed && worst >= at_least; }
    // What `allowed` would have to be multiplied by to pass; infinite for a law that allows nothing.
    double factor() const { return worst <= allowed ? 1 : worst / allowed; }

    // One case. `describe()` gives its text and is called only for a new worst case. A NaN counts as infinitely wrong.
    template <class Describe>
    void record(double units, Describe&& describe) {
        ++cases;
        if (units <= worst) return;
        worst = units >= 0 ? units : std::numeric_limits<double>::infinity();
        at = describe();
    }
    template <class Describe>
    void record(bool obeyed, Describe&& describe) {
        record(obeyed ? 0. : 1., describe);
    }
};

// All laws that apply to one type, in the order they were checked: a law uses only what earlier ones have checked, so the first
// that fails names the fault and later ones may follow from it.
struct LawReport {
    std::string type;
    std::vector<Law> laws;

    bool passed() const;
    std::vector<std::string> failures() const;
    const Law& operator[](std::string_view name) const;  // throws std::out_of_range
    // A line for each law: verdict, name, cases, worst, allowed; for one that failed the factor and the case.
    std::string text() const;
};

struct LawOptions {
    std::uint64_t seed = 20251003;
    int cases = 2000;  // for each law
};

}  // namespace mambound
