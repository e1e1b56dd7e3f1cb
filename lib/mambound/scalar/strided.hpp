// Sums of products over strided tables, each sum in the order of its index: the same bits on every instruction set.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include "mambound/registers.hpp"
#include "mambound/scalar/lanes.hpp"

namespace mambound {

// Entry (i, j) stands at data[i row + j column].
template <class T>
struct Strided {
    using Entry = std::remove_const_t<T>;
    T* data;
    std::ptrdiff_t row, column = 1;
    [[gnu::always_inline]] T& operator()(std::ptrdiff_t i, std::ptrdiff_t j) const { return data[i * row + j * column]; }
};

template <class View>
using entry_of = typename std::remove_cvref_t<View>::Entry;

template <class T>
Strided<T> transposed(const Strided<T>& a) {
    return {a.data, a.column, a.row};
}
// Columns first, first + step, ... of a.
template <class T>
Strided<T> every(std::ptrdiff_t step, std::ptrdiff_t first, const Strided<T>& a) {
    return {a.data + first * a.column, a.row, step * a.column};
}

// [rows, columns] of numbers, or of Lanes, which Eigen would not align.
template <class E>
class Grid {
public:
    void resize(std::ptrdiff_t rows, std::ptrdiff_t columns) {
        rows_ = rows;
        columns_ = columns;
        entries_.resize(static_cast<std::size_t>(rows * columns));
    }
    void fill(const E& x) { std::fill(entries_.begin(), entries_.end(), x); }
    std::ptrdiff_t rows() const { return rows_; }
    std::ptrdiff_t cols() const { return columns_; }
    E& operator()(std::ptrdiff_t i, std::ptrdiff_t k) { return entries_[static_cast<std::size_t>(i * columns_ + k)]; }
    const E& operator()(std::ptrdiff_t i, std::ptrdiff_t k) const { return entries_[static_cast<std::size_t>(i * columns_ + k)]; }
    std::span<E> row(std::ptrdiff_t i) {
        return {&entries_[static_cast<std::size_t>(i * columns_)], static_cast<std::size_t>(columns_)};
    }
    std::span<const E> row(std::ptrdiff_t i) const {
        return {&entries_[static_cast<std::size_t>(i * columns_)], static_cast<std::size_t>(columns_)};
    }
    // Rows first, first + 1, ...
    Strided<E> view(std::ptrdiff_t first = 0) { return {entries_.data() + first * columns_, columns_}; }
    Strided<const E> view(std::ptrdiff_t first = 0) const { return {entries_.data() + first * columns_, columns_}; }

private:
    std::ptrdiff_t rows_ = 0, columns_ = 0;
    std::vector<E> entries_;
};

// Part `index` of entries that are too long for a register of so many bytes; what else a kernel takes is left as it is.
template <int bytes, class T>
[[gnu::always_inline]] inline auto part_of(const Strided<T>& x, int index) {
    using Entry = typename Strided<T>::Entry;
    constexpr bool several = width_of<Entry> != 1;
    if constexpr (several && sizeof(Entry) > bytes) {
        using Part = Lanes<number_of<Entry>, bytes / sizeof(number_of<Entry>)>;
        using Kept = std::conditional_t<std::is_const_v<T>, const Part, Part>;
        constexpr std::ptrdiff_t parts = sizeof(Entry) / bytes;
        return Strided<Kept>{reinterpret_cast<Kept*>(x.data) + index, x.row * parts, x.column * parts};
    } else {
        return x;
    }
}
template <int bytes, class Other>
[[gnu::always_inline]] inline const Other& part_of(const Other& x, int) {
    return x;
}

// A kernel over entries that are Lanes, one register of each after the other.
template <class E, class Kernel>
struct ByRegister {
    Kernel kernel;
    template <int bytes, class... Arguments>
    [[gnu::always_inline]] void operator()(const Arguments&... arguments) const {
        for (int index = 0; index < std::max(1, static_cast<int>(sizeof(E)) / bytes); ++index)
            kernel(part_of<bytes>(arguments, index)...);
    }
};

// kernel(arguments...) for entries E; if these are Lanes, in registers of the instruction set in use.
template <class E, class Kernel, class... Arguments>
void in_lanes(Kernel kernel, Arguments... arguments) {
    if constexpr (width_of<E> == 1) kernel(arguments...);
    else in_registers(ByRegister<E, Kernel>{kernel}, arguments...);
}

// Which terms k = 0 ... n - 1 belong to row i: all, those up to i + shift, those from i - shift on.
enum class Terms { all, up_to_row, from_row };

struct Extent {
    std::ptrdiff_t rows, columns, n;
    Terms terms = Terms::all;
    std::ptrdiff_t shift = 0;
    bool below_diagonal = false;  // of row i only the columns 0 ... i + shift are asked for

