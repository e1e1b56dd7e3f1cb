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

}  // namespace
}  // namespace mambound
