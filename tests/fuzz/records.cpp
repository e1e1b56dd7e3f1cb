// Records of a run, as they are and with every checksum made right, which random bytes do not get past: what is accepted is there
// at a second reading.
#include "files/records.hpp"

#include <fstream>

#include "files/digest.hpp"
#include "fuzz.hpp"

namespace mambound::fuzz {
namespace {

const RunKey key{{"grid", "g"}, {"seed", "1"}};
constexpr std::uint64_t items = 1000;

void resume(const std::string& text) {
    static const std::string path =
        "/dev/shm/mambound_fuzz_records_" + std::to_string(getpid());  // in a folder that can be synced
    std::ofstream(path, std::ios::binary) << text;
    std::uint64_t count = 0;
    {
        Records records(path, key, items, true);
        for (std::uint64_t i = 0; i < items; ++i)
            if (records.has(i)) {
                records.rows(i);
                ++count;
            }
        expect(count == records.count(), "every item is there once");
    }
    const Records again(path, key, items, true);
    expect(again.count() == count && again.torn_line() == 0, "records read again");
}

// Each line ends in its check: of the line for the first, of the first and the line for the others.
std::string sealed(const std::string& text) {
    std::string result, first;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        std::string line = text.substr(start, end - start);
        if (!line.empty()) {
            line.back() = '}';
            line = line.substr(0, line.size() - 1) + ",\"check\":\"" + sha256(first + line).substr(0, 32) + "\"}";
        }
        if (start == 0) first = line;
        result += line + (end < text.size() ? "\n" : "");
        start = end + 1;
    }
    return result;
}

void read(const std::string& text) {
    try {
        resume(text);
    } catch (const InputError&) {
    }
    resume(sealed(text));
}

}  // namespace
}  // namespace mambound::fuzz

MAMBOUND_FUZZ(mambound::fuzz::read)
