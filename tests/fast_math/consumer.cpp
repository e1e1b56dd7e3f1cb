// What someone outside the library writes; run.sh compiles it with options that must be refused.
#include <mambound/scalar/scalar.hpp>
// second, so that a refusal is quick
#include <mambound/scalar/ladder.hpp>
#include <mambound/scalar/logistic.hpp>

double twice(double x) {
    return mambound::sigmoid(x) * 2;
}
