/* What passes between an analogue front end and a BMS firmware: integer codes and time, nothing physical.
 *
 * The same bytes serve the in-process call, the lockstep frame of an emulated board, the C ABI of a foreign
 * firmware and the variables of an FMU. Little-endian, no padding: every member lies on its own size.
 * A change of layout or meaning raises PACKRIG_AFE_VERSION; a mismatch is refused, never guessed at.
 *
 * Codes:  cell_code   5 V / 65536 per count, 0..65535
 *         shunt_code  1 uV per count at the shunt, signed, positive when the pack discharges
 *         ntc_code    ratiometric 16 bit: 65535 * R / (R + 10 kOhm), 65535 = open, 0 = short
 *         supply_code 2 mV per count
 */
#ifndef PACKRIG_MODELS_BMS_AFE_FRAME_H
#define PACKRIG_MODELS_BMS_AFE_FRAME_H

#include <stdint.h>

#define PACKRIG_AFE_VERSION 2u
#define PACKRIG_AFE_CELLS 25u
#define PACKRIG_AFE_NTCS 3u
#define PACKRIG_AFE_BUS_BYTES 512u

/* Bits of PackrigAfeCodes.fresh and PackrigAfeCommands.convert: the channel groups of one sequential scan. */
#define PACKRIG_GROUP_CELLS_A 0x1u /* cells 1..9 */
#define PACKRIG_GROUP_CELLS_B 0x2u /* cells 10..17 */
#define PACKRIG_GROUP_CELLS_C 0x4u /* cells 18..25 */
#define PACKRIG_GROUP_AUX 0x8u     /* shunt, NTCs, supply */

/* Bits of PackrigAfeCodes.inputs. */
#define PACKRIG_INPUT_CHARGER 0x01u
#define PACKRIG_INPUT_BUTTON 0x02u
#define PACKRIG_INPUT_CHARGE_FEEDBACK 0x04u
#define PACKRIG_INPUT_DISCHARGE_FEEDBACK 0x08u
#define PACKRIG_INPUT_SHORT_DISCHARGE 0x10u /* the comparator has latched: discharge direction */
#define PACKRIG_INPUT_SHORT_CHARGE 0x20u    /* the comparator has latched: charge direction */

/* Bits of PackrigAfeCommands.drives, in the order of packrig::Actuator. */
#define PACKRIG_DRIVE_CHARGE 0x01u
#define PACKRIG_DRIVE_DISCHARGE 0x02u
#define PACKRIG_DRIVE_PRECHARGE 0x04u
#define PACKRIG_DRIVE_HEATER 0x08u
#define PACKRIG_DRIVE_DRY_1 0x10u
#define PACKRIG_DRIVE_DRY_2 0x20u

/* Ports in PackrigBusByte.port, in the order of packrig::Port. */
typedef struct {
  uint32_t offset_ns; /* after the exchange's start (to the firmware: before now, so at most one exchange) */
  uint8_t port;
  uint8_t value;
  uint16_t reserved;
} PackrigBusByte;

typedef struct {
  uint32_t version;
  uint32_t fresh;
  int64_t now_ns;
  uint16_t cell_code[PACKRIG_AFE_CELLS];
  uint16_t ntc_code[PACKRIG_AFE_NTCS];
  int32_t shunt_code;
  uint16_t supply_code;
  uint16_t inputs;
  int16_t board_ddegC; /* the board's own sensor, 0.1 degC; -2000 = not fitted */
  uint16_t bus_count;
  int16_t balance_mA; /* into the cell that the balancer works on; negative: out of it */
  uint16_t reserved;
  PackrigBusByte bus[PACKRIG_AFE_BUS_BYTES];
} PackrigAfeCodes;

typedef struct {
  uint32_t version;
  uint32_t drives;
  int64_t next_wake_ns;    /* when the firmware next wants to run; an input edge may wake it sooner */
  uint32_t convert;        /* groups to convert at that wake */
  uint32_t short_delay_us; /* of the short-circuit comparator */
  int32_t short_code;      /* its threshold, same scale as shunt_code, both directions */
  uint8_t short_rearm;     /* 1: clear a latched comparator now */
  uint8_t balance_from;    /* cell to discharge, 1-based; 0 none */
  uint8_t balance_to;      /* cell to charge, 1-based; 0 none */
  uint8_t power_mode;      /* 0 off, 1 storage, 2 standby, 3 running, 4 running with bus */
  uint16_t balance_mA;     /* asked of the balancer */
  uint16_t bus_count;
  uint8_t balance_through_scan; /* 1: the balancer runs on while cells are converted (self-test of the wires) */
  uint8_t open_wire_taps;       /* test current until the next wake: 0 none, 1 out of the even taps into the odd ones,
                                   2 out of the odd ones into the even */
  uint16_t reserved;
  PackrigBusByte bus[PACKRIG_AFE_BUS_BYTES];
} PackrigAfeCommands;

#endif
