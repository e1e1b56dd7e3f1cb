#include "report/figures.hpp"

#include <fmt/format.h>

#include <set>

namespace mambound {
namespace {

// Okabe and Ito's colours, made to stand out from white and from black; every series also has a mark and a dash of its own.
constexpr std::string_view prelude = R"(set datafile separator ','
set datafile columnheaders
set datafile missing NaN
set termoption noenhanced
set border 3 lc rgb 'black'
set tics nomirror
set grid lc rgb '#999999' lw 0.5 dt 3
set key below height 0.6 samplen 3 spacing 1.15
set xlabel offset 0,0.3
set style line 1 lc rgb '#0072B2' pt 7 dt 1 ps 0.6
set style line 2 lc rgb '#008A63' pt 9 dt 2 ps 0.6
set style line 3 lc rgb '#3F93C9' pt 13 dt 4 ps 0.6
set style line 4 lc rgb '#D55E00' pt 5 dt 1 ps 0.6
set style line 5 lc rgb '#A87900' pt 4 dt 2 ps 0.7
set style line 6 lc rgb '#C4689B' pt 2 dt 4 ps 0.7
set style line 9 lc rgb '#777777' lw 1.5 dt 3
model(i) = word('mamba linear_transformer', i)
called(i) = word('Mamba "linear Transformer"', i)
when(is, x) = is ? x : NaN
least(x, y) = x < y ? x : y
most(x, y) = x > y ? x : y
)";

constexpr const char* figure2 = R"(set xlabel 'alpha: probability that an example has an outlier'
set ylabel 'error, %'
set yrange [0:*]
set key maxcols 3
set label 'alpha = 1/2 (Theorem 4)' at 0.49, graph 0.97 right
set arrow from 0.5, graph 0 to 0.5, graph 1 nohead ls 9
rule(i) = word('flip target coin', i)
plot for [m=1:2] for [r=1:3] F using (when(strcol('model') eq model(m) && strcol('rule') eq rule(r), \
    column('set.alpha'))):\
  (100*column('error')):(100*column('error_lower')):(100*column('error_upper')) with yerrorlines ls 3*(m-1)+r title \
    called(m).', '.rule(r),\
  10 ls 9 title 'theory: at most 10 %'
)";

constexpr const char* figure3 = R"(set xlabel 'iterations'
set ylabel 'attention score, mean'
set logscale x
kind(i) = word('query other', i)
plot for [k=1:2] for [n=1:3] F using (when(strstrt(strcol('what'), kind(k)) > 0 && column('layer') == n, \
    column('set.T'))):\
  'mean':'mean_lower':'mean_upper' with yerrorbars ls 3*(k-1)+n dt 1 title sprintf('layer %d, %s pattern', n, \
    kind(k)),\
  for [k=1:2] for [n=1:3] F using (when(strstrt(strcol('what'), kind(k)) > 0 && column('layer') == n, \
    column('set.T'))):\
  'mean' smooth unique with lines ls 3*(k-1)+n notitle
)";

constexpr const char* figure4 = R"(set xlabel 'clean examples by distance from the query (outliers: any distance)'
set ylabel 'gate, mean'
set logscale y
set format y '10^{%L}'
set termoption enhanced
set xrange [-0.5:10.5]
set xtics 1, 1, 10
set xtics add ('outlier' 0)
plot for [n=1:3] F using (when(column('layer') == n, column('j')+0.1*(n-2))):'mean':(most(column('mean_lower'), \
    1e-6)):'mean_upper'\
  with yerrorbars ls 2*n-1 dt 1 title sprintf('layer %d', n),\
  for [n=1:3] F using (when(column('layer') == n && column('j') > 0, column('j')+0.1*(n-2))):'mean' smooth unique \
    with lines ls 2*n-1 notitle
)";

