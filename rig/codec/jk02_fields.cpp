// The values of the JK02 frames and their places, in the order of the 32-cell layout. Sources: see jk02.hpp.
#include "rig/codec/jk02.hpp"

namespace packrig::jk02 {

namespace {

constexpr Coding sign = Coding::signed_number;

constexpr Field of_cells[] = {
    {"cells_present", 54, 70, 4},
    {"average_V", 58, 74, 2, Coding::number, 1000},
    {"difference_V", 60, 76, 2, Coding::number, 1000},
    {"highest_cell", 62, 78, 1},  // 0-based, the first of equals
    {"lowest_cell", 63, 79, 1},
    {"board_degC", 134, 144, 2, sign, 10},
    {"poor_wires", 114, 146, 4},  // bit per cell
    {"pack_V", 118, 150, 4, Coding::number, 1000},
    {"power_W", 122, 154, 4, Coding::number, 1000},  // magnitude; some boards send 0
    {"current_A", 126, 158, 4, sign, 1000},          // positive when charging
    {"probe_1_degC", 130, 162, 2, sign, 10},
    {"probe_2_degC", 132, 164, 2, sign, 10},
    {"short_alarms", 136, -1, 2},
    {"alarms", -1, 166, 4},
    {"balance_A", 138, 170, 2, sign, 1000},
    {"balance_action", 140, 172, 1},  // 1: into the lowest, 2: out of the highest
    {"soc", 141, 173, 1, Coding::number, 100},
    {"remaining_Ah", 142, 174, 4, Coding::number, 1000},
    {"full_Ah", 146, 178, 4, Coding::number, 1000},
    {"cycle_count", 150, 182, 4},
    {"cycle_Ah", 154, 186, 4, Coding::number, 1000},
    {"soh_share", 158, 190, 1, Coding::number, 100},
    {"precharge_state", 159, 191, 1},
    {"user_alarm", 160, 192, 2},
    {"run_time_s", 162, 194, 4},
    {"charge_on", 166, 198, 1},
    {"discharge_on", 167, 199, 1},
    {"precharge_on", 168, 200, 1},
    {"balancer_works", 169, 201, 1},  // 0 on boards that balance
    {"discharge_limit_left_s", 170, 202, 2},
    {"discharge_short_left_s", 172, 204, 2},
    {"charge_limit_left_s", 174, 206, 2},
    {"charge_short_left_s", 176, 208, 2},
    {"under_voltage_left_s", 178, 210, 2},
    {"over_voltage_left_s", 180, 212, 2},
    {"probes_present", -1, 214, 1},
    {"heating_on", -1, 215, 1},
    {"emergency_left_s", -1, 218, 2},
    {"current_correction", -1, 220, 2},
    {"charge_sensor_V", -1, 222, 2, Coding::number, 1000},
    {"discharge_sensor_V", -1, 224, 2, Coding::number, 1000},
    {"voltage_correction", -1, 226, 4, Coding::real},
    {"pack_coarse_V", -1, 234, 2, Coding::number, 100},
    {"heating_A", -1, 236, 2, sign, 1000},
    {"charger_plugged", -1, 245, 1},
    {"ticks", -1, 246, 4},  // of 0.1 s
    {"probe_3_degC", -1, 254, 2, sign, 10},
    {"probe_4_degC", -1, 256, 2, sign, 10},
    {"probe_5_degC", -1, 258, 2, sign, 10},
    {"clock_s", -1, 262, 4},  // since 2020-01-01
    {"log_entries", -1, 266, 4},
    {"sleep_left_s", -1, 270, 4},
    {"parallel_module_on", -1, 274, 1},
    {"chemistry", -1, 275, 1},  // 0 LFP, 1 Li-ion, 2 LTO
    {"charge_phase_s", -1, 278, 2},
    {"charge_phase", -1, 280, 1},  // 0 bulk, 1 absorption, 2 float
    {"dry_contacts", -1, 281, 1},
};

// A setting that both layouts have at one place and register.
constexpr Field setting(const char* name, int at, double scale_factor, std::uint8_t write,
                        Coding coding = Coding::number) {
  return {name, at, at, 4, coding, scale_factor, -1, write, write};
}
constexpr Field control(const char* name, int bit, std::uint8_t write) {
  return {name, 282, 282, 2, Coding::number, 1, bit, 0, write};
}

constexpr Field of_settings[] = {
    setting("smart_sleep_V", 6, 1000, 0x01),
    setting("cell_uvp_V", 10, 1000, 0x02),
    setting("cell_uvpr_V", 14, 1000, 0x03),
    setting("cell_ovp_V", 18, 1000, 0x04),
    setting("cell_ovpr_V", 22, 1000, 0x05),
    setting("balance_trigger_V", 26, 1000, 0x06),
    setting("soc_full_V", 30, 1000, 0x07),
    setting("soc_empty_V", 34, 1000, 0x08),
    setting("request_charge_V", 38, 1000, 0x09),
    setting("request_float_V", 42, 1000, 0x0A),
    setting("power_off_V", 46, 1000, 0x0B),
    setting("charge_limit_A", 50, 1000, 0x0C),
    setting("charge_delay_s", 54, 1, 0x0D),
    setting("charge_release_s", 58, 1, 0x0E),
    setting("discharge_limit_A", 62, 1000, 0x0F),
    setting("discharge_delay_s", 66, 1, 0x10),
    setting("discharge_release_s", 70, 1, 0x11),
    setting("short_release_s", 74, 1, 0x12),
    setting("balance_limit_A", 78, 1000, 0x13),
    setting("charge_otp_degC", 82, 10, 0x14, sign),
    setting("charge_otpr_degC", 86, 10, 0x15, sign),
    setting("discharge_otp_degC", 90, 10, 0x16, sign),
    setting("discharge_otpr_degC", 94, 10, 0x17, sign),
    setting("charge_utp_degC", 98, 10, 0x18, sign),
    setting("charge_utpr_degC", 102, 10, 0x19, sign),
    setting("board_otp_degC", 106, 10, 0x1A, sign),
    setting("board_otpr_degC", 110, 10, 0x1B, sign),
    setting("cell_count", 114, 1, 0x1C),
    setting("charge_switch", 118, 1, 0x1D),
    setting("discharge_switch", 122, 1, 0x1E),
    setting("balance_switch", 126, 1, 0x1F),
    setting("capacity_Ah", 130, 1000, 0x20),
    {"short_delay_us", 134, 134, 4, Coding::number, 1, -1, 0x25, 0x21},
    {"balance_start_V", 138, 138, 4, Coding::number, 1000, -1, 0x26, 0x22},
    {"device_address", 270, 270, 1},
    {"precharge_s", 274, 274, 1, Coding::number, 1, -1, 0, 0x25},
    {"unnamed_278", 278, 278, 4},
    {"control_word", 282, 282, 2},
    control("heating_switch", 0, 0x27),
    control("probes_disabled", 1, 0x28),
    control("gps_heartbeat", 2, 0x29),
    control("port_is_rs485", 3, 0x2A),
    control("display_always_on", 4, 0x2B),
    control("special_charger", 5, 0x2C),
    control("smart_sleep_switch", 6, 0x2D),
    {"heating_start_degC", 284, 284, 1, sign, 1, -1, 0, 0x37},
    {"heating_stop_degC", 285, 285, 1, sign, 1, -1, 0, 0x38},
    {"smart_sleep_h", 286, 286, 1, Coding::number, 1, -1, 0, 0x39},
    {"field_enable", 287, 287, 1},
    {"discharge_utp_degC", 296, 296, 1, sign, 1, -1, 0, 0x3A},
    {"discharge_utpr_degC", 297, 297, 1, sign, 1, -1, 0, 0x3B},
};

constexpr Field text(const char* name, int at, std::uint8_t length) { return {name, at, at, length, Coding::text}; }
constexpr Field number(const char* name, int at, std::uint8_t length) { return {name, at, at, length}; }

constexpr Field of_device[] = {
    text("model", 6, 16),
    text("hardware", 22, 8),
    text("software", 30, 8),
    number("run_time_s", 38, 4),
    number("power_on_count", 42, 4),
    text("name", 46, 16),
    text("passcode", 62, 16),
    text("date", 78, 8),
    text("serial_number", 86, 11),
    text("second_passcode", 97, 5),
    text("user_data", 102, 16),
    text("setup_password", 118, 16),
    text("user_data_2", 134, 16),
    number("uart_protocol", 184, 1),
    number("can_protocol", 185, 1),
    number("uart_protocols", 186, 4),
    number("can_protocols", 202, 4),
    number("uart_2_protocol", 218, 1),
    number("uart_2_protocols", 219, 4),
    number("buzzer_source", 234, 1),
    number("dry_1_source", 235, 1),
    number("dry_2_source", 236, 1),
    number("uart_library", 237, 1),
    number("buzzer_on", 238, 4),
    number("buzzer_off", 242, 4),
    number("dry_1_on", 246, 4),
    number("dry_1_off", 250, 4),
    number("dry_2_on", 254, 4),
    number("dry_2_off", 258, 4),
    number("store_s", 262, 4),
    number("rcv_time_dh", 266, 1),  // 0.1 h
    number("rfv_time_dh", 267, 1),
    number("can_library", 268, 1),
    number("emergency_min", 269, 1),
    number("uart_3_protocol", 270, 1),
    number("uart_3_protocols", 271, 4),
    number("rebulk_percent", 278, 1),
};

}  // namespace

std::span<const Field> cell_fields() { return of_cells; }
std::span<const Field> settings_fields() { return of_settings; }
std::span<const Field> device_fields() { return of_device; }

}  // namespace packrig::jk02
