// Certificates through the checker's own reading. The digest is put right first, or nothing would come past it. The verdict is
// the same for the text written again, and an accepted certificate is about its own model and patterns; a proof takes
// milliseconds, so that is asked of one text in eight only.
#include "checker/check.hpp"

#include <tbb/global_control.h>

#include "checker/reading.hpp"
#include "fuzz.hpp"

namespace mambound::fuzz {
namespace {

using checker::Json;
using checker::Verdict;

bool same(const Verdict& a, const Verdict& b) {
    return a.is_certificate == b.is_certificate && a.accepted == b.accepted && a.complaint == b.complaint &&
           a.statement == b.statement;
}

void read(const std::string& text) {
    static const tbb::global_control one_thread(tbb::global_control::max_allowed_parallelism, 1);
    Json document = Json::parse(text, nullptr, false);
    const bool sealable = !document.is_discarded() && document.contains("digest"),
               again = std::hash<std::string>{}(text) % 8 == 0;
    if (!sealable || again) {
        const Verdict as_it_is = checker::check(text);
        expect(as_it_is.accepted == as_it_is.complaint.empty(), "what is not accepted has a complaint");
    }
    if (!sealable) return;
    document.erase("digest");
    document["digest"] = checker::digest_of(document);
    const std::string sealed = document.dump();
    const Verdict verdict = checker::check(sealed);
    expect(verdict.accepted == verdict.complaint.empty(), "what is not accepted has a complaint");
    if (!again) return;
    expect(same(verdict, checker::check(document.dump(1))), "spaces change nothing");
    if (!verdict.accepted) return;
    expect(same(verdict, checker::check(sealed, document["model"].dump(), document["patterns"].dump())),
           "an accepted certificate is about its own numbers");
}

}  // namespace
}  // namespace mambound::fuzz

MAMBOUND_FUZZ(mambound::fuzz::read)
