"""DS-23 to DS-25: what the board says on its ports, in each language, is true; RS485 and CAN exclude each other."""

from packrig._core import AccuracyRule, Channel, ReadingRule, SettingRule
from packrig.scenario import Rig, Run, of_rows

ROWS = ["DS-23", "DS-24", "DS-25"]
PACKS = [("lfp", 16), ("li_ion", 7), ("lfp", 25)]
FULL_PACKS = [("li_ion", 7), *(("lfp", count) for count in range(8, 26))]

POLL_S = 1.0
HEARD_S = 5.0
DISCHARGE_A = 30.0
# Of the UART's protocols.
MODBUS = 1
LCD_V2 = 10
DEVICE_COMMAND = 0x97  # of the app: answered by the frame that names the board
# Half of a port's last digit comes on top of the accuracy.
RESOLUTION = {
    "nw": {"cell_V": 0.001, "pack_V": 0.01, "current_A": 0.01, "probe_degC": 1.0},
    "modbus": {"cell_V": 0.001, "pack_V": 0.001, "current_A": 0.001, "probe_degC": 0.1},
    "bluetooth": {"cell_V": 0.001, "pack_V": 0.001, "current_A": 0.001, "probe_degC": 0.1},
    "lcd": {"cell_V": 0.001, "pack_V": 0.01, "current_A": 0.1, "probe_degC": 1.0},
    "can": {"cell_V": 0.001, "pack_V": 0.1, "current_A": 0.1, "probe_degC": 1.0},
}


def _judge(run: Run, port: str, reported: str, number: int = 0) -> None:
    part = run.rig.part
    error = part.accuracy[reported].error + 0.5 * RESOLUTION[port][reported]
    age_s = part.report_age_s + part.assumed_value("display_period_s")
    run.judge(AccuracyRule(reported=reported, number=number, low=-error, high=error, age_s=age_s, from_s=run.from_s))


def _hear(run: Run, port: str) -> None:
    run.write("balance_on", 0)  # whose current would drop over the wires
    run.impose(Channel("current_A"), DISCHARGE_A)
    if port in ("nw", "modbus"):
        run.poll(POLL_S, port)
    else:
        run.listen(port)
    run.wait(2.0 * HEARD_S)
    run.mark("the port speaks")
    run.wait(HEARD_S)


def _judge_all(run: Run, port: str, probes: int = 2, slots: int = 25) -> None:
    """`slots` of the port for cells: of a pack that has more of them it tells none."""
    count = run.rig.pack.cell_count
    for number in range(1, count + 1 if count <= slots else 1):
        _judge(run, port, "cell_V", number)
    _judge(run, port, "pack_V")
    _judge(run, port, "current_A")
    for number in range(1, probes + 1):
        _judge(run, port, "probe_degC", number)


@of_rows("DS-24")
def test_cells_in_the_app(rig: Rig) -> None:
    """The page of cells, total voltage, current and temperature."""
    run = rig.run()
    _hear(run, "bluetooth")
    _judge_all(run, "bluetooth")


@of_rows("DS-24")
def test_serial_number_in_the_app(rig: Rig) -> None:
    """The board names a serial number to be found by, the same one each time it is asked."""
    first = rig.run().read_serial_by_app()
    run = rig.run()
    run.wait(HEARD_S)
    run.read_serial_by_app()
    run.judge(ReadingRule(register=DEVICE_COMMAND, value=first or 0))


@of_rows("DS-24")
def test_settings_in_the_app(rig: Rig) -> None:
    """Basic settings are acknowledged and come back in the settings' frame; out of range they do not."""
    run = rig.run()
    run.listen("bluetooth")
    run.wait(2.0)
    for name, value, accepted in (
        ("cell_ovp_V", rig.settings["cell_ovp_V"] + 0.05, True),
        ("charge_delay_s", 7.0, True),
        ("charge_utp_degC", -10.0, True),
        ("charge_switch", 0.0, True),
        ("charge_switch", 1.0, True),
    ):
        run.write_by_app(name, value)
        run.read_by_app(name)
        entry = rig.part.settings[name]
        run.judge(SettingRule(register=entry.register, value=entry.counts(value), accepted=accepted))


@of_rows("DS-25")
def test_display(rig: Rig) -> None:
    """The status frame equals the truth within the display's digits; a 25th cell has no place there."""
    run = rig.run()
    run.write("uart_protocol", LCD_V2)
    _hear(run, "lcd")
    _judge_all(run, "lcd", probes=1, slots=24)


@of_rows("DS-23")
def test_rs485(rig: Rig) -> None:
    """In 4E57, as delivered."""
    run = rig.run()
    _hear(run, "nw")
    _judge_all(run, "nw")


@of_rows("DS-23")
def test_modbus(rig: Rig) -> None:
    """The same port with Modbus selected; it carries the third probe."""
    run = rig.run()
    run.write("uart_protocol", MODBUS)
    _hear(run, "modbus")
    _judge_all(run, "modbus", probes=3)


@of_rows("DS-23")
def test_can(rig: Rig) -> None:
    """With the port switched to CAN: the battery's message, those of single cells and that of the probes."""
    run = rig.run()
    run.write("port_is_rs485", 0)
    _hear(run, "can")
    _judge_all(run, "can", probes=3)


@of_rows("DS-23")
def test_rs485_and_can_exclude_each_other(rig: Rig) -> None:
    """A setting is taken over RS485 while the port is RS485's, and not while it is CAN's."""
    for is_rs485 in (1, 0, 1):
        run = rig.run()
        run.write("port_is_rs485", is_rs485)
        run.wait(1.0)
        run.write_over_bus("charge_delay_s", 8.0 + is_rs485)
        run.write("port_is_rs485", 1)
        run.wait(1.0)
        run.read_over_bus("charge_delay_s")
        run.judge(run.bus_setting_rule("charge_delay_s", 8.0 + is_rs485, accepted=bool(is_rs485)))
