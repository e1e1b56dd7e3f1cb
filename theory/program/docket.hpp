// What a campaign is about: the setting, the claims and the laboratory that options ask for.
#pragma once

#include <memory>

#include "../campaign.hpp"
#include "program.hpp"

namespace mambound {

struct Docket {
    Setting setting;
    bool full = false, given = false;  // given: weights from files
    std::unique_ptr<Laboratory> lab;
    std::vector<Claim> claims;
    bool with_figure = false;  // Figure 2 goes with a profile, not with claims asked for by name
};

// Reads files and checks everything; throws InputError, FileError. The scalar must be in use (use_scalar).
Docket docket(const VerifyOptions& options);

// Is "name=value" about a symbol that a model and patterns file settle?
bool settled_by_files(std::string_view assignment);

// All of them judged, with progress on standard error; away from the default setting nothing is recorded. An interrupted campaign
// has those done.
Campaign judged(const VerifyOptions& options, Docket& docket);

}  // namespace mambound
