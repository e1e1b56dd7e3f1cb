#pragma once

#include <iostream>
#include <vector>

#include "campaign.hpp"

// Judges claims at the default setting with one training run and prints the table; exit code 0 if each holds and has power.
inline int all_hold(const std::vector<mambound::Claim>& claims) {
    mambound::Laboratory lab(mambound::Setting{}, "double", 1, 1);
    const auto go_on = [](std::size_t, const std::string&) { return true; };
    const mambound::Campaign campaign = run_campaign(lab, claims, false, go_on);
    print_table(std::cout, campaign);
    for (const mambound::Result& r : campaign.results)
        if (r.verdict.status != mambound::Status::holds || r.powerless()) return 1;
    return 0;
}
