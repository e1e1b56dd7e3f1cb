// study, sweep, precision: the commands that make tables.
#include <memory>

#include "command_line.hpp"
#include "program.hpp"

namespace mambound {
namespace {

void add_study_options(CommandLine& line, CLI::App* c, StudyOptions& o, bool any_scalar = true) {
    c->add_option("--out", o.out, "of PREFIX.jsonl and PREFIX.csv (the study's or the file's name)")->type_name("PREFIX");
    add_setting(c, o.set);
    add_profile(c, o.profile, "how many training runs and prompts");
    add_seed(c, o.seed);
    if (any_scalar) add_scalar(c, o.scalar);
    line.add_jobs(c);
    line.add_dry_run(c);
}

void add_resume(CLI::App* c, StudyOptions& o, const std::string& same) {
    c->add_flag("--resume", o.resume, "go on with PREFIX.records, of the same " + same + ", if it is there");
}

void declare_study(CommandLine& line) {
    const auto o = std::make_shared<StudyOptions>();
    CLI::App* c =
        line.add("study", "Measure what a figure, a table or a question of the theory needs.",
                 "Example: mambound study figure2 --out results/figure2\n"
                 "Rows hold the measurement, its interval, the seed and the whole setting. Parts that are finished are kept\n"
                 "in PREFIX.records until all are, whatever ends the run; --resume does the rest.\n"
                 "On many machines, with the same bytes: mpirun -n N mambound study NAME (where it is built with MPI).",
                 [o] { return study(*o); });
    c->add_option("name", o->name, "which one; `list` names all")->type_name("STUDY");
    add_study_options(line, c, *o);
    add_resume(c, *o, "study, setting and seed");
}

void declare_sweep(CommandLine& line) {
    const auto o = std::make_shared<StudyOptions>();
    const auto set = std::make_shared<const CLI::Option*>();  // as it was typed
    CLI::App* c =
        line.add("sweep", "Train and test at every point of a grid over settings.",
                 "Example: mambound sweep grid.json --out results/grid\n"
                 "Example file: {\"format\": \"mambound-sweep/1\", \"set\": {\"T\": 500}, \"grid\": {\"alpha\": [0.2, 0.5]},\n"
                 "  \"models\": [\"mamba\"], \"rules\": [\"flip\"], \"runs\": 3, \"prompts\": 20000}\n"
                 "Finished cells are kept in PREFIX.records until all are, whatever ends the run; --resume does the rest.\n"
                 "On many machines, with the same bytes: mpirun -n N mambound sweep FILE (or srun; where it is built with MPI).",
                 [o, set] {
                     o->set_by_hand = names_in((*set)->results());
                     return sweep(*o);
                 });
    c->add_option("file", o->name, "the grid (mambound-sweep/1)")->required()->type_name("FILE");
    add_study_options(line, c, *o);
    *set = c->get_option("--set");
    add_resume(c, *o, "sweep and seed");
}

void declare_precision(CommandLine& line) {
    const auto o = std::make_shared<StudyOptions>();
    CLI::App* c = line.add(
        "precision", "The same data bits in every number type: digits kept, where training departs, which verdicts change.",
        "Example: mambound precision --out results/precision\n"
        "Writes PREFIX.forward, .trajectories, .verdicts, .significands (.jsonl and .csv; also `mambound study\n"
        "precision.forward` ...) and prints what they come to. quick: a quarter of T; claims but figure2 up to 64 bits and of\n"
        "Theorem 2 and the corollaries at 50 digits, 162 s of processor time; full: all of it. That took 41 minutes on two "
        "cores.",
        [o] { return precision(*o); });
    add_study_options(line, c, *o, false);
}

}  // namespace

void declare_study_commands(CommandLine& line) {
    declare_study(line);
    declare_sweep(line);
    declare_precision(line);
}

}  // namespace mambound
