from benchmarks.measure import Measurement
from benchmarks.report import comparison, growth


def test_times_are_compared_with_the_first_tool() -> None:
    outcomes = {
        "tierlens": Measurement(0.5, 60.4),
        "peer": Measurement(2.0, 130.0),
        "broken": "it ended with status 1",
    }

    assert comparison("Throughput", outcomes, templates=10) == (
        "## Throughput\n\n"
        "| tool     | seconds | templates/s | peak MiB | time ÷ first |\n"
        "| -------- | ------: | ----------: | -------: | -----------: |\n"
        "| tierlens |    0.50 |        20.0 |       60 |       1.00 × |\n"
        "| peer     |    2.00 |         5.0 |      130 |       4.00 × |\n"
        "| broken   |       - |           - |        - |            - |\n\n"
        "Not measured: broken: it ended with status 1"
    )


def test_growth_is_told_with_and_without_start_up() -> None:
    flat = {size: Measurement(seconds, 1.0) for size, seconds in ((1, 1.0), (50, 1.005), (500, 1.1))}
    steep = {size: Measurement(seconds, 1.0) for size, seconds in ((1, 1.0), (50, 1.5), (500, 7.0))}

    lines = growth(
        "Growth", {"flat": flat, "steep": steep, "broken": {1: "gone", 50: "gone", 500: "gone"}}
    ).splitlines()

    assert [line.split("|")[5:7] for line in lines[4:7]] == [
        ["    1.1 × ", "                - "],
        ["    4.7 × ", "           12.0 × "],
        ["        - ", "                - "],
    ]
    assert lines[-1] == "Not measured: broken: gone"
