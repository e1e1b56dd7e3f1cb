#include "program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

extern char** environ;

namespace mambound {

void Program::SetUp() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) / ("mambound_" + std::to_string(getpid()) + "_" + test->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
}

void Program::TearDown() {
    std::filesystem::remove_all(folder_);
}

// Beside the folder, so that the folder shows what the program itself leaves behind.
std::string Program::captured(const std::string& stream) const {
    return folder_.string() + "." + stream;
}

int Program::start(const std::string& program, const std::vector<std::string>& arguments, const std::string& out) const {
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (const std::string& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, folder_.c_str());
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, captured("err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t child = 0;
    const int failed = posix_spawn(&child, program.c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::runtime_error("the program cannot be started");
    return child;
}

Outcome Program::finish(int process, const std::string& to) const {
    int status = 0;
    waitpid(process, &status, 0);
    const auto slurp = [](const std::string& path) {
        std::ostringstream text;
        text << std::ifstream(path, std::ios::binary).rdbuf();
        std::filesystem::remove(path);
        return text.str();
    };
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), to.empty() ? slurp(captured("out")) : "",
            slurp(captured("err"))};
}

Outcome Program::run(const std::vector<std::string>& arguments, const std::string& to) const {
    return finish(start(MAMBOUND_PROGRAM, arguments, to.empty() ? captured("out") : to), to);
}

Outcome Program::interrupt(const std::vector<std::string>& arguments, const std::string& once_written, int lines) const {
    const int process = start(MAMBOUND_PROGRAM, arguments, captured("out"));
    const auto written = [&] {
        const std::string text = read(once_written);
        return std::count(text.begin(), text.end(), '\n') >= lines;
    };
    for (int wait = 0; wait < 3000 && !written(); ++wait) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    kill(process, SIGINT);
    return finish(process, "");
}

Outcome Program::kill_after(const std::vector<std::string>& arguments, double seconds) const {
    const int process = start(MAMBOUND_PROGRAM, arguments, captured("out"));
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    kill(process, SIGKILL);
    return finish(process, "");
}

Outcome Program::on_terminal(const std::vector<std::string>& arguments, const std::vector<std::string>& variables) const {
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) throw std::runtime_error("no terminal to be had");
    std::vector<std::string> words = variables;
    words.emplace_back(MAMBOUND_PROGRAM);
    words.insert(words.end(), arguments.begin(), arguments.end());
    const int process = start("/usr/bin/env", words, ptsname(terminal));
    std::string shown;
    char buffer[4096];
    for (ssize_t got = 0; (got = ::read(terminal, buffer, sizeof buffer)) > 0;)  // an error once nobody has it open
        shown.append(buffer, static_cast<std::size_t>(got));
    close(terminal);
    std::erase(shown, '\r');
    Outcome outcome = finish(process, "the terminal");
    outcome.out = shown;
    return outcome;
}

Outcome Program::shell(const std::string& script, const std::string& interpreter) const {
    return finish(start(interpreter, {"-c", "MAMBOUND='" MAMBOUND_PROGRAM "'\n" + script}, captured("out")), "");
}

void Program::write(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
}

std::string Program::read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(folder_ / name, std::ios::binary).rdbuf();
    return text.str();
}

std::vector<std::string> Program::files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

void Program::expect_refused(const std::vector<std::string>& arguments, const std::vector<std::string>& parts, int code) const {
    std::string line;
    for (const std::string& a : arguments) line += " '" + a + "'";
    SCOPED_TRACE("mambound" + line);
    const Outcome o = run(arguments);
    EXPECT_EQ(o.code, code) << o.err;
    EXPECT_EQ(o.out, "");
    EXPECT_GT(o.err.size(), 1u);
    EXPECT_EQ(std::count(o.err.begin(), o.err.end(), '\n'), 1) << o.err;
    for (const std::string& part : parts)
        EXPECT_NE(o.err.find(part), std::string::npos) << "should name " << part << ": " << o.err;
}

std::vector<nlohmann::json> json_lines(const std::string& text) {
    std::vector<nlohmann::json> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
}

}  // namespace mambound
