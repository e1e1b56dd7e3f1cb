#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "../campaign.hpp"
#include "chosen_claims.hpp"
#include "cost.hpp"
#include "docket.hpp"
#include "interrupt.hpp"
#include "manners.hpp"
#include "program.hpp"
#include "progress.hpp"
#include "report.hpp"

namespace mambound {

Campaign judged(const VerifyOptions& options, Docket& docket) {
    Progress progress(docket.claims.size(), "claims");
    const InterruptGuard interrupt;
    Campaign campaign = judged(options, docket, [&](std::size_t done, const std::string& id) {
        progress.at(done, [&] { return id; });
        detail("{:.1f} s: {}", seconds_so_far(), id);
        return !interrupted();
    });
    progress.done();
    return campaign;
}

int verify(const VerifyOptions& options) {
    const auto in_use = use_scalar(options.scalar);
    Docket docket = mambound::docket(options);
    if (!options.json.empty()) check_writable(options.json);
    if (!options.report.empty() && !manners().dry_run) {
        std::error_code error;
        std::filesystem::create_directories(options.report, error);
        check_writable((std::filesystem::path(options.report) / "report.html").string());
    }
    for (const std::string& line : claims_with_parts(docket.claims, options.claims)) note("mambound verify: {}", line);
    if (docket.given)
        if (const auto unread = unread_symbols(docket.claims, options.set); !unread.empty())
            note("mambound verify: --set {}: read by none of these claims about given weights", fmt::join(unread, ", "));
    Plan plan = plan_of("verify", options, docket);
    if (!options.report.empty()) add_report(plan, {options, options.report, options.figures}, docket);
    if (!announce(plan)) return 0;
    const Campaign campaign = judged(options, docket);
    print_table(std::cout, campaign, [](Status s, const std::string& shown) { return coloured(name(s), shown); });
    std::cout.flush();  // the table is there even if the file cannot be
    if (!options.json.empty()) write_file(options.json, to_json(campaign));
    if (options.report.empty()) return campaign.exit_code();
    const int made = report({options, options.report, options.figures}, docket, &campaign);
    return campaign.exit_code() != 0 ? campaign.exit_code() : made;
}

}  // namespace mambound
