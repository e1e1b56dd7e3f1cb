// Which claims --claims asks for.
#pragma once

#include <string>
#include <vector>

#include "../claim.hpp"

namespace mambound {

// Those that `ids` (separated by commas) name, in the order of `claims`; all of them if it is empty. An id also means its parts
// ("cor1" is cor1.same, cor1.other ...), ID.only means that claim alone. `given`: they are about given weights. Throws InputError
// for what is no claim, or none of these.
std::vector<Claim> chosen_claims(const std::vector<Claim>& claims, const std::string& ids, bool given);

// A line for each of `ids` that is a claim with parts, which were chosen, too.
std::vector<std::string> claims_with_parts(const std::vector<Claim>& chosen, const std::string& ids);

// Of "name=value" in `set`, the names that none of the claims reads (claims about given weights, see Claim::reads).
std::vector<std::string> unread_symbols(const std::vector<Claim>& claims, const std::vector<std::string>& set);

}  // namespace mambound
