#include "checker/reading.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace mambound::checker {

Exact Exact::of(double x) {
    Exact e;
    int exponent = 0;
    fmpz_set_si(e.m_, static_cast<slong>(std::ldexp(std::frexp(x, &exponent), 53)));
    e.two_ = exponent - 53;
    return e;
}

Exact Exact::of(std::string_view text) {
    const std::string shown(text.substr(0, 40));
    const auto malformed = [&]() { return Complaint(fmt::format("expected a finite number, got \"{}\"", shown)); };
    if (text.size() > 4096) throw malformed();
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    if (hex) text.remove_prefix(2);
    const std::string_view allowed = hex ? "0123456789abcdefABCDEF" : "0123456789";
    std::string digits;
    slong fraction = 0, exponent = 0;
    bool after_point = false;
    for (; !text.empty(); text.remove_prefix(1)) {
        if (text[0] == '.' && !after_point) after_point = true;
        else if (allowed.find(text[0]) == std::string_view::npos) break;
        else digits += text[0], fraction += after_point ? 1 : 0;
    }
    if (digits.empty()) throw malformed();
    if (!text.empty()) {
        if ((text[0] | 32) != (hex ? 'p' : 'e')) throw malformed();
        text.remove_prefix(1);
        if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);  // from_chars takes the minus only
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
        if (error != std::errc() || end != text.data() + text.size()) throw malformed();
        if (std::abs(exponent) > 100000) throw Complaint(fmt::format("number out of range: \"{}\"", shown));
    }
    Exact e;
    fmpz_set_str(e.m_, digits.c_str(), hex ? 16 : 10);
    if (negative) fmpz_neg(e.m_, e.m_);
    e.two_ = exponent - (hex ? 4 : 1) * fraction;
    if (!hex) e.five_ = e.two_;
    if (arf_cmpabs_2exp_si(arb_midref(e.ball().get()), 1024) >= 0)
        throw Complaint(fmt::format("number out of range: \"{}\"", shown));
    return e;
}

Exact Exact::without_common_factors() const {
    Exact e(*this);
    if (fmpz_is_zero(m_)) return {};
    const auto take_out = [&](ulong p, slong& power) {
        fmpz_t prime;
        fmpz_init_set_ui(prime, p);
        power += fmpz_remove(e.m_, e.m_, prime);
        fmpz_clear(prime);
    };
    take_out(2, e.two_);
    take_out(5, e.five_);
    return e;
}

bool Exact::same_value(const Exact& b) const {
    const Exact x = without_common_factors(), y = b.without_common_factors();
    return fmpz_equal(x.m_, y.m_) && x.two_ == y.two_ && x.five_ == y.five_;
}

bool Exact::is_double() const {
    return five_ == 0 && (fmpz_is_zero(m_) || fmpz_bits(m_) - fmpz_val2(m_) <= 53);
}

Ball Exact::ball() const {
    Ball b;
    arb_set_round_fmpz(b.get(), m_, precision);
    arb_mul_2exp_si(b.get(), b.get(), two_);
    if (five_ == 0) return b;
    Ball power;
    arb_ui_pow_ui(power.get(), 5, static_cast<ulong>(std::abs(five_)), precision);
    return five_ > 0 ? b * power : b / power;
}

Real Exact::real() const {
    Real a;
    const fmpz two = two_;  // small: held in place
    arf_set_fmpz_2exp(a.get(), m_, &two);
    return a;
}

void Item::refuse(const std::string& why) const {
    throw Complaint(place_ + (place_.empty() ? "" : ": ") + why);
}

void Item::has_exactly(std::initializer_list<const char*> names) const {
    if (!value_->is_object()) refuse("expected an object");
    for (const auto& [name, value] : value_->items())
        if (std::find(names.begin(), names.end(), name) == names.end()) refuse("unknown member '" + name + "'");
    for (const char* name : names)
        if (!value_->contains(name)) refuse(std::string("member '") + name + "' is missing");
}

