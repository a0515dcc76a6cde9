// Verdicts on what the BMS reports over a bus. Without a report there is no verdict on the part: ERROR where it was
// never asked, INCONCLUSIVE where it was silent, left the quantity out or told what cannot be true.
#pragma once

#include "rig/judge.hpp"

namespace packrig {

Verdict judge_accuracy(const AccuracyRule& rule, const Trace& trace);
Verdict judge_alarm(const AlarmRule& rule, const Trace& trace);
Verdict judge_report(const ReportRule& rule, const Trace& trace);

}  // namespace packrig
