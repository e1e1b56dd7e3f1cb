// One number, read by the maker's reader into every type, and by the checker's, which shares no code with it: they agree.
#include <cmath>
#include <optional>

#include "checker/reading.hpp"
#include "fuzz.hpp"
#include "mambound/scalar/text.hpp"

namespace mambound::fuzz {
namespace {

std::optional<checker::Exact> of_checker(const std::string& text) {
    try {
        return checker::Exact::of(text);
    } catch (const checker::Complaint&) {
        return std::nullopt;
    }
}

// Rounding keeps order, so the number in a type lies between its ends in that type.
template <Scalar S>
void between(const std::string& text, const Interval& x) {
    const S value = read_text<S>(text), lower = read<S>(x.lower()), upper = read<S>(x.upper());
    expect(!(value < lower) && !(upper < value), "every type reads the same number");
}

template <Scalar S>
void reads_back(const std::string& text) {
    const S value = read_text<S>(text);
    expect(read_text<S>(write_text(value)) == value, "a number reads back");
}

void compare(const checker::Exact& exact, double nearest, const Interval& x) {
    const checker::Ball ball = exact.ball();
    const checker::Real lower = checker::Exact::of(x.lower()).real(), upper = checker::Exact::of(x.upper()).real();
    expect(!(upper < ball.lower()) && !(ball.upper() < lower), "maker and checker read the same number");
    if (exact.is_double() && lower == upper)
        expect(exact.same_value(checker::Exact::of(nearest)) || (nearest == 0 && exact.real().sign() == 0),
               "the checker reads a double exactly");
    expect(exact.same_value(exact), "a number equals itself");
}

void read(const std::string& text) {
    const auto exact = of_checker(text);
    if (!is_number_text(text)) {
        expect(!exact, "the checker takes no number that the maker refuses");
        return;
    }
    const double nearest = read_text<double>(text);
    const Interval x = read_text<Interval>(text);
    expect(x.lower() <= nearest && nearest <= x.upper(), "an interval encloses what is read");
    if (!std::isfinite(x.lower()) || !std::isfinite(x.upper())) return;
    between<bfloat16>(text, x), between<half>(text, x), between<float>(text, x), between<long double>(text, x);
    between<binary128>(text, x), between<mp50>(text, x), between<mp100>(text, x);
    reads_back<long double>(text), reads_back<binary128>(text), reads_back<mp50>(text), reads_back<mp100>(text);
    if (exact) compare(*exact, nearest, x);
}

}  // namespace
}  // namespace mambound::fuzz

MAMBOUND_FUZZ(mambound::fuzz::read)
