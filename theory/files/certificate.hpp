// Certificate files (mambound-certificate/1): what was proved, for which exact weights, and the tables that prove it.
#pragma once

#include <nlohmann/json.hpp>

#include "exact.hpp"
#include "mambound/certify/worst_case.hpp"

namespace mambound {

// What `certify` was asked, and what it found.
struct Certified {
    const ExactModel& model;
    const ExactPatterns& patterns;
    const PromptClass& prompts;
    const WorstCase& worst;
};

// The document, with its digest. Doubles are C hexadecimal strings; other numbers the decimal strings they were given as.
nlohmann::ordered_json certificate_json(const Certified& c);
// The arithmetic that margins are proved in, as documents name it.
std::string certify_arithmetic();

// A witness in the format of prompts (dense, rounded to double), and `tokens`: what its examples are made of.
nlohmann::ordered_json witness_prompt(const Certified& c, std::size_t k);

// A C hexadecimal float that reads back exactly.
std::string hexadecimal(double x);

}  // namespace mambound