Item Item::operator[](const char* name) const {
    if (!value_->is_object()) refuse("expected an object");
    const auto found = value_->find(name);
    if (found == value_->end()) refuse(std::string("member '") + name + "' is missing");
    return {*found, place_.empty() ? name : place_ + "." + name};
}

std::size_t Item::size() const {
    if (!value_->is_array()) refuse("expected an array");
    return value_->size();
}

Item Item::operator[](std::size_t i) const {
    if (i >= size()) refuse(fmt::format("expected more than {} entries", size()));
    return {(*value_)[i], place_ + "[" + std::to_string(i) + "]"};
}

Item Item::at_size(std::size_t n) const {
    if (size() != n) refuse(fmt::format("expected {} entries, got {}", n, size()));
    return *this;
}

std::string Item::text() const {
    if (!value_->is_string()) refuse("expected a string");
    return value_->get<std::string>();
}

long Item::integer(long least, long greatest) const {
    const bool fits =
        value_->is_number_integer() && (!value_->is_number_unsigned() || value_->get<std::uint64_t>() <= 1ull << 62);
    const long n = fits ? value_->get<long>() : 0;
    if (!fits || n < least || n > greatest) refuse(fmt::format("expected an integer from {} to {}", least, greatest));
    return n;
}

int Item::sign() const {
    if (integer(-1, 1) == 0) refuse("expected +1 or -1");
    return static_cast<int>(integer(-1, 1));
}

Exact Item::string_number() const {
    if (!value_->is_string()) refuse("expected a number as a string");
    return exact();
}

Exact Item::exact() const {
    if (value_->is_number()) return Exact::of(value_->get<double>());
    if (!value_->is_string()) refuse("expected a number");
    try {
        return Exact::of(value_->get_ref<const std::string&>());
    } catch (const Complaint& e) {
        refuse(e.what());
    }
}

Real Item::real() const {
    const Exact e = string_number();
    if (!e.is_double()) refuse("expected a double as a hexadecimal number");
    return e.real();
}

std::vector<std::vector<Ball>> Item::rows(std::size_t width) const {
    std::vector<std::vector<Ball>> rows(size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Item row = (*this)[i].at_size(width);
        for (std::size_t j = 0; j < width; ++j) rows[i].push_back(row[j].ball());
    }
    return rows;
}

Json parse(const std::string& text, const std::string& whose) {
    std::vector<std::vector<std::string>> open;  // names so far of the objects around, empty for arrays
    const auto watch = [&](int, Json::parse_event_t event, Json& value) {
        using Event = Json::parse_event_t;
        if (event == Event::object_start || event == Event::array_start) open.emplace_back();
        if (event == Event::object_end || event == Event::array_end) open.pop_back();
        if (open.size() > 16) throw Complaint(whose + "nested too deeply");
        if (event != Event::key) return true;
        const auto name = value.get<std::string>();
        if (std::find(open.back().begin(), open.back().end(), name) != open.back().end())
            throw Complaint(whose + "member '" + name + "' is given twice");
        if (open.back().size() == 100) throw Complaint(whose + "more than 100 members in an object");
        open.back().push_back(name);
        return true;
    };
    try {
        return Json::parse(text, watch);
    } catch (const Json::exception& e) {
        throw NotJson(whose + "not valid JSON: " + e.what());
    }
}

std::string digest_of(const Json& document) {
    const std::string text = document.dump();
    unsigned char hash[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash);
    std::string hex;
    for (const unsigned char byte : hash) hex += fmt::format("{:02x}", byte);
    return hex;
}

void expect_same_numbers(const Item& certified, const Item& file) {
    if (!certified.is_array()) {
        if (!certified.exact().same_value(file.exact())) certified.refuse("is not the number in the file given");
        return;
    }
    if (!file.is_array() || file.size() != certified.size()) certified.refuse("has not the shape in the file given");
    for (std::size_t i = 0; i < certified.size(); ++i) expect_same_numbers(certified[i], file[i]);
}

}  // namespace mambound::checker
