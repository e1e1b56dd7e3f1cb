#include "mambound/scalar/text.hpp"

#include <cctype>
#include <sstream>
#include <stdexcept>

namespace mambound {
namespace {

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
        char* end = nullptr;
        const bool hexadecimal = text.find_first_of("xX") != std::string::npos;
        mpfr_strtofr(x_, text.c_str(), &end, hexadecimal ? 16 : 10, rounding);
        return end == text.c_str() + text.size() && mpfr_number_p(x_) != 0;
    }

private:
    mpfr_t x_;
};

double directed(const std::string& text, mpfr_rnd_t rounding) {
    Mpfr x(53);
    if (!x.read(text, rounding)) throw std::invalid_argument("not a finite number: '" + text + "'");
    return mpfr_get_d(x, rounding);
}

}  // namespace

bool is_number_text(const std::string& text) { return Mpfr(53).read(text, MPFR_RNDN); }

template <Scalar S>
S read_text(const std::string& text) {
    if constexpr (std::same_as<S, Interval>) {
        return {directed(text, MPFR_RNDD), directed(text, MPFR_RNDU)};
    } else {
        Mpfr x(ScalarTraits<S>::digits);
        if (!x.read(text, MPFR_RNDN)) throw std::invalid_argument("not a finite number: '" + text + "'");
        // The value has at most S's digits; hand it over in exact pieces of a double each.
        S value = read<S>(mpfr_get_d(x, MPFR_RNDZ));
        for (int piece = 0; piece < 8 && ScalarTraits<S>::digits > 53; ++piece) {
            mpfr_sub_d(x, x, mpfr_get_d(x, MPFR_RNDZ), MPFR_RNDN);
            if (mpfr_zero_p(static_cast<mpfr_ptr>(x)) != 0) break;
            value += read<S>(mpfr_get_d(x, MPFR_RNDZ));
        }
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

#define MAMBOUND_INSTANTIATE(S) template S read_text<S>(const std::string&);
MAMBOUND_FOR_EACH_SCALAR(MAMBOUND_INSTANTIATE)
template std::string write_text<long double>(const long double&);
template std::string write_text<binary128>(const binary128&);
template std::string write_text<mp50>(const mp50&);
template std::string write_text<mp100>(const mp100&);

}  // namespace mambound
