// rates, rate-fits: iterations to a target loss against each symbol of Theorems 1 and 3, and their exponents.
#include "../measures/rates.hpp"

#include <cmath>

#include "../study.hpp"

namespace mambound {
namespace {

std::string_view name(Start start) {
    return start == Start::given ? "given" : "small";
}

std::size_t trainings() {
    std::size_t count = 0;
    for (const Sweep& sweep : rate_sweeps()) count += sweep.values.size() * rate_replicates;
    return count;
}

}  // namespace

Study rates_study() {
    return {
        "rates", "how many iterations does training take to its target loss, for each symbol and seed?", trainings(),
        [](Laboratory& lab, const Emit& emit) {
            for (const Sweep& sweep : rate_sweeps())
                emit([&] {
                    Rows rows;
                    const Rate rate = measure_rate(lab, sweep);
                    // Where the fitted line has the middle of the range, in logarithms; the stated slope passes through it.
                    const double middle = std::sqrt(sweep.values.front() * sweep.values.back());
                    const double there = rate.fit.constant * std::pow(middle, rate.fit.exponent);
                    for (std::size_t i = 0; i < sweep.values.size(); ++i)
                        for (std::size_t r = 0; r < rate.times[i].size(); ++r)
                            rows.push_back(Row{rate.settings[i]}
                                               .add("model", name(sweep.architecture))
                                               .add("start", name(sweep.start))
                                               .add("symbol", sweep.symbol)
                                               .add("value", sweep.values[i])
                                               .add("replicate", static_cast<double>(r))
                                               .add("iterations", rate.times[i][r])
                                               .add("fitted", rate.fit.constant * std::pow(sweep.values[i], rate.fit.exponent))
                                               .add("stated", there * std::pow(sweep.values[i] / middle, sweep.stated))
                                               .add("exponent", rate.fit.exponent, rate.fit.interval)
                                               .add("stated_exponent", sweep.stated));
                    return rows;
                });
        }};
}

Study rate_fits_study() {
    return {"rate-fits", "which power of each symbol do the iterations follow, and which is stated?", rate_sweeps().size(),
            [](Laboratory& lab, const Emit& emit) {
                for (const Sweep& sweep : rate_sweeps())
                    emit([&]() -> Rows {
                        const Rate rate = measure_rate(lab, sweep);
                        return {Row{rate.settings.front()}
                                    .add("model", name(sweep.architecture))
                                    .add("start", name(sweep.start))
                                    .add("symbol", sweep.symbol)
                                    .add("from", sweep.values.front())
                                    .add("to", sweep.values.back())
                                    .add("stated", sweep.stated)
                                    .add("exponent", rate.fit.exponent, rate.fit.interval)
                                    .add("constant", rate.fit.constant)};
                    });
            }};
}

}  // namespace mambound
