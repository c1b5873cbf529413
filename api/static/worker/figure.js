/**
 * A stick figure that moves as a worker moved: lines between joints, nothing of the picture.
 *
 * A piece is `{picture: [width, height], times_ms: [...], joints: [[[x, y] or null, ...], ...]}`, joints in BlazePose's
 * order. A joint that the network did not give is not drawn.
 */

const BONES = [
  [11, 12], [11, 23], [12, 24], [23, 24], [11, 13], [13, 15], [12, 14], [14, 16], [15, 19], [16, 20],
  [23, 25], [25, 27], [27, 31], [24, 26], [26, 28], [28, 32], [0, 11], [0, 12],
];

/** Return the number of the pose that is shown at a time: the last one that began by then. */
export function poseAt(times, ms) {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= ms) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Draw one pose. */
export function drawPose(canvas, piece, number) {
  const context = canvas.getContext("2d");
  const [width, height] = piece.picture;
  const scale = Math.min(canvas.width / width, canvas.height / height);
  const joints = piece.joints[number];
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.strokeStyle = getComputedStyle(canvas).color;
  context.lineWidth = 3;
  context.lineCap = "round";
  context.beginPath();
  for (const [from, to] of BONES) {
    if (!joints[from] || !joints[to]) continue;
    context.moveTo(joints[from][0] * scale, joints[from][1] * scale);
    context.lineTo(joints[to][0] * scale, joints[to][1] * scale);
  }
  context.stroke();
}

/** Plays a piece on a canvas; `told(ms, lasts)` hears where it is, `ended()` that it is over. */
export class Player {
  constructor(canvas, piece, { told = () => {}, ended = () => {} } = {}) {
    Object.assign(this, { canvas, piece, told, ended, at: 0, playing: false, last: 0 });
    this.lasts = piece.times_ms.at(-1);
    this.show(0);
  }

  show(ms) {
    this.at = Math.max(0, Math.min(ms, this.lasts));
    drawPose(this.canvas, this.piece, poseAt(this.piece.times_ms, this.at));
    this.told(this.at, this.lasts);
  }

  play() {
    if (this.playing) return;
    if (this.at >= this.lasts) this.show(0);
    this.playing = true;
    this.last = performance.now();
    const step = (now) => {
      if (!this.playing) return;
      this.show(this.at + now - this.last);
      this.last = now;
      if (this.at >= this.lasts) {
        this.playing = false;
        this.ended();
      } else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  pause() {
    this.playing = false;
  }
}
