#include "arithmetic.hpp"

#include <fmt/format.h>

#include <charconv>

namespace mambound {
namespace {

// STORE/SUM pairs: SUM holds every number of STORE, and a double holds every number of SUM.
constexpr std::string_view pairs[] = {"bfloat16/float", "half/float", "float/double", "bfloat16/double", "half/double"};

bool stochastic_allowed(std::string_view store) {
    return store != "half";  // its subnormal numbers begin at 2^-14, where gates and small weights are
}

}  // namespace

std::string arithmetic_choices() {
    std::string names = ladder_names() + " p24";
    for (const std::string_view pair : pairs) names += fmt::format(" {}", pair);
    return names;
}

std::string arithmetic_names() {
    std::string names = ladder_names() + " pN (N = 2 ... 51 bits, simulated)";
    for (const std::string_view pair : pairs) names += fmt::format(" {}", pair);
    return names + " (parameters kept / computed in; with /stochastic but for half)";
}

Arithmetic arithmetic(std::string_view name) {
    Arithmetic a;
    if (with_scalar(name, []<class S>() {})) return a.sums = name, a;
    if (name.size() > 1 && name[0] == 'p') {
        const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), a.bits);
        if (error == std::errc{} && end == name.data() + name.size() && a.bits >= Simulated::least_bits &&
            a.bits <= Simulated::most_bits)
            return a;
    }
    constexpr std::string_view suffix = "/stochastic";
    a.stochastic = name.ends_with(suffix);
    const std::string_view pair = a.stochastic ? name.substr(0, name.size() - suffix.size()) : name;
    const auto found = std::find(std::begin(pairs), std::end(pairs), pair);
    const std::size_t slash = pair.find('/');
    if (found == std::end(pairs) || (a.stochastic && !stochastic_allowed(pair.substr(0, slash)))) {
        throw InputError(fmt::format("unknown type '{}' (did you mean {}? one of {})", name,
                                     nearest_name(name, arithmetic_choices()), arithmetic_names()));
    }
    a.store = pair.substr(0, slash);
    a.sums = pair.substr(slash + 1);
    a.bits = 0;
    return a;
}

double stored(double x, std::string_view store) {
    double result = x;
    with_scalar(store, [&]<class S>() { result = to_double(read<S>(x)); });
    return result;
}

double stored_stochastically(double x, std::string_view store, std::uint64_t random) {
    int digits = 0;
    with_scalar(store, [&]<class S>() { digits = ScalarTraits<S>::digits; });
    const std::uint64_t unneeded = (std::uint64_t{1} << (53 - digits)) - 1;
    const std::uint64_t word = std::bit_cast<std::uint64_t>(x) + (random & unneeded);
    return stored(std::bit_cast<double>(word & ~unneeded), store);
}

}  // namespace mambound