constexpr const char* phase = R"(set multiplot layout 1,2
set palette defined (0 '#00224e', 0.25 '#35456c', 0.5 '#7d7c78', 0.75 '#b8a968', 1 '#fee838')
set cbrange [0:100]
unset colorbox
unset grid
set xrange [0.05:0.95]
set yrange [0.05:0.95]
set xtics 0.1, 0.2, 0.9
set ytics 0.1, 0.2, 0.9
set xlabel 'p_a, outliers in training'
set ylabel 'alpha, outliers at test'
set style fill solid noborder
first(m) = strcol('model') eq model(m) && column('run') == 0
percent(x) = sprintf('%.0f', 100*x)
do for [m=1:2] {
  set title called(m).': error, %'
  line(p, l, L) = m == 1 ? least(1, p*l/L) : 0.5
  plot F using (when(first(m), column('p_a'))):'alpha':(0.05):(0.05):(100*column('error')) with boxxyerror lc \
    palette notitle,\
    F using (when(first(m), column('p_a'))):(line(column('p_a'), column('set.l_tr'), column('set.l_ts'))) smooth \
    unique with lines lc rgb '#000001' lw 5 notitle,\
    F using (when(first(m), column('p_a'))):(line(column('p_a'), column('set.l_tr'), column('set.l_ts'))) smooth \
    unique with lines lc rgb '#D55E00' lw 2 dt 2 title m == 1 ? 'Theorem 2: below' : 'Theorem 4: below',\
    F using (when(first(m) && column('error') < 0.47, column('p_a'))):'alpha':(percent(column('error'))) with labels \
    offset -0.3,0.5 tc rgb '#fffffe' font ',10' notitle,\
    F using (when(first(m) && column('error') >= 0.47, column('p_a'))):'alpha':(percent(column('error'))) with \
    labels offset -0.3,0.5 tc rgb '#010101' font ',10' notitle
}
unset multiplot
)";

constexpr const char* rates = R"(set multiplot layout 3,2
set logscale xy
unset key
symbol(i) = word('eta beta M1 1-p_a l_tr', i)
start(i) = word('given small', i)
is(s, m, b) = strcol('symbol') eq symbol(s) && strcol('model') eq model(m) && strcol('start') eq start(b)
do for [s=1:5] {
  set title symbol(s)
  set ylabel 'iterations'
  plot for [m=1:2] for [b=1:2] F using (when(is(s,m,b) && column('replicate') < 12, column('value'))):'iterations' \
    with points ls 3*(m-1)+b ps 0.35 notitle,\
    for [m=1:2] for [b=1:2] F using (when(is(s,m,b), column('value'))):'fitted' smooth unique with lines ls \
    3*(m-1)+b notitle,\
    for [m=1:2] for [b=1:2] F using (when(is(s,m,b), column('value'))):'stated' smooth unique with lines ls \
    3*(m-1)+b dt 3 lw 2 notitle
}
unset title
unset logscale
unset border
unset tics
unset ylabel
unset grid
set key center center samplen 4
set xrange [0:1]
set yrange [0:1]
plot for [m=1:2] for [b=1:2] NaN with linespoints ls 3*(m-1)+b title called(m).', '.start(b).' start: fitted',\
  NaN with lines lc rgb 'black' dt 3 lw 2 title 'theory: stated slope'
unset multiplot
)";

constexpr const char* gates = R"(set xlabel 'clean examples by distance from the query'
set ylabel 'gate, mean'
set logscale y
set format y '1e%T'
set xrange [-0.5:10.5]
set xtics 1, 1, 10
set xtics add ('outlier' 0)
plot for [r=0:2] F using (when(column('run') == r, column('j')+0.1*(r-1))):'mean':(most(column('mean_lower'), \
    1e-6)):'mean_upper'\
  with yerrorbars ls 2*r+1 dt 1 title sprintf('training run %d', r + 1),\
  for [r=0:2] F using (when(column('run') == r && column('j') > 0, column('j')+0.1*(r-1))):'mean' smooth unique \
    with lines ls 2*r+1 notitle,\
  [x=1:10] '+' using 1:(2**(-$1)) with lines ls 9 title 'theory: at least 2^-j (Corollary 2)'
)";

