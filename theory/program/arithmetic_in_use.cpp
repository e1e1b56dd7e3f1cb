#include <fmt/format.h>

#include "mambound/scalar/environment.hpp"
#include "program.hpp"

namespace mambound {

std::optional<SignificandBits> use_scalar(const std::string& scalar) {
    Arithmetic in;
    try {
        in = arithmetic(scalar);
    } catch (const InputError& e) {
        throw InputError(fmt::format("--scalar: {}", e.what()));
    }
    if (const std::string reason = reason_against(measure_environment()); !reason.empty()) {
        with_scalar(in.sums, [&]<class S>() {
            if (EnclosingScalar<S>) throw UnsoundArithmetic(reason);
        });
        fmt::print(stderr, "mambound: {} (see mambound doctor)\n", reason);
    }
    if (in.bits != 0) return std::optional<SignificandBits>(std::in_place, in.bits);
    return std::nullopt;
}

void check_rounds(const std::string& scalar, std::string_view reason) {
    with_scalar(scalar, [&]<class S>() {
        if (EnclosingScalar<S>) throw InputError(fmt::format("--scalar {}: {}", scalar, reason));
    });
}

}  // namespace mambound
