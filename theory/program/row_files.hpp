// Rows as JSON Lines and CSV.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "program.hpp"
#include "study.hpp"

namespace mambound {

// A row with what it is of: study, seed, scalar, delta, its values, and its setting as "set.NAME".
nlohmann::ordered_json row_json(const Row& row, const std::string& study, const StudyOptions& options, double delta);
// Some of them as a JSON array, on one line.
std::string rows_json(const Rows& rows, const std::string& study, const StudyOptions& options, double delta);

// PREFIX.jsonl and PREFIX.csv: rows go to PREFIX.*.partial as they come, which take their names at the end, when they are on the
// disk. Until then old files stay as they are, and without finish() the new ones are removed. Every function throws FileError.
class RowFiles {
public:
    explicit RowFiles(const std::string& prefix);
    ~RowFiles();
    RowFiles(const RowFiles&) = delete;
    RowFiles& operator=(const RowFiles&) = delete;
    void add(const nlohmann::ordered_json& row, bool flush = true);
    void finish();
    std::size_t rows() const { return rows_; }

private:
    void open(std::ofstream& file, const std::string& path);
    void check() const;
    void remove_partial() const;

    std::string jsonl_path_, csv_path_;
    std::ofstream jsonl_, csv_;
    std::size_t rows_ = 0;
};

}  // namespace mambound
