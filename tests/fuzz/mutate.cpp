// Changes JSON as a tree half of the time: bytes alone seldom stay a document. Linked into the targets whose input is JSON.
#include <array>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

using Json = nlohmann::ordered_json;

struct Random {
    std::uint64_t state;
    std::size_t below(std::size_t n) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<std::size_t>(state >> 33) % n;
    }
};

void collect(Json& value, std::vector<Json*>& all) {
    all.push_back(&value);
    if (value.is_structured())
        for (Json& item : value) collect(item, all);
}

std::string mutated(std::string text) {
    const std::size_t size = text.size();
    text.resize(size + 16);
    text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()), size, text.size()));
    return text;
}

Json extreme(Random& random) {
    static const std::array<Json, 16> values{Json(0),          Json(-1),       Json(1),           Json(32768),
                                             Json(1000000),    Json(-0.0),     Json(5e-324),      Json(1.7e308),
                                             Json("0x1p1023"), Json("1e-400"), Json("0x1p-1074"), Json(""),
                                             Json(nullptr),    Json(true),     Json::array(),     Json::object()};
    return values[random.below(values.size())];
}

void change(Json& document, Random& random) {
    std::vector<Json*> all;
    collect(document, all);
    Json& at = *all[random.below(all.size())];
    const Json other = *all[random.below(all.size())];
    switch (random.below(6)) {
        case 0: at = other; break;
        case 1: at = extreme(random); break;
        case 2:
            if (at.is_structured() && !at.empty())
                at.erase(std::next(at.begin(), static_cast<std::ptrdiff_t>(random.below(at.size()))));
            break;
        case 3:
            if (at.is_array()) at.insert(std::next(at.begin(), static_cast<std::ptrdiff_t>(random.below(at.size() + 1))), other);
            else if (at.is_object()) at[mutated("w")] = other;
            break;
        case 4:
            if (at.is_string()) at = mutated(at.get<std::string>());
            break;
        default: {
            const Json number = Json::parse(mutated(at.is_number() ? at.dump() : "1"), nullptr, false);
            if (!number.is_discarded()) at = number;
        }
    }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
    Random random{seed};
    if (random.below(2) == 0) {
        Json document = Json::parse(data, data + size, nullptr, false);
        if (!document.is_discarded()) {
            for (std::size_t times = 1 + random.below(3); times > 0; --times) change(document, random);
            const std::string text = document.dump(-1, ' ', false, Json::error_handler_t::replace);
            if (text.size() <= most) return std::memcpy(data, text.data(), text.size()), text.size();
        }
    }
    return LLVMFuzzerMutate(data, size, most);
}
