"""The axis follows the camera's times; our own clock decides only what the camera cannot know."""

from capture.sources.clock import CameraClock
from productivity.time import SECOND

MS = SECOND // 1000
BOOT = 987 * SECOND  # where the monotonic clock happens to stand
OFFSET = 55 * SECOND  # where the camera's clock happens to stand


def place(clock: CameraClock, connection: int, presented: int, arrival: int) -> int:
    """Place a picture; all times in milliseconds since the recording began, by the respective clock."""
    time = clock.place(connection, OFFSET + presented * MS, BOOT + arrival * MS)
    return round(time / MS)


def test_arrival_jitter_does_not_move_pictures():
    clock = CameraClock()
    arrivals = [0, 180, 210, 300, 950, 951, 952, 700 + 300]
    assert [place(clock, 0, 100 * n, at) for n, at in enumerate(arrivals)] == [100 * n for n in range(8)]


def test_a_stalled_network_delays_pictures_without_moving_them():
    clock = CameraClock()
    place(clock, 0, 0, 0)
    assert place(clock, 0, 100, 8000) == 100
    assert place(clock, 0, 5000, 8001) == 5000


def test_across_a_cut_the_arrival_clock_decides():
    """The camera restarts: its clock begins at zero again, seven seconds after the last picture."""
    clock = CameraClock()
    for n in range(10):
        place(clock, 0, 100 * n, 100 * n + 30 + n % 3)
    assert place(clock, 1, -55_000, 7930) == 7900
    assert place(clock, 1, -54_900, 8030) == 8000


def test_now_is_where_an_undelayed_picture_would_stand():
    clock = CameraClock()
    place(clock, 0, 0, 500)  # half a second late
    place(clock, 0, 100, 120)
    assert round(clock.now(BOOT + 1020 * MS) / MS) == 1000


def test_a_camera_that_sets_its_clock_is_followed_by_arrival():
    for jump in (3_600_000, -3_600_000):
        clock = CameraClock()
        place(clock, 0, 0, 0)
        place(clock, 0, 100, 100)
        assert place(clock, 0, 200 + jump, 200) == 200
        assert place(clock, 0, 300 + jump, 300) == 300


def test_a_drifting_camera_is_followed_for_days_without_a_jump():
    """100 parts per million, slow and fast, at one picture a second: after a cut the axis is still right."""
    for ppm in (100, -100):
        clock = CameraClock()
        day = 86_400
        for second in range(0, day, 1):
            presented = second * 1000 * (1_000_000 + ppm) // 1_000_000
            assert abs(place(clock, 0, presented, second * 1000) - presented) <= 1
        returned = place(clock, 1, 0, day * 1000 + 5000)
        expected = (day * (1_000_000 + ppm) // 1_000_000) * 1000 + 5000
        assert abs(returned - expected) <= 1100
