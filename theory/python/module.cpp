// mambound._mambound: the commands as functions of texts. Documents go in and come out as the program reads and writes them, so no
// number is converted here; mambound/*.py makes dicts and NumPy arrays of them.
#include <fmt/format.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <tbb/global_control.h>

#include <future>
#include <mutex>

#include "checker/check.hpp"
#include "files/setting_file.hpp"
#include "interrupted.hpp"
#include "mambound/certify/error_probability.hpp"
#include "mambound/scalar/environment.hpp"
#include "mambound/training/sgd.hpp"
#include "program/commands.hpp"
#include "program/docket.hpp"

namespace mambound::python {
namespace {

namespace py = pybind11;
using namespace std::chrono_literals;

using Assignments = std::vector<std::string>;
using Document = std::pair<std::string, std::string>;  // a text, and what to call it in complaints

// The number of threads, the length of a simulated significand and interrupted() belong to the process.
std::timed_mutex one_computation_at_a_time;

bool handler_raised() {
    const py::gil_scoped_acquire locked;
    return PyErr_CheckSignals() != 0;
}

// compute() on a thread of its own and on `jobs` threads (0: as many as there are cores), without the interpreter's lock. Signals
// are looked for meanwhile; one whose handler raises, as Ctrl-C does, ends it.
template <class Compute>
auto run(int jobs, Compute&& compute) {
    constexpr auto look = 50ms;
    bool told = false;
    std::future<decltype(compute())> result;
    {
        const py::gil_scoped_release unlocked;
        std::unique_lock alone(one_computation_at_a_time, std::defer_lock);
        while (!told && !alone.try_lock_for(look)) told = handler_raised();
        if (!told) {
            set_interrupted(false);
            result = std::async(std::launch::async, [&] {
                std::optional<tbb::global_control> threads;
                if (jobs != 0) threads.emplace(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(jobs));
                return compute();
            });
            while (result.wait_for(look) != std::future_status::ready)
                if (!told && handler_raised()) set_interrupted(told = true);
        }
    }
    if (told) throw py::error_already_set();
    return result.get();
}

ExactPatterns patterns_for(const ExactModel& model, const Document& patterns, std::size_t test_outliers = 1) {
    return parse_patterns(patterns.first, patterns.second, model.width() - 1, test_outliers);
}

Setting setting_of(const Assignments& set) {
    Setting setting;
    for (const std::string& assignment : set) assign(setting, assignment);
    validate(setting);
    return setting;
}

std::string setting(const Assignments& set) {
    nlohmann::ordered_json json;
    for (const auto& [name, value] : fields_of(setting_of(set)))
        std::visit([&, key = name](const auto& v) { json[key] = v; }, value);
    return json.dump();
}

py::tuple train(const TrainOptions& options, int jobs) {
    const TrainOutput output =
        run(jobs, [&] { return train_output(options, checked_training(options), [](int, double) { stop_if_interrupted(); }); });
    return py::make_tuple(output.model, output.summary.dump());
}

std::string evaluate(const Document& model, const Document& prompts, const EvaluateOptions& options, int jobs) {
    return run(jobs, [&] {
        return evaluate_output(parse_model(model.first, model.second), prompts.first, prompts.second, options,
                               stop_if_interrupted);
    });
}

std::string certify(const Document& model, const Document& patterns, const CertifyOptions& options, int jobs) {
    return run(jobs, [&] {
        const ExactModel weights = parse_model(model.first, model.second);
        if (!options.certificate.empty()) check_writable(options.certificate);
        const CertifyOutput output = certify_output(weights, patterns_for(weights, patterns, 0), options, stop_if_interrupted);
        if (!options.certificate.empty()) write_file(options.certificate, output.certificate);
        return output.summary.dump();
    });
}

std::string certify_error(const Document& model, const Document& patterns, CertifyErrorOptions options, int jobs) {
    options.patterns = patterns.second;
    return run(jobs, [&] {
        const ExactModel weights = parse_model(model.first, model.second);
        return certify_error_output(weights, patterns_for(weights, patterns), options, [](const auto&) {}, stop_if_interrupted)
            .lines.dump();
    });
}

// What the texts of `model` and `patterns` are called in complaints is the checker's to say.
py::tuple check(const std::string& path, const std::string& model, const std::string& patterns, int jobs) {
    const checker::Verdict verdict =
        run(jobs, [&] { return checker::check(read_file(path), model, patterns, stop_if_interrupted); });
    if (!verdict.is_certificate) throw InputError(fmt::format("{}: {}", path, verdict.complaint));
    return py::make_tuple(verdict.accepted, one_line(verdict.accepted ? verdict.statement : verdict.complaint));
}

py::tuple verify(const std::optional<Document>& model, const std::optional<Document>& patterns, const VerifyOptions& options,
                 int jobs) {
    const Campaign campaign = run(jobs, [&] {
        const auto in_use = use_scalar(options.scalar);
        std::optional<GivenModel> given;
        if (model.has_value() != patterns.has_value())
            throw InputError("--model and --patterns go together: prompts are drawn from the patterns");
        if (model) {
            ExactModel weights = parse_model(model->first, model->second);
            ExactPatterns about = patterns_for(weights, *patterns);
            given = GivenModel{std::move(weights), std::move(about)};
        }
        Docket docket = mambound::docket(options, given);
        return judged(options, docket, [](std::size_t, const std::string&) { return !interrupted(); });
    });
    return py::make_tuple(to_json(campaign), campaign.exit_code());
}

std::string sweep(const Document& grid, const StudyOptions& options, int jobs) {
    return run(jobs, [&] {
        Setting base;
        for (const std::string& assignment : options.set) assign(base, assignment);
        return sweep_output(parse_sweep(grid.first, grid.second, base), base, options).dump();
    });
}

void raise(const char* type, const std::exception& e) {
    PyErr_SetString(py::module_::import("mambound.errors").attr(type).ptr(), one_line(e.what()).c_str());
}

// As main() does it: what is exit 2 there is an InputError, 4 a FileError, 3 one of the others.
void translate(std::exception_ptr thrown) {
    try {
        if (thrown) std::rethrow_exception(thrown);
    } catch (const InputError& e) {
        raise("InputError", e);
    } catch (const FileError& e) {
        raise("FileError", e);
    } catch (const Diverged& e) {
        raise("Diverged", e);
    } catch (const NotCertified& e) {
        raise("NotCertified", e);
    } catch (const NotBounded& e) {
        raise("NotCertified", e);
    } catch (const UnsoundArithmetic& e) {
        raise("UnsoundArithmetic", e);
    } catch (const std::invalid_argument& e) {
        raise("InputError", e);
    }
}

}  // namespace

PYBIND11_MODULE(_mambound, m) {
    py::register_exception_translator(translate);
    m.attr("version") = MAMBOUND_VERSION;
    m.def("setting", &setting);
    m.def("setting_file", [](const Assignments& set) { return setting_json(setting_of(set)); });
    m.def("with_setting_file", &with_setting_file);
    m.def("patterns", [](const Assignments& set) { return patterns_file(setting_of(set)); });
    m.def("check_model", [](const Document& model) { static_cast<void>(parse_model(model.first, model.second)); });
    m.def("check_patterns", [](const Document& patterns) {
        static_cast<void>(parse_patterns(patterns.first, patterns.second, 0, 0));
    });
    m.def("read_file", &read_file);
    m.def("write_file", &write_file);
    py::class_<TrainOptions>(m, "TrainOptions")
        .def(py::init<>())
        .def_readwrite("set", &TrainOptions::set)
        .def_readwrite("architecture", &TrainOptions::architecture)
        .def_readwrite("scalar", &TrainOptions::scalar)
        .def_readwrite("seed", &TrainOptions::seed);
    m.def("train", &train);
    py::class_<EvaluateOptions>(m, "EvaluateOptions")
        .def(py::init<>())
        .def_readwrite("scalar", &EvaluateOptions::scalar)
        .def_readwrite("form", &EvaluateOptions::form)
        .def_readwrite("gradient", &EvaluateOptions::gradient);
    m.def("evaluate", &evaluate);
    py::class_<CertifyOptions>(m, "CertifyOptions")
        .def(py::init<>())
        .def_readwrite("length", &CertifyOptions::length)
        .def_readwrite("kappa", &CertifyOptions::kappa)
        .def_readwrite("magnitude", &CertifyOptions::magnitude)
        .def_readwrite("cone", &CertifyOptions::cone)
        .def_readwrite("placement", &CertifyOptions::placement)
        .def_readwrite("certificate", &CertifyOptions::certificate);
    m.def("certify", &certify);
    py::class_<CertifyErrorOptions>(m, "CertifyErrorOptions")
        .def(py::init<>())
        .def_readwrite("length", &CertifyErrorOptions::length)
        .def_readwrite("kappa", &CertifyErrorOptions::kappa)
        .def_readwrite("magnitude", &CertifyErrorOptions::magnitude)
        .def_readwrite("alpha", &CertifyErrorOptions::alpha)
        .def_readwrite("rule", &CertifyErrorOptions::rule)
        .def_readwrite("placement", &CertifyErrorOptions::placement)
        .def_readwrite("tasks", &CertifyErrorOptions::tasks)
        .def_readwrite("gap", &CertifyErrorOptions::gap)
        .def_readwrite("work", &CertifyErrorOptions::work);
    m.def("certify_error", &certify_error);
    m.def("check", &check);
    py::class_<VerifyOptions>(m, "VerifyOptions")
        .def(py::init<>())
        .def_readwrite("set", &VerifyOptions::set)
        .def_readwrite("claims", &VerifyOptions::claims)
        .def_readwrite("profile", &VerifyOptions::profile)
        .def_readwrite("scalar", &VerifyOptions::scalar)
        .def_readwrite("seed", &VerifyOptions::seed);
    m.def("verify", &verify);
    py::class_<StudyOptions>(m, "SweepOptions")
        .def(py::init<>())
        .def_readwrite("set", &StudyOptions::set)
        .def_readwrite("scalar", &StudyOptions::scalar)
        .def_readwrite("seed", &StudyOptions::seed);
    m.def("sweep", &sweep);
}

}  // namespace mambound::python