    [[gnu::always_inline]] std::ptrdiff_t begin(std::ptrdiff_t i) const {
        return terms == Terms::from_row ? std::max<std::ptrdiff_t>(0, i - shift) : 0;
    }
    [[gnu::always_inline]] std::ptrdiff_t end(std::ptrdiff_t i) const {
        return terms == Terms::up_to_row ? std::min(n, i + shift + 1) : n;
    }
};

// Does a sum start from 0, or from what stands there?
enum class Start { zero, out };

template <Start start>
struct Product {
    // A tile of sums is kept in registers.
    template <int rows, int columns, class Out, class A, class B>
    [[gnu::always_inline]] static void tile(std::ptrdiff_t i, std::ptrdiff_t j, const Extent& e, const Out& out, const A& a,
                                            const B& b) {
        using E = entry_of<Out>;
        E sum[rows][columns];
#pragma GCC unroll 4
        for (int r = 0; r < rows; ++r)
#pragma GCC unroll 4
            for (int c = 0; c < columns; ++c) sum[r][c] = start == Start::zero ? E(number_of<E>(0)) : out(i + r, j + c);
        const std::ptrdiff_t first = e.begin(i + rows - 1), last = e.end(i);  // of the terms that all rows have
#pragma GCC unroll 4
        for (int r = 0; r < rows; ++r)
            for (std::ptrdiff_t k = e.begin(i + r); k < first; ++k)
#pragma GCC unroll 4
                for (int c = 0; c < columns; ++c) sum[r][c] = sum[r][c] + a(i + r, k) * b(k, j + c);
        for (std::ptrdiff_t k = first; k < last; ++k)
#pragma GCC unroll 4
            for (int r = 0; r < rows; ++r)
#pragma GCC unroll 4
                for (int c = 0; c < columns; ++c) sum[r][c] = sum[r][c] + a(i + r, k) * b(k, j + c);
#pragma GCC unroll 4
        for (int r = 0; r < rows; ++r)
            for (std::ptrdiff_t k = last; k < e.end(i + r); ++k)
#pragma GCC unroll 4
                for (int c = 0; c < columns; ++c) sum[r][c] = sum[r][c] + a(i + r, k) * b(k, j + c);
#pragma GCC unroll 4
        for (int r = 0; r < rows; ++r)
#pragma GCC unroll 4
            for (int c = 0; c < columns; ++c) out(i + r, j + c) = sum[r][c];
    }
    template <int rows, int columns, class Out, class A, class B>
    [[gnu::always_inline]] static void rows_of(std::ptrdiff_t i, const Extent& e, const Out& out, const A& a, const B& b) {
        const std::ptrdiff_t q = e.below_diagonal ? std::min(e.columns, i + rows + e.shift) : e.columns;
        std::ptrdiff_t j = 0;
        for (; j + columns <= q; j += columns) tile<rows, columns>(i, j, e, out, a, b);
        for (; j < q; ++j) tile<rows, 1>(i, j, e, out, a, b);
    }
    template <class Out, class A, class B>
    [[gnu::always_inline]] void operator()(const Extent& e, const Out& out, const A& a, const B& b) const {
        using E = entry_of<Out>;
        constexpr bool alone = width_of<E> == 1, of_32 = sizeof(E) == 64;  // registers
        constexpr int rows = alone ? 1 : of_32 ? 4 : 2, columns = alone ? 1 : 4;
        std::ptrdiff_t i = 0;
        for (; i + rows <= e.rows; i += rows) rows_of<rows, columns>(i, e, out, a, b);
        for (; i < e.rows; ++i) rows_of<1, columns>(i, e, out, a, b);
    }
};

// out(i,j) = sum_k a(i,k) b(k,j), or the same added to what stands there. out must not overlap a or b; where below_diagonal is
// asked for, what stands above the diagonal is left undefined.
template <class E, class A, class B>
void set_product(const Extent& extent, Strided<E> out, Strided<A> a, Strided<B> b) {
    in_lanes<E>(Product<Start::zero>{}, extent, out, a, b);
}
template <class E, class A, class B>
void add_product(const Extent& extent, Strided<E> out, Strided<A> a, Strided<B> b) {
    in_lanes<E>(Product<Start::out>{}, extent, out, a, b);
}

}  // namespace mambound
