// The range over which each plug quantity was asked lately: what an instrument may stand at while it follows.
#pragma once

#include <algorithm>
#include <vector>

#include "models/time.hpp"

namespace packrig {

// Two buckets of one window each, so the range reaches back between one and two windows. A value; add() allocates
// nothing after construction.
class AskedRange {
 public:
  AskedRange(std::size_t width, TimeNs window_ns) : window_ns_(std::max<TimeNs>(window_ns, 1)) {
    for (auto* row : {&low_, &high_, &earlier_low_, &earlier_high_}) row->resize(width);
  }

  void add(TimeNs now_ns, const std::vector<double>& row) {
    if (!begun_ || now_ns >= bucket_ns_ + window_ns_) {
      std::copy(begun_ ? low_.begin() : row.begin(), begun_ ? low_.end() : row.end(), earlier_low_.begin());
      std::copy(begun_ ? high_.begin() : row.begin(), begun_ ? high_.end() : row.end(), earlier_high_.begin());
      std::copy(row.begin(), row.end(), low_.begin());
      std::copy(row.begin(), row.end(), high_.begin());
      bucket_ns_ = now_ns;
      begun_ = true;
      return;
    }
    for (std::size_t i = 0; i < row.size(); ++i) {
      low_[i] = std::min(low_[i], row[i]);
      high_[i] = std::max(high_[i], row[i]);
    }
  }

  double low(std::size_t i) const { return std::min(low_[i], earlier_low_[i]); }
  double high(std::size_t i) const { return std::max(high_[i], earlier_high_[i]); }

 private:
  TimeNs window_ns_;
  TimeNs bucket_ns_ = 0;
  bool begun_ = false;
  std::vector<double> low_;
  std::vector<double> high_;
  std::vector<double> earlier_low_;
  std::vector<double> earlier_high_;
};

}  // namespace packrig