constexpr const char* families =
    R"(L = 'training paper cone mixed negated orthogonal free "sum 1.7" "sum 1" "sum 0.5" "sum 0.3" "sum 0.1" \
    "sum 0" "sum -0.1" "sum -0.3" "sum -1"'
place(f) = sum [k=1:16] (word(L, k) eq f ? 17 - k : 0)
set xlabel 'error, %, labels flipped, alpha = 0.5, magnitude kappa_a of the test prompts'
set xrange [0:100]
set yrange [0:17]
set ytics ('' 0)
do for [k=1:16] { set ytics add (word(L, k) 17 - k) }
at(f, m, run) = place(f) + 0.25*(m-1.5) + 0.08*(run-1)
shown(m) = strcol('model') eq model(m) && strcol('rule') eq 'flip' && column('set.alpha') == 0.5 && \
    column('set.kappa_a_test') != column('set.kappa_a')
plot for [m=1:2] F using (when(shown(m), 100*column('error'))):(at(strcol('family'), m, column('run'))):\
  (100*column('error_lower')):(100*column('error_upper')) with xerrorbars ls 3*m-2 dt 1 title \
    called(m).', three training runs'
)";

constexpr const char* precision = R"(set xlabel 'bits of significand'
set ylabel 'decimal digits of F kept'
set logscale x
set xrange [6:200]
set xtics ('bfloat16 8' 8, '11' 11, 'float 24' 24, 'double 53' 53, '113' 113, 'mp50' 168)
rounds(t) = t ne 'interval' && t ne 'mpfi50'
is(l) = rounds(strcol('type')) && column('l') == l && column('gate_scale') == 1
len(i) = int(word('1 10 100 1000', i))
plot for [i=1:4] F using (when(is(len(i)), column('bits'))):'F_digits':'F_digits_least':'F_digits' with yerrorbars \
    ls i dt 1 title sprintf('l = %d (bar: down to the worst prompt)', len(i)),\
  for [i=1:4] F using (when(is(len(i)), column('bits'))):'F_digits' smooth unique with lines ls i notitle,\
  x*log10(2) ls 9 title 'theory: every digit of the type'
)";

constexpr const char* certified = R"(set xlabel 'alpha: probability that an example has an outlier'
set ylabel 'probability of error'
set logscale y
set yrange [1e-22:10]
set format y '1e%T'
plot F using 'set.alpha':'certified_upper' with linespoints ls 1 title 'certified upper bound',\
  F using 'set.alpha':'certified_lower' with linespoints ls 2 title 'certified lower bound',\
  F using 'set.alpha':(when(column('error') > 0, column('error'))) with points ls 4 ps 0.9 title \
    'share of 20000 sampled prompts',\
  F using 'set.alpha':(most(column('error_lower'), 1e-22)):(0):(column('error_upper')-most(column('error_lower'), \
    1e-22)) with vectors nohead ls 4 title 'its interval'
)";

constexpr const char* tolerance = R"(set xlabel 'l: examples in a prompt'
set ylabel 'outliers, share of l'
set logscale x
set yrange [0:1]
set key below maxcols 1
shown(m) = strcol('varied') eq 'l' && strcol('model') eq model(m)
plot for [m=1:2] F using (when(shown(m), column('set.l_ts'))):(most(0, column('certified_share'))) with linespoints \
    ls 3*m-2 title called(m).': certified in every prompt',\
  for [m=1:2] F using (when(shown(m), column('set.l_ts'))):(column('attacked_outliers')/column('set.l_ts')) with \
    linespoints ls 3*m-1 title called(m).': largest share without a failing prompt found',\
  0.5 ls 9 title 'theory: one half, past which the linear Transformer fails'
)";

bool replace_all(std::string& text, std::string_view from, const std::string& to) {
    bool any = false;
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
        any = true;
    }
    return any;
}

}  // namespace

