// Reading for the checker: JSON with its place, numbers exactly. Shares nothing with what writes certificates.
#pragma once

#include <flint/fmpz.h>

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "checker/ball.hpp"

namespace mambound::checker {

// Why a certificate is not accepted: where, and what is wrong there.
struct Complaint : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct NotJson : Complaint {
    using Complaint::Complaint;
};

// m 2^two 5^five: every decimal and hexadecimal number, without rounding.
class Exact {
public:
    Exact() { fmpz_init(m_); }
    Exact(const Exact& b) : two_(b.two_), five_(b.five_) { fmpz_init_set(m_, b.m_); }
    Exact& operator=(const Exact& b) { return fmpz_set(m_, b.m_), two_ = b.two_, five_ = b.five_, *this; }
    ~Exact() { fmpz_clear(m_); }

    static Exact of(double x);  // a finite number
    // [+-]digits[.digits][e[+-]digits], or 0x with hexadecimal digits and p. Throws Complaint on anything else.
    static Exact of(std::string_view text);

    bool same_value(const Exact& b) const;
    bool is_double() const;  // 53 bits hold it, below 2^1024
    Ball ball() const;       // exactly when 128 bits hold it, else an enclosure
    Real real() const;       // of one that is_double

private:
    Exact without_common_factors() const;
    fmpz_t m_;
    slong two_ = 0, five_ = 0;
};

using Json = nlohmann::ordered_json;

// A value of the document with its place. Every accessor throws Complaint if the value is not what it asks for.
class Item {
public:
    Item(const Json& value, std::string place) : value_(&value), place_(std::move(place)) {}

    void has_exactly(std::initializer_list<const char*> names) const;  // an object with these members and no other
    Item operator[](const char* name) const;
    bool has(const char* name) const { return value_->is_object() && value_->contains(name); }
    bool is_array() const { return value_->is_array(); }
    bool is_object() const { return value_->is_object(); }
    std::size_t size() const;  // of an array
    Item operator[](std::size_t i) const;
    Item at_size(std::size_t n) const;  // itself, an array of n

    std::string text() const;
    long integer(long least, long greatest) const;
    int sign() const;     // +1 or -1
    Exact exact() const;  // a string; in files of models and patterns also a JSON number
    Ball ball() const { return string_number().ball(); }
    Real real() const;                                             // of a string that spells a double
    std::vector<std::vector<Ball>> rows(std::size_t width) const;  // at least 0 rows of this width
    [[noreturn]] void refuse(const std::string& why) const;

private:
    Exact string_number() const;
    const Json* value_;
    std::string place_;
};

// Parses a document; a member given twice, more than 100 in an object, nesting beyond 16 throws Complaint, anything that is not
// JSON NotJson; what is thrown begins with `whose`.
Json parse(const std::string& text, const std::string& whose = "");

// SHA-256, hexadecimal, of the document's compact text.
std::string digest_of(const Json& document);

// Throws Complaint unless the two hold the same numbers in the same shape.
void expect_same_numbers(const Item& certified, const Item& file);

}  // namespace mambound::checker
