// Pieces of random polygons against their corners and fine grids.
#include <gtest/gtest.h>

#include "mambound/certify/piece.hpp"
#include "mambound/data/stream.hpp"

namespace mambound {
namespace {

// Random polygons of points (u, s): pieces below every point, and least(piece, h) at most sigma(u) (s - h) anywhere on the lines,
// and close to its least value on a fine grid.
class Polygon {
public:
    explicit Polygon(std::uint32_t index) {
        std::uint32_t item = 0;
        const Stream stream{1, purpose("polygon"), index};
        const auto draw = [&] { return standard_normal(stream, item++); };
        const double size = index % 3 == 0 ? 0.1 : 3;
        for (std::uint32_t i = 0; i < 2 + index % 5; ++i) corners.push_back(corner(read<Interval>(size * draw())));
        std::sort(corners.begin(), corners.end(), [](const Corner& a, const Corner& b) { return a.at < b.at; });
        for (std::size_t i = 0; i < corners.size(); ++i) s.push_back(read<Interval>(2 * draw()));
        append_pieces(corners, s, span_of(corners), 0, pieces);
        h = 3 * draw();
    }
    std::vector<Corner> corners;
    std::vector<Interval> s;
    std::vector<Piece> pieces;
    double h = 0;
};

double middle(const Interval& x) {
    return (x.lower() + x.upper()) / 2;
}

TEST(Pieces, are_below_every_corner_and_join) {
    for (std::uint32_t index = 0; index < 200; ++index) {
        const Polygon p(index);
        EXPECT_EQ(p.pieces.front().from, p.corners.front().at);
        EXPECT_EQ(p.pieces.back().to, p.corners.back().at);
        for (std::size_t i = 0; i < p.pieces.size(); ++i) {
            const Piece& piece = p.pieces[i];
            EXPECT_TRUE(i == 0 || piece.from == p.pieces[i - 1].to);
            bool touches = false;
            for (std::size_t c = 0; c < p.corners.size(); ++c) {
                const double line = piece.s_from + piece.slope * (p.corners[c].at - piece.from), size = std::abs(line) + 1;
                EXPECT_LE(line, p.s[c].upper() + 1e-13 * size) << index;
                touches |= line > p.s[c].lower() - 1e-9 * size;
            }
            EXPECT_TRUE(touches) << index;
        }
    }
}

TEST(Pieces, least_is_below_and_near_the_least_on_a_grid) {
    for (std::uint32_t index = 0; index < 200; ++index) {
        const Polygon p(index);
        for (const Piece& piece : p.pieces) {
            double least_seen = std::numeric_limits<double>::infinity();
            for (int i = 0; i <= 2000; ++i) {
                const double u = piece.from + (piece.to - piece.from) * i / 2000.0;
                least_seen = std::min(least_seen, gate(u).open * (piece.s_from + piece.slope * (u - piece.from) - p.h));
            }
            const Least found = least(piece, p.h);
            EXPECT_LE(found.bound, least_seen + 1e-14) << index;
            EXPECT_GE(found.bound, least_seen - 1e-4) << index;
            EXPECT_LE(coarse_bound(piece, p.h), found.bound + 1e-14) << index;
        }
    }
}

// Corners known to within 1/4 only: tokens with logits at either end are bounded too.
TEST(Pieces, bound_tokens_wherever_their_logits_are) {
    for (std::uint32_t index = 0; index < 200; ++index) {
        Polygon p(index);
        for (Corner& c : p.corners) c = corner({c.at - 0.25, c.at + 0.125});
        p.pieces.clear();
        append_pieces(p.corners, p.s, span_of(p.corners), 0, p.pieces);
        double least_bound = std::numeric_limits<double>::infinity(), coarse = least_bound, least_seen = least_bound;
        for (const Piece& piece : p.pieces) {
            least_bound = std::min(least_bound, least(piece, p.h).bound);
            coarse = std::min(coarse, coarse_bound(piece, p.h));
        }
        for (std::size_t i = 0; i < p.corners.size(); ++i)
            for (std::size_t j = 0; j <= i; ++j)
                for (const double x : {p.corners[i].u.lower(), p.corners[i].u.upper()})
                    for (const double y : {p.corners[j].u.lower(), p.corners[j].u.upper()})
                        for (double t = 0; t <= 1; t += 0x1p-6)
                            least_seen = std::min(least_seen, gate(x + t * (y - x)).open *
                                                                  (middle(p.s[i]) + t * (middle(p.s[j]) - middle(p.s[i])) - p.h));
        EXPECT_LE(least_bound, least_seen + 1e-14) << index;
        EXPECT_LE(coarse, least_seen + 1e-14) << index;
        EXPECT_LE(std::abs(least_seen - least_bound), 0.6 * std::abs(least_seen) + 1e-3) << index;  // e^0.375 = 1.45
    }
}

// A rise over one unit in the last place is a line like any other.
TEST(Pieces, a_steep_line_is_not_let_down) {
    for (const double u : {1.0, 1000.0})
        for (const double s : {-1.0, 1.0}) {
            const std::vector<Corner> corners{corner(read<Interval>(-u)), corner(read<Interval>(u)),
                                              corner(read<Interval>(above(u)))};
            std::vector<Piece> pieces;
            append_pieces(corners, {read<Interval>(0), read<Interval>(0), read<Interval>(s)}, span_of(corners), 0, pieces);
            for (const Piece& p : pieces) EXPECT_GE(std::min(p.s_from, p.s_to.lower()), std::min(s, 0.0) - 1e-12);
        }
}

}  // namespace
}  // namespace mambound
