// (202)-(204): gradients of the squared loss.
#include "../identities/squared_loss_identity.hpp"
#include "ladder_sweep.hpp"

namespace mambound {

std::vector<Claim> regression_claims() {
    const auto duals = [](Block b) {
        return [b]<class S>(const Case& c, Sabotage s) { return squared_gradient_eq_duals<S>(b, c, s); };
    };
    std::vector<Claim> claims;
    claims.push_back(identity("eq202-204.W_C", "squared_loss_gradient_in_W_C_eq_duals",
                              "(F - z) dF/dW_C is the derivative of (F - z)^2/2 along W_C", "li2025outliers, Eq. (202)",
                              duals(Block::W_C), "the residual F - z dropped", Sabotage::drop_residual));
    claims.push_back(identity("eq202-204.W_B", "squared_loss_gradient_in_W_B_eq_duals",
                              "(F - z) dF/dW_B is the derivative of (F - z)^2/2 along W_B", "li2025outliers, Eq. (203)",
                              duals(Block::W_B), "z - F for F - z", Sabotage::sign));
    claims.push_back(identity("eq202-204.w", "squared_loss_gradient_in_w_eq_duals",
                              "(F - z) dF/dw, signs as in (135), is the derivative of (F - z)^2/2 along w",
                              "li2025outliers, Eq. (204), (135)", duals(Block::w), "(204) as printed", Sabotage::sign));
    claims.push_back(identity(
        "eq202-204.w.printed", "squared_loss_gradient_in_w_as_printed_eq_duals",
        "(204) as printed, (F - z) sum_i G_i y_i s_i (sum_{s>i} sigma_s p_s - (1 - sigma_i) p_i), is that derivative",
        "li2025outliers, Eq. (204)",
        []<class S>(const Case& c, Sabotage s) {
            return squared_gradient_eq_duals<S>(Block::w, c, s == Sabotage::none ? Sabotage::sign : s);
        },
        "the right sign, but the residual F - z dropped", Sabotage::drop_residual));
    return claims;
}

}  // namespace mambound
