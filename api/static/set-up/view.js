/** Where things are on the picture: fractions of it, units of the drawing, pixels of the screen. Pure. */

/** Width of the drawing, in its own units; its height follows the picture. */
export const WIDTH = 1000;

/** Return [x, y] in units of the drawing. */
export function toDrawing([x, y], height) {
  return [x * WIDTH, y * height];
}

/** Return the value of an SVG `points` attribute. */
export function pointsText(points, height) {
  return points.map((point) => toDrawing(point, height).map((value) => value.toFixed(2)).join(",")).join(" ");
}

/** Return the middle of a polygon's corners. */
export function middle(points) {
  const sum = points.reduce(([sx, sy], [x, y]) => [sx + x, sy + y], [0, 0]);
  return sum.map((value) => value / points.length);
}

/** Return the area of a polygon; 0 for one whose corners lie on a line. */
export function area(points) {
  return Math.abs(points.reduce((sum, [x0, y0], index) => {
    const [x1, y1] = points[(index + 1) % points.length];
    return sum + x0 * y1 - x1 * y0;
  }, 0)) / 2;
}

/** How far an arrow key moves something, by the keys that are held. */
export function stepOf(event) {
  if (event.ctrlKey || event.metaKey) return 0.001;
  return event.shiftKey ? 0.05 : 0.005;
}

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Return [dx, dy] for an arrow key, null for any other. */
export function shiftOf(event) {
  const direction = DIRECTIONS[event.key];
  if (!direction) return null;
  const step = stepOf(event);
  return direction.map((part) => part * step);
}
