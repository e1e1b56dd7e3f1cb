// Numbers from files, written again and compared.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>

#include "exact.hpp"

namespace mambound::fuzz {

using Json = nlohmann::ordered_json;

inline Json written(const Number& x) {
    return x.exact.empty() ? Json(x.nearest) : Json(x.exact);
}
template <class T>
Json written(const std::vector<T>& list) {
    Json all = Json::array();
    for (const T& x : list) all.push_back(written(x));
    return all;
}

inline bool same(const Number& a, const Number& b) {
    return a.nearest == b.nearest && std::signbit(a.nearest) == std::signbit(b.nearest) && a.exact == b.exact;
}
template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const T& x, const T& y) { return same(x, y); });
}

}  // namespace mambound::fuzz
