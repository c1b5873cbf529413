"""Names of segments, joints and values, the same in every format."""

from models.pose import Joint

VALUES = ("x", "y", "z", "score")
JOINT_NAMES = tuple(joint.name.lower() for joint in Joint)
COLUMN_NAMES = tuple(f"{joint}.{value}" for joint in JOINT_NAMES for value in VALUES)
"""The 132 values of a pose in the order in which they lie in memory."""

UNITS = (
    "x, y: pixels of the picture, from its upper left corner, y downwards; z: distance from the camera "
    "relative to the hips, in the scale of pixels, smaller is nearer; score: 0 to 1; "
    "NaN: not given by the pose network"
)


def episode_name(number: int) -> str:
    """Return the name of segment `number` of a set, counted from 0."""
    return f"segment-{number + 1:04d}"
