/**
 * A view as a URL fragment and back. Pure.
 *
 * Times are written in UTC nanoseconds, so that the view that comes back is the view that was sent, exactly. Unknown or
 * unreadable parts are left out: a link may be old, and a hand may have changed it.
 */

const WHOLE = /^\d{1,20}$/;
const MS = 1000000n;

const absolute = (origin, time) => (BigInt(origin) * MS + BigInt(time)).toString();
const relative = (origin, text) => Number(BigInt(text) - BigInt(origin) * MS);

/**
 * Return the fragment, without "#". `view` is {from, to, row, selection, compare, shifts, group}: times in ns since
 * `origin`, `row` and the selection's `first` and `last` are keys of rows, `compare` is days.
 */
export function writeLink(view, origin) {
  const parts = new URLSearchParams();
  parts.set("from", absolute(origin, view.from));
  parts.set("to", absolute(origin, view.to));
  if (view.row) parts.set("row", view.row);
  if (view.selection) {
    const { from, to, first, last } = view.selection;
    parts.set("select", `${absolute(origin, from)}-${absolute(origin, to)}`);
    parts.set("first", first);
    parts.set("last", last);
  }
  if (view.compare) parts.set("compare", String(view.compare));
  parts.set("shifts", view.shifts ? "1" : "0");
  parts.set("group", view.group);
  return parts.toString();
}

function range(origin, from, to) {
  if (!WHOLE.test(from ?? "") || !WHOLE.test(to ?? "")) return undefined;
  const span = { from: relative(origin, from), to: relative(origin, to) };
  return span.from < span.to && Math.abs(span.from) <= Number.MAX_SAFE_INTEGER
    && Math.abs(span.to) <= Number.MAX_SAFE_INTEGER ? span : undefined;
}

/** Return what a fragment says, with or without "#"; what it does not say is not among the keys. */
export function readLink(fragment, origin) {
  const parts = new URLSearchParams(fragment.replace(/^#/, ""));
  const view = { ...range(origin, parts.get("from"), parts.get("to")) };
  if (parts.get("row")) view.row = parts.get("row");
  const [from, to] = (parts.get("select") ?? "").split("-");
  const selected = range(origin, from, to);
  if (selected && parts.get("first") && parts.get("last")) {
    view.selection = { ...selected, first: parts.get("first"), last: parts.get("last") };
  }
  if (/^[1-9]\d{0,2}$/.test(parts.get("compare") ?? "")) view.compare = Number(parts.get("compare"));
  if (["0", "1"].includes(parts.get("shifts"))) view.shifts = parts.get("shifts") === "1";
  if (["station", "session"].includes(parts.get("group"))) view.group = parts.get("group");
  return view;
}
