"""The head: an ellipsoid whose surface carries hair, eyes, brows and mouth, so that it turns truly."""

from dataclasses import dataclass

import numpy as np

from models.pose import Joint
from sample_videos.body import FACE, HEAD_AXES, Skeleton
from sample_videos.camera import Camera
from sample_videos.canvas import OVERSAMPLING, Canvas, Colour, Field, Patch, darker, lit
from sample_videos.motion import Vector, vector

LIPS: Colour = (150.0, 70.0, 68.0)
EYE_WHITE: Colour = (232.0, 228.0, 222.0)
IRIS: Colour = (42.0, 32.0, 28.0)


@dataclass(frozen=True, slots=True)
class HeadLook:
    """Colours of a head; `hair_length` 0 = short, 1 = down to the neck."""

    skin: Colour
    hair: Colour
    hair_length: float


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The visible half of the ellipsoid on a patch: places in shares of the half axes, and brightness."""

    left: Field
    forward: Field
    up: Field
    shade: Field
    alpha: Field


def draw_head(canvas: Canvas, camera: Camera, skeleton: Skeleton, look: HeadLook) -> None:
    """Draw head, ears and nose; the ear on the far side first."""
    centre = camera.project(skeleton.head)
    height = skeleton.height
    if look.hair_length > 0.0:
        low = skeleton.head + height * (
            -0.030 * skeleton.head_frame[1] - 0.070 * look.hair_length * skeleton.head_frame[2]
        )
        end = camera.project(low)
        if skeleton.head_frame[1] @ camera.towards > 0:  # seen from behind it is drawn last, over the neck
            canvas.capsule(centre, end, (0.052 * height * centre[2], 0.045 * height * end[2]), look.hair)
    ears = sorted((Joint.LEFT_EAR, Joint.RIGHT_EAR), key=lambda ear: skeleton.joints[ear] @ camera.towards)
    _ear(canvas, camera, skeleton, ears[0], look)
    axes = HEAD_AXES * height
    radius = float(axes.max() * centre[2])
    patch = canvas.patch(centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius)
    if patch is not None:
        surface = _surface(patch, camera, skeleton, centre)
        patch.blend(surface.alpha, _paint(surface, look))
    if skeleton.joints[ears[1]] @ camera.towards > skeleton.head @ camera.towards - 0.02 * height:
        _ear(canvas, camera, skeleton, ears[1], look)
    _nose(canvas, camera, skeleton, look)


def _surface(patch: Patch, camera: Camera, skeleton: Skeleton, centre: Vector) -> Surface:
    """Intersect the sight lines of the patch (taken as parallel) with the ellipsoid."""
    view = np.array([vector(1.0, 0.0, 0.0), camera.upwards, camera.towards])
    turn = view @ skeleton.head_frame.T
    axes = HEAD_AXES * skeleton.height
    a = turn @ np.diag(axes**-2.0) @ turn.T
    x = (patch.x - np.float32(centre[0])) / np.float32(centre[2]) + 0.0 * patch.y
    y = -(patch.y - np.float32(centre[1])) / np.float32(centre[2]) + 0.0 * patch.x
    half_b = a[0, 2] * x + a[1, 2] * y
    c = a[0, 0] * x * x + 2.0 * a[0, 1] * x * y + a[1, 1] * y * y - 1.0
    root = half_b * half_b - a[2, 2] * c
    towards = (-half_b + np.sqrt(np.maximum(root, 0.0))) / a[2, 2]
    inside = np.sqrt(np.maximum(1.0 + c - half_b * half_b / a[2, 2], 0.0))
    rim = float(axes.min()) * centre[2] * OVERSAMPLING
    alpha = np.clip((1.0 - inside) * rim + 0.5, 0.0, 1.0)
    seen = np.stack([x, y, towards], axis=-1)
    local = (seen @ turn) / axes
    normal = seen @ a
    normal = normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
    shade = lit(normal[..., 0], -normal[..., 1], normal[..., 2])
    left, forward, up = (local[..., i].astype(np.float32) for i in range(3))
    return Surface(left, forward, up, shade.astype(np.float32), alpha.astype(np.float32))


def _paint(surface: Surface, look: HeadLook) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    """Return the colours of the surface, (h, w, 3) float32."""
    left, forward, up = surface.left, surface.forward, surface.up
    colour = np.empty((*left.shape, 3), np.float32)
    colour[...] = look.skin

    def lay(tint: Colour, cover: Field) -> None:
        share = np.clip(cover, 0.0, 1.0)[..., None]
        colour[...] += share * (np.array(tint, np.float32) - colour)

    def spot(place: tuple[float, float], size: tuple[float, float]) -> Field:
        """Cover of an ellipse on the front of the face, soft at its rim."""
        r = np.hypot((left - place[0]) / size[0], (up - place[1]) / size[1])
        return np.where(forward > 0.0, (1.2 - r) * 4.0, 0.0).astype(np.float32)

    for side in (1.0, -1.0):
        eye_left, _, eye_up = FACE[Joint.LEFT_EYE]
        lay(darker(look.skin, 0.78), spot((side * eye_left, eye_up), (0.20, 0.15)))
        lay(EYE_WHITE, spot((side * eye_left, eye_up), (0.14, 0.06)))
        lay(IRIS, spot((side * eye_left, eye_up), (0.065, 0.075)))
        lay(darker(look.hair, 0.8), spot((side * (eye_left + 0.01), eye_up + 0.19), (0.18, 0.04)))
        lay(darker(look.skin, 0.72), spot((side * 0.07, -0.24), (0.07, 0.035)))
    lay(darker(look.skin, 0.86), spot((0.0, -0.62), (0.20, 0.05)))
    lay(LIPS, spot((0.0, -0.47), (0.23, 0.055)))
    # The hairline runs from above the brow down behind the ear.
    hairline = 0.13 + 0.46 * forward - 0.25 * look.hair_length * (1.0 - forward)
    lay(look.hair, (up - hairline) * 9.0)
    return colour * surface.shade[..., None]


def _ear(canvas: Canvas, camera: Camera, skeleton: Skeleton, ear: Joint, look: HeadLook) -> None:
    if look.hair_length > 0.5:
        return
    up = 0.013 * skeleton.height * skeleton.head_frame[2]
    top, bottom = camera.project(skeleton.joints[ear] + up), camera.project(skeleton.joints[ear] - up)
    radius = 0.0085 * skeleton.height * top[2]
    canvas.capsule(top, bottom, (radius, 0.7 * radius), darker(look.skin, 0.92))


def _nose(canvas: Canvas, camera: Camera, skeleton: Skeleton, look: HeadLook) -> None:
    if skeleton.head_frame[1] @ camera.towards < -0.25:
        return
    axes = HEAD_AXES * skeleton.height
    ridge = camera.project(skeleton.head + (vector(0.0, 0.97, 0.10) * axes) @ skeleton.head_frame)
    tip = camera.project(skeleton.joints[Joint.NOSE])
    width = 0.0085 * skeleton.height * tip[2]
    canvas.capsule(ridge, tip, (0.5 * width, width), darker(look.skin, 1.03))
