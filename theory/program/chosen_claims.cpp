#include "chosen_claims.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace mambound {
namespace {

bool is_part(const Claim& c, const std::string& id) {
    return c.id.starts_with(id + ".");
}

long parts_of(const std::string& id, const std::vector<Claim>& claims) {
    return std::count_if(claims.begin(), claims.end(), [&](const Claim& c) { return is_part(c, id); });
}

// The id up to its first point.
std::string family(const Claim& c) {
    return c.id.substr(0, c.id.find('.'));
}

// Each once.
std::string families(const std::vector<Claim>& claims) {
    std::string all;
    std::string last;
    for (const Claim& c : claims) {
        if (family(c) != last) all += (all.empty() ? "" : ", ") + family(c);
        last = family(c);
    }
    return all;
}

// One name of --claims: an id, alone or with its parts.
struct Name {
    explicit Name(const std::string& word) : alone(word.ends_with(".only")), id(alone ? word.substr(0, word.size() - 5) : word) {}
    bool means(const Claim& c) const { return c.id == id || (!alone && is_part(c, id)); }
    bool alone;
    std::string id;
};

[[noreturn]] void refuse(const Name& name, const std::vector<Claim>& claims, bool given) {
    if (const auto parts = parts_of(name.id, claims); name.alone && parts > 0)
        throw InputError(fmt::format("--claims: '{0}' has {1} parts and is no claim itself; {0} asks for them", name.id, parts));
    const std::vector<Claim> known = given ? all_claims() : claims;
    if (given && std::any_of(known.begin(), known.end(), [&](const Claim& c) { return name.means(c); }))
        throw InputError(fmt::format(
            "--claims: '{}' is no claim about given weights such as these: it is measured on models that it trains or "
            "draws itself, without --model; about these there are {}",
            name.id, families(claims)));
    std::string names;
    for (const std::vector<Claim>& some : {known, claims})
        for (const Claim& c : some) names += family(c) + ' ' + c.id + ' ';
    throw InputError(fmt::format("--claims: unknown claim '{}' (did you mean {}?)", name.id, nearest_name(name.id, names)));
}

}  // namespace

std::vector<Claim> chosen_claims(const std::vector<Claim>& claims, const std::string& ids, bool given) {
    if (ids.empty()) return claims;
    std::vector<bool> asked(claims.size());  // a claim is measured once however often it is named
    std::istringstream list(ids);
    for (std::string word; std::getline(list, word, ',');) {
        const Name name(word);
        bool known = false;
        for (std::size_t i = 0; i < claims.size(); ++i)
            if (name.means(claims[i])) known = asked[i] = true;
        if (!known) refuse(name, claims, given);
    }
    std::vector<Claim> result;
    for (std::size_t i = 0; i < claims.size(); ++i)
        if (asked[i]) result.push_back(claims[i]);
    if (result.empty()) throw InputError("--claims: no claim named");
    return result;
}

std::vector<std::string> claims_with_parts(const std::vector<Claim>& chosen, const std::string& ids) {
    std::vector<std::string> lines;
    std::istringstream list(ids);
    for (std::string word; std::getline(list, word, ',');) {
        const long parts = parts_of(word, chosen);
        if (parts > 0 && std::any_of(chosen.begin(), chosen.end(), [&](const Claim& c) { return c.id == word; }))
            lines.push_back(fmt::format("{0} is a claim with {1} part{2}; {0}.only asks for that claim alone", word, parts,
                                        parts == 1 ? "" : "s"));
    }
    return lines;
}

std::vector<std::string> unread_symbols(const std::vector<Claim>& claims, const std::vector<std::string>& set) {
    std::vector<std::string> unread = names_in(set);
    std::erase_if(unread, [&](const std::string& name) {
        return std::any_of(claims.begin(), claims.end(), [&](const Claim& c) {
            return c.reads.empty() || std::count(c.reads.begin(), c.reads.end(), name) != 0;
        });
    });
    return unread;
}

}  // namespace mambound
