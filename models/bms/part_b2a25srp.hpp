// The JK-B2A25S-RP, hardware 11A, firmware 11.55: what its simulated copy is flashed with.
//
// Marks: [dump] the settings frame of a real board (syssi/esphome-jk-bms, tests/esp32-ble-b2a25s-example-faker.yaml,
// Apache-2.0); [11.x] dumps of sister boards with 11.x firmware agree; [manual] the maker's manual of the 24S
// generation; [sheet] the reseller's data sheet; [assumed] nobody says: the reason follows.
//
// Siblings (part_*.hpp beside this one) begin as this part and say what differs.
#pragma once

#include "part.hpp"
#include "registers.hpp"

namespace packrig::bms {

inline constexpr PresetRow b2a25srp_presets[] = {
    // register                      LFP      Li-ion   LTO
    {smart_sleep_mV, {3500, 3500, 2300}},             // [dump]; LTO [assumed]: nominal, it has no 3.5 V
    {under_voltage_mV, {2600, 2820, 1800}},           // [dump]; [11.x] 7S board 11.51; [manual]
    {under_voltage_release_mV, {2650, 2850, 2000}},   // same
    {over_voltage_mV, {3600, 4200, 2700}},            // same
    {over_voltage_release_mV, {3550, 4180, 2400}},    // same
    {balance_trigger_mV, {10, 10, 10}},               // [manual], [11.x]
    {soc_full_mV, {3560, 4160, 2660}},                // [dump]: 40 mV below over-voltage; others alike
    {soc_empty_mV, {2620, 2840, 1820}},               // [dump]: 20 mV above under-voltage; others alike
    {request_charge_mV, {0, 0, 0}},                   // [dump]
    {request_float_mV, {0, 0, 0}},                    // [dump]
    {power_off_mV, {2500, 2800, 1700}},               // [dump]; [manual]
    {charge_limit_mA, {25000, 25000, 25000}},         // [dump], [11.x]
    {charge_limit_delay_s, {30, 30, 30}},             // [dump], [11.x]
    {charge_limit_release_s, {60, 60, 60}},           // [dump], [11.x]
    {discharge_limit_mA, {200000, 200000, 200000}},   // [11.x]: the dump's 1000 A lies beyond the shunt
    {discharge_limit_delay_s, {300, 300, 300}},       // [dump], [11.x]
    {discharge_limit_release_s, {60, 60, 60}},        // [dump], [11.x]
    {short_release_s, {5, 5, 5}},                     // [dump]
    {balance_limit_mA, {2000, 2000, 2000}},           // [dump]
    {charge_hot_ddegC, {700, 700, 700}},              // [dump], [11.x]
    {charge_hot_release_ddegC, {600, 600, 600}},      // [dump], [11.x]
    {discharge_hot_ddegC, {700, 700, 700}},           // [dump], [11.x]
    {discharge_hot_release_ddegC, {600, 600, 600}},   // [dump], [11.x]
    {charge_cold_ddegC, {-200, -200, -200}},          // [dump], [11.x]
    {charge_cold_release_ddegC, {-100, -100, -100}},  // [dump], [11.x]
    {board_hot_ddegC, {1000, 1000, 1000}},            // [dump], [11.x]
    {board_hot_release_ddegC, {800, 800, 800}},       // [dump], [11.x]
    {short_delay_us, {1500, 1500, 1500}},             // [11.x]
    {balance_start_mV, {3000, 3000, 2200}},           // [dump], [11.x]; LTO [assumed]: it has no 3.0 V
    {precharge_s, {5, 5, 5}},                         // [dump]
    {heating_start_degC, {60, 60, 60}},               // [dump]
    {heating_stop_degC, {50, 50, 50}},                // [dump]
    {smart_sleep_h, {24, 24, 24}},                    // [dump]
};

// The same keys as the maker's manual of the 24S generation prints them. Boards with 11.x firmware hold the ones above,
// which the copy is flashed with; to have the manual's, give these to a part as its `presets`. What the manual leaves
// out is as above.
inline constexpr PresetRow manual_presets[] = {
    // register                      LFP      Li-ion   LTO
    {smart_sleep_mV, {3500, 3500, 2300}},
    {under_voltage_mV, {2600, 2900, 1800}},
    {under_voltage_release_mV, {3000, 3200, 2000}},
    {over_voltage_mV, {3600, 4200, 2700}},
    {over_voltage_release_mV, {3400, 4100, 2400}},
    {balance_trigger_mV, {10, 10, 10}},
    {soc_full_mV, {3560, 4160, 2660}},
    {soc_empty_mV, {2620, 2920, 1820}},  // 20 mV above the under-voltage, as above
    {request_charge_mV, {0, 0, 0}},
    {request_float_mV, {0, 0, 0}},
    {power_off_mV, {2500, 2800, 1700}},
    {charge_limit_mA, {25000, 25000, 25000}},
    {charge_limit_delay_s, {30, 30, 30}},
    {charge_limit_release_s, {60, 60, 60}},
    {discharge_limit_mA, {200000, 200000, 200000}},
    {discharge_limit_delay_s, {30, 30, 30}},
    {discharge_limit_release_s, {60, 60, 60}},
    {short_release_s, {60, 60, 60}},
    {balance_limit_mA, {2000, 2000, 2000}},
    {charge_hot_ddegC, {600, 600, 600}},
    {charge_hot_release_ddegC, {550, 550, 550}},
    {discharge_hot_ddegC, {600, 600, 600}},
    {discharge_hot_release_ddegC, {550, 550, 550}},
    {charge_cold_ddegC, {-200, -200, -200}},
    {charge_cold_release_ddegC, {-100, -100, -100}},
    {board_hot_ddegC, {750, 750, 750}},
    {board_hot_release_ddegC, {700, 700, 700}},  // the table's; the text says 65
    {short_delay_us, {1500, 1500, 1500}},
    {balance_start_mV, {3000, 3000, 2200}},
    {precharge_s, {5, 5, 5}},
    {heating_start_degC, {60, 60, 60}},
    {heating_stop_degC, {50, 50, 50}},
    {smart_sleep_h, {24, 24, 24}},
};

// Bytes of the dump whose meaning nobody has published, and the address, which has no known register.
inline constexpr FrameByte b2a25srp_frame_bytes[] = {
    {270, 1},                                            // device address
    {282, 0x08},                                         // control word: see "port of the bus" in the README
    {278, 0x20}, {279, 0xA1}, {280, 0x07},               // u32 500000
    {287, 0xFE}, {288, 0xF9}, {289, 0xFF}, {290, 0xFF},  // field enables
    {291, 0xFF}, {292, 0x29}, {294, 0x02},
};

// [dump] the cell frame. Calibration: 1000 and 3.0 (as a float), which the captures come near to.
inline constexpr FrameByte b2a25srp_cell_frame_bytes[] = {
    {216, 0x01}, {220, 0xE8}, {221, 0x03}, {228, 0x40}, {229, 0x40}, {241, 0x01}, {243, 0x06}, {260, 0xE8}, {261, 0x03},
    {287, 0xFE}, {288, 0xFE}, {289, 0x7F}, {290, 0xDD}, {291, 0x2F}, {292, 0x01}, {293, 0x05}, {294, 0x89}, {295, 0x03},
};

// [dump] the device-info frame: field masks.
inline constexpr FrameByte b2a25srp_device_frame_bytes[] = {
    {98, 0x30},  {99, 0x30},  {100, 0x30}, {150, 0xFE}, {151, 0xF9}, {152, 0xFF}, {153, 0xFF},
    {154, 0xFF}, {155, 0x2D}, {157, 0x02}, {162, 0x90}, {163, 0x1F}, {168, 0xC0}, {169, 0xD8},
    {170, 0xE7}, {171, 0x32}, {175, 0x01}, {287, 0xFE}, {288, 0x9F}, {289, 0x21}, {290, 0x06},
};

inline constexpr Part b2a25srp = {
    .name = "JK-B2A25S-RP simulated copy of 11.55",
    // [dump] the device-info frame
    .identity = {"JK_B2A25SRP", "11A", "11.55", "250614", "99000000001"},
    .protocol = {},
    // [sheet] LiFePO4 8-25, Li-ion 7-25, LTO 12-25
    .cell_count_low = {8, 7, 12},
    .cell_count_high = 25,
    // [assumed] a plausible pack: every user sets it
    .capacity_mAh = 100000,
    // [assumed] 75 mV at 300 A, a usual shunt
    .shunt_uOhm = 250,
    // [sheet] -150..300 A, minus read as charging
    .charge_range_mA = 150000,
    .discharge_range_mA = 300000,
    // [assumed] a third of the sheet's 1.5 A accuracy; sister boards show 0 A below about 0.24 A
    .flowing_mA = 500,
    // [sheet] the accuracy itself
    .zero_mA = 1500,
    // [assumed] 400 A: one third beyond the measuring range, at whose end every over-current trips
    .short_uV = 100000,
    // [assumed] 6.7 % beyond the measuring range, so that the end of the converter is none of its readings
    .shunt_low_uV = -40000,
    .shunt_high_uV = 80000,
    // [assumed] owners of sister boards saw the count change between 0.3 V and 1 V: below any cell that can be charged
    // again, above what a wire that is not there reads
    .cell_present_mV = 500,
    // [assumed] a scan of 100 ms
    .wake_ms = 25,
    .no_delay_ms = 0,
    // 4E57 registers 0x92 and 0x95 of firmware 11.5x: 3 s
    .cell_delay_ms = 3000,
    // [assumed] as the cells, both
    .temperature_delay_ms = 3000,
    .probe_delay_ms = 3000,
    // [assumed] as the probes
    .sensor_delay_ms = 3000,
    // [assumed] ten times the slowest contactor of the 200 A class, 15 ms and its bounce
    .path_delay_ms = 200,
    // [assumed] the relays' auxiliary contacts are wired. The dump shows bit 16 with the charge switch off, which may
    // be what a board without them reports
    .feedback_fitted = true,
    .precharge_fitted = true,
    // [assumed] a contactor of the 200 A class bears a few makings onto a short circuit
    .short_tries = 3,
    // [manual] the highest cell; [sheet] says a cell
    .power_off_cell = PowerOffCell::highest,
    // [assumed] a scan of 500 ms: a protection is at most that much later
    .standby_wake_ms = 125,
    // [assumed] beyond the release time of any contactor
    .closing_ms = 200,
    // LCD port of the family: 1 s on, 3 s off
    .button_on_ms = 1000,
    .button_off_ms = 3000,
    // PB board 15.38; the dump of this one holds 0, which is taken as not set
    .emergency_min = 30,
    // 4E57 register 0xB0, sleep wait time: 10 s
    .bus_hold_ms = 10000,
    // [assumed] twice the slower scan
    .front_end_ms = 1000,
    // sister boards show 0 A below about 0.24 A (4E57 logs of 200 A boards)
    .dead_band_mA = 240,
    // published readings differ: one cell, or all of them. One: charging ends with the first full cell, discharging
    // with the first empty one, and so does what the pack can give
    .full_anchor = AnchorCells::any,
    .empty_anchor = AnchorCells::any,
    // [assumed] users see the jump to 100 % at the voltage, and charge with less than this. At twice of it a cell
    // stands there 12 points before it is full, beyond the sheet's 8: the board waits for the current to fall
    .full_rate_permille = 200,
    // [assumed] as the cells
    .anchor_delay_ms = 3000,
    // [assumed] a slow discharge of 10 h and a pause; the sheet's 1.5 A of error are then 5 % of 330 Ah
    .learn_longest_s = 12 * 3600,
    // [assumed] owners report down to 79 % of the setting; beyond these the setting is wrong, or the sensor
    .learn_low_percent = 50,
    .learn_high_percent = 120,
    // 4E57 logs of an 11.26 board: 0 for about 16 s after boot
    .charge_hidden_ms = 16000,
    // [assumed] what is commonly printed of rested cells, in the order LFP, Li-ion, LTO: used once, when nothing is
    // stored. An LFP cell tells little between 20 and 90 %
    .rest_curve = {{{2800, 3200, 3240, 3270, 3285, 3292, 3300, 3320, 3330, 3335, 3400}},
                   {{3000, 3450, 3550, 3600, 3650, 3720, 3810, 3920, 4020, 4100, 4180}},
                   {{1800, 2100, 2170, 2210, 2240, 2280, 2330, 2390, 2460, 2530, 2650}}},
    // [assumed] half a point of charge is lost with the power at most; the wear is in store.hpp
    .save_step_permille = 5,
    .save_interval_s = 3600,
    // [assumed] captures hold current corrections of 1.006 to 1.009 and references of 3.000 to 3.002 V: what is 5 %
    // away is a slip of the hand. 375 uV are the sheet's 1.5 A
    .calibration_limit_permille = 50,
    .calibration_limit_uV = 375,
    // [dump] device-info frame: buzzer on board over-temperature; "1234" and "123456" are every board's
    .options = {.device_name = "JK_B2A25SRP",
                .passcode = "1234",
                .user_data = "Input Userdata",
                .setup_password = "123456",
                .user_data_2 = "Input Userdata",
                .buzzer = {100, 95},
                .dry_1 = {0, 0},
                .dry_2 = {0, 0},
                .buzzer_source = 9,
                .dry_1_source = 0,
                .dry_2_source = 0,
                .uart_protocol = 0,
                .can_protocol = 0,
                .rcv_time_dh = 0,
                .rfv_time_dh = 0,
                .emergency_min = 0,
                .rebulk_percent = 0,
                .reserved = {}},
    // [dump] device-info frame, bytes 186 and 202
    .uart_protocols = 0x2407,
    .can_protocols = 0x41,
    // [sheet] 2 A; [11.x] the phases of a captured 2 A board, firmware 11.17
    .balance_rated_mA = 2000,
    .balance_out_ms = 43000,
    .balance_in_ms = 22000,
    // [assumed] ten scans: the converter has long started by then
    .balance_settle_ms = 1000,
    // [assumed] above 414 mOhm, the highest that a captured board of the family showed without a warning
    .wire_high_mOhm = 500,
    // [assumed] none: a 2-cell bench that read 0 mOhm had the warning, but a bench that imposes tap voltages reads 0
    // too
    .wire_low_mOhm = 0,
    // [assumed] a quarter of the rated current: 1 mV is then 2 mOhm
    .wire_current_mA = 500,
    // [assumed] 2 A across 1 mOhm of a cell are 2 mV, about 1 mOhm of a wire
    .wire_steady_mA = 2000,
    // [assumed] a minute: the manual says "next self-test", and a repaired contact should not need a restart
    .wire_retest_ms = 60000,
    // [assumed] a second; 0.3 V is a sixth of what the test moves; 2 s are three tests in a row, so that a contact that
    // fails for a moment opens nothing
    .open_wire_period_ms = 1000,
    .open_wire_mV = 300,
    .open_wire_delay_ms = 2000,
    .presets = b2a25srp_presets,
    .preset_count = sizeof b2a25srp_presets / sizeof b2a25srp_presets[0],
    .frame_bytes = b2a25srp_frame_bytes,
    .frame_byte_count = sizeof b2a25srp_frame_bytes / sizeof b2a25srp_frame_bytes[0],
    .cell_frame_bytes = b2a25srp_cell_frame_bytes,
    .cell_frame_byte_count = sizeof b2a25srp_cell_frame_bytes / sizeof b2a25srp_cell_frame_bytes[0],
    .device_frame_bytes = b2a25srp_device_frame_bytes,
    .device_frame_byte_count = sizeof b2a25srp_device_frame_bytes / sizeof b2a25srp_device_frame_bytes[0],
};

}  // namespace packrig::bms
