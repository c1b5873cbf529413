/** Mouse, pen, fingers and wheel -> pan, zoom, select, press. Knows nothing of timelines. */

const MOVED = 4; // pixels from which on a press is a drag

/**
 * Listen on `target`. `on` is {pan(dx, dy), zoom(factor, x) -> whether anything changed, select(from, to), press(point),
 * hover(point), selects(point, event) -> whether a drag from there selects}; points are {x, y} from the target's corner.
 */
export function listen(target, on) {
  const fingers = new Map();
  let from = null;
  let selecting = false;
  let dragged = false;

  const point = (event) => {
    const box = target.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return { wide: Math.max(20, Math.hypot(a.x - b.x, a.y - b.y)), x: (a.x + b.x) / 2 };
  };

  target.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    target.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, point(event));
    if (fingers.size > 1) {
      selecting = false;
      dragged = true;
      return;
    }
    from = point(event);
    selecting = on.selects(from, event);
    dragged = false;
  });
  target.addEventListener("pointermove", (event) => {
    const to = point(event);
    const before = fingers.get(event.pointerId);
    if (!before) {
      on.hover(to);
    } else if (fingers.size === 2) {
      const old = spread();
      fingers.set(event.pointerId, to);
      const now = spread();
      on.pan(now.x - old.x, 0);
      on.zoom(old.wide / now.wide, now.x);
    } else if (dragged || Math.hypot(to.x - from.x, to.y - from.y) >= MOVED) {
      if (selecting) on.select(from, to);
      else on.pan(to.x - before.x, event.pointerType === "touch" ? 0 : to.y - before.y);
      dragged = true;
      fingers.set(event.pointerId, to);
    }
  });
  const up = (event) => {
    if (fingers.delete(event.pointerId) && !dragged && event.type === "pointerup") on.press(point(event));
  };
  target.addEventListener("pointerup", up);
  target.addEventListener("pointercancel", up);
  target.addEventListener("wheel", (event) => {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const along = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      on.pan(-along * unit, 0);
      event.preventDefault();
    } else if (on.zoom(Math.exp(event.deltaY * unit * 0.002), point(event).x)) {
      event.preventDefault(); // where zooming ends, the page scrolls
    }
  }, { passive: false });
}