const std::vector<Figure>& report_figures() {
    static const std::vector<Figure> all{
        {"figure2", "Figure 2: error against the share of outliers",
         "Bars: exact intervals of 20000 prompts a point. One training run of each model.", 720, 520, figure2},
        {"phase-diagram", "Phase diagram: outliers in training and at test",
         "Error of the first training run, flipped labels, 20000 prompts a cell; intervals are in the file. Theorem 2 speaks of "
         "alpha below p_a l_tr / l_ts, Theorem 4 of alpha below 1/2: dashed.",
         760, 470, phase},
        {"rates", "Rates: iterations to the target loss",
         "Each symbol varied with the others held; 12 of the 48 seeds behind each fit are drawn. Axes are logarithmic. The "
         "stated slope passes through the "
         "middle of the fitted line. The interval of an exponent is for the median seed.",
         760, 860, rates},
        {"gate-decay", "Gate decay: one layer", "Bars: intervals of the mean over 32768 prompts, half of the examples outliers.",
         720, 470, gates},
        {"figure3", "Figure 3: attention scores of three layers along training",
         "Bars: intervals of the mean of each run; lines join the means over runs.", 720, 500, figure3},
        {"figure4", "Figure 4: gates of three layers by distance",
         "Bars: intervals of the mean of each run; lines join the means over runs.", 720, 480, figure4},
        {"outlier-families", "Outlier families: which outliers hurt",
         "Families of test outliers by how they are made of the training outliers (their coefficient sum decides); bars: exact "
         "intervals of 8192 prompts.",
         720, 640, families},
        {"precision.forward", "Precision ladder: digits of F by number type",
         "Median over prompts of each length, at the gates of a trained model.", 720, 500, precision},
        {"certified.figure2", "Certified against sampled error",
         "Mamba, flipped labels: the error probability is between the two certified bounds; sampling sees no error "
         "below about 1e-4.",
         720, 500, certified, 9},
        {"certified.tolerance", "Certified tolerance against the length of the prompt",
         "One model each; certified bounds hold for every prompt, so they have no interval.", 720, 520, tolerance}};
    return all;
}

std::string gnuplot_script(const Figure& f) {
    return fmt::format(
               "# gnuplot {0}.gp, in the folder of {0}.csv, draws {0}.svg\nset terminal svg size {1},{2} dynamic rounded font "
               "'sans-serif,13' linewidth 1.3\n"
               "set output '{0}.svg'\nF = '{0}.csv'\n",
               f.study, f.width, f.height) +
           std::string(prelude) + f.script;
}

std::vector<std::string> exponents(const std::vector<nlohmann::json>& rates) {
    std::vector<std::string> lines;
    std::set<std::string> seen;
    for (const auto& row : rates) {
        const auto text = [&](const char* field) {
            return row.at(field).is_string() ? row.at(field).get<std::string>()
                                             : fmt::format("{:.3f}", row.at(field).get<double>());
        };
        const std::string of = fmt::format("{} of {}, {} start", text("symbol"), text("model"), text("start"));
        if (!seen.insert(of).second) continue;
        lines.push_back(fmt::format("{}: exponent {} in [{}, {}], stated {:g}", of, text("exponent"), text("exponent_lower"),
                                    text("exponent_upper"), row.at("stated_exponent").get<double>()));
    }
    return lines;
}

std::string inline_svg(const std::string& svg, const std::string& name) {
    const std::size_t begin = svg.find("<svg"), end = svg.rfind("</svg>");
    if (begin == std::string::npos || end == std::string::npos) return "";
    std::string body = svg.substr(begin, end + 6 - begin);
    std::string mark = name;
    for (char& c : mark) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '-';
    replace_all(body, "id='", "id='" + mark + "-");
    replace_all(body, "id=\"", "id=\"" + mark + "-");
    replace_all(body, "href='#", "href='#" + mark + "-");
    replace_all(body, "href=\"#", "href=\"#" + mark + "-");
    replace_all(body, "url(#", "url(#" + mark + "-");
    return body;
}

}  // namespace mambound
