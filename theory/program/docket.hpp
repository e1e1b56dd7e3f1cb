// What a campaign is about: the setting, the claims and the laboratory that options ask for.
#pragma once

#include <memory>

#include "../campaign.hpp"
#include "plan.hpp"
#include "program.hpp"

namespace mambound {

struct Docket {
    Setting setting;
    bool full = false, given = false;  // given: weights from files
    std::unique_ptr<Laboratory> lab;
    std::vector<Claim> claims;
    bool with_figure = false;  // Figure 2 goes with a profile, not with claims asked for by name
};

// Weights and patterns that were trained elsewhere.
struct GivenModel {
    ExactModel weights;
    ExactPatterns patterns;
};
// Checks everything; throws InputError. The scalar must be in use (use_scalar). The options' `model` and `patterns` are not read.
Docket docket(const VerifyOptions& options, const std::optional<GivenModel>& given);
// The same with what their files hold; throws FileError, too.
Docket docket(const VerifyOptions& options);

// Is "name=value" about a symbol that a model and patterns file settle?
bool settled_by_files(std::string_view assignment);

// Its claims, how long they take in as many runs, and the files that options ask for.
Plan plan_of(const std::string& command, const VerifyOptions& options, const Docket& docket, int runs = 1);

// All of them judged, as long as go_on(done, id of the next) says so; away from the default setting nothing is recorded.
Campaign judged(const VerifyOptions& options, Docket& docket, const std::function<bool(std::size_t, const std::string&)>& go_on);
// All of them judged, with progress on standard error. A campaign interrupted by Ctrl-C has those done.
Campaign judged(const VerifyOptions& options, Docket& docket);

}  // namespace mambound
