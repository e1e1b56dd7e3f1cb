#include "mambound/scalar/text.hpp"

#include <quadmath.h>

#include <array>
#include <bit>
#include <cctype>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include "mambound/scalar/simulated.hpp"

namespace mambound {
namespace {

bool is_hexadecimal(const std::string& text) {
    return text.find_first_of("xX") != std::string::npos;
}

// An MPFR number that frees itself.
class Mpfr {
public:
    explicit Mpfr(int bits) { mpfr_init2(x_, bits); }
    ~Mpfr() { mpfr_clear(x_); }
    Mpfr(const Mpfr&) = delete;
    Mpfr& operator=(const Mpfr&) = delete;
    operator mpfr_ptr() { return x_; }

    // Reads the whole text; false if it is not a finite number.
    bool read(const std::string& text, mpfr_rnd_t rounding) {
        if (text.empty() || std::isspace(static_cast<unsigned char>(text[0])) != 0) return false;
        if (text.find('@') != std::string::npos) return false;  // MPFR's own exponent mark
        char* end = nullptr;
        exact_ = mpfr_strtofr(x_, text.c_str(), &end, is_hexadecimal(text) ? 16 : 10, rounding) == 0;
        return end == text.c_str() + text.size() && mpfr_number_p(x_) != 0;
    }
    bool exact() const { return exact_; }

private:
    mpfr_t x_;
    bool exact_ = false;
};

// The text rounded in that direction, for an end of an interval.
template <class End>
End directed(const std::string& text, mpfr_rnd_t rounding) {
    Mpfr x(std::numeric_limits<End>::digits);
    x.read(text, rounding);
    if constexpr (std::same_as<End, double>) return mpfr_get_d(x, rounding);
    else {
        End value;
        mpfr_set(value.backend().data(), x, rounding);
        return value;
    }
}

std::string directed_text(const char* format, const mp50& x) {
    std::array<char, 100> text{};  // 52 digits, a sign, a point, an exponent of at most 20 characters
    mpfr_snprintf(text.data(), text.size(), format, 52, x.backend().data());
    return text.data();
}

}  // namespace

bool is_number_text(const std::string& text) {
    return Mpfr(53).read(text, MPFR_RNDN);
}

template <Scalar S>
S read_text(const std::string& text) {
    if (!is_number_text(text)) throw std::invalid_argument("not a finite number: '" + text + "'");
    if constexpr (EnclosingScalar<S>) {
        using End = decltype(S().lower());
        return {directed<End>(text, MPFR_RNDD), directed<End>(text, MPFR_RNDU)};
    } else if constexpr (std::same_as<S, double>) {
        return std::strtod(text.c_str(), nullptr);
    } else if constexpr (std::same_as<S, long double>) {
        return std::strtold(text.c_str(), nullptr);
    } else if constexpr (std::same_as<S, binary128>) {
        return binary128(strtoflt128(text.c_str(), nullptr));
    } else if constexpr (ScalarTraits<S>::digits <= 53) {
        // Truncated to a double with the last bit set if anything was cut off: the rounding to S is then the only one.
        Mpfr x(53);
        const bool exact = x.read(text, MPFR_RNDZ) && x.exact();
        const double truncated = mpfr_get_d(x, MPFR_RNDZ);
        return read<S>(exact ? truncated : std::bit_cast<double>(std::bit_cast<std::uint64_t>(truncated) | 1));
    } else {
        S value;
        mpfr_strtofr(value.backend().data(), text.c_str(), nullptr, is_hexadecimal(text) ? 16 : 10, MPFR_RNDN);
        return value;
    }
}

template <OrderedScalar S>
std::string write_text(const S& x) {
    const double nearest = to_double(x);
    if (std::isnan(nearest)) return "nan";
    if (!is_finite(x)) return nearest > 0 ? "inf" : "-inf";
    std::ostringstream out;
    out.precision(static_cast<int>(ScalarTraits<S>::digits * 0.30103) + 2);
    out << x;
    return out.str();
}

std::string write_text_below(const mp50& x) {
    return directed_text("%.*RDg", x);
}
std::string write_text_above(const mp50& x) {
    return directed_text("%.*RUg", x);
}

#define MAMBOUND_INSTANTIATE(S) template S read_text<S>(const std::string&);
MAMBOUND_FOR_EACH_SCALAR(MAMBOUND_INSTANTIATE)
template Simulated read_text<Simulated>(const std::string&);
template std::string write_text<long double>(const long double&);
template std::string write_text<binary128>(const binary128&);
template std::string write_text<mp50>(const mp50&);
template std::string write_text<mp100>(const mp100&);

}  // namespace mambound
