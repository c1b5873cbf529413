"""Networks: weights catalogue, conversion, sessions, and the pose that each network converts into."""

import os

# onnxruntime 1.29 and later sends usage data to its maker and keeps a queue of it on disk, unless this stands
# in the environment before it is first imported. Nothing about a recording may leave, so it stands there.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
