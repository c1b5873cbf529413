/** My royalties: what is owed, what was booked, statements to keep, disputes. */

import { language, say, w } from "/static/common/words.js";
import { ask, onForget, save } from "./code.js";
import { called, day, make, place, span, time } from "./parts.js";

const part = place("my-royalties");
const troubleIn = (form) => form.querySelector(".trouble");
const outcomeIn = (form) => form.querySelector(".outcome");
let digits = {};

function amount(minor, currency) {
  const places = digits[currency] ?? 2;
  const format = { minimumFractionDigits: places, maximumFractionDigits: places };
  return `${(minor / 10 ** places).toLocaleString(language, format)} ${currency}`;
}

/** Ask what is booked, and show it. */
export async function lookAtRoyalties() {
  const found = await ask("/v1/royalties/own", {}, { trouble: troubleIn(place("statement")) });
  if (!found) return;
  part.hidden = false;
  digits = Object.fromEntries(found.balances.map((one) => [one.currency, one.digits]));
  showBalances(found.balances);
  showBookings(found.bookings);
  showDisputes(found.disputes);
  if (!place("first-day").value) {
    const today = day(Date.now());
    place("first-day").value = `${today.slice(0, 4)}-01-01`;
    place("last-day").value = today;
  }
}

function showBalances(balances) {
  const fact = (word, text) => make("div", [make("dt", word), make("dd", text)]);
  const lists = balances.map(({ currency, owed, outstanding, earned }) =>
    make("dl", [
      fact(w.owed, amount(owed, currency)),
      fact(w.outstanding, amount(outstanding, currency)),
      fact(w.earned, amount(earned, currency)),
    ], { className: "facts" }));
  place("balances").replaceChildren(...(lists.length ? lists : [make("p", w.royalties_nothing)]));
}

function short(booking) {
  return booking.slice(0, 8);
}

function title({ amount: minor, currency, at_ms: at }) {
  return say("booking_line", { amount: amount(minor, currency), time: time(at) });
}

function showBookings(bookings) {
  const lines = bookings.map((one) => {
    const who = one.licensee ?? w.the_plant;
    const facts = [
      say("used_by", { purpose: called("purposes", one.purpose), who }),
      span(one.milliseconds / 1000),
      called("royalties", one.state),
      say("used_entry", { n: one.entry }),
      say("booking_id", { n: short(one.booking) }),
    ];
    return make("li", make("span", [make("strong", title(one)), make("br"), facts.join(" · ")]));
  });
  place("bookings").replaceChildren(...(lines.length ? lines : [make("li", w.none)]));
  const open = bookings.filter((one) => one.open_to_dispute);
  place("dispute").hidden = open.length === 0;
  place("dispute-booking").replaceChildren(
    ...open.map((one) => make("option", `${short(one.booking)} · ${title(one)}`, { value: one.booking })),
  );
}

function showDisputes(disputes) {
  place("disputes-part").hidden = disputes.length === 0;
  const lines = disputes.map(({ booking, reason, at_ms: at, answer }) => {
    const because = answer?.reason ? ` (${called("royalties", answer.reason)})` : "";
    const ends = answer ? `${called("royalties", answer.outcome)}${because}, ${time(answer.at_ms)}` : w.dispute_open;
    const about = say("booking_id", { n: short(booking) });
    return make("li", `${time(at)} · ${about} · ${called("royalties", reason)} · ${ends}`);
  });
  place("disputes").replaceChildren(...lines);
}

onForget(() => {
  for (const id of ["my-royalties", "dispute", "disputes-part"]) place(id).hidden = true;
  for (const id of ["balances", "bookings", "disputes", "dispute-booking", "disputed"]) place(id).replaceChildren();
  for (const id of ["statement", "dispute"]) {
    place(id).reset();
    troubleIn(place(id)).replaceChildren();
  }
  outcomeIn(place("statement")).replaceChildren();
  digits = {};
});
place("statement").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  outcomeIn(form).replaceChildren();
  const wanted = {
    from: place("first-day").value, to: place("last-day").value, language, form: place("statement-form").value,
  };
  const file = await ask("/v1/royalties/own/statement", wanted, { trouble: troubleIn(form), file: true });
  if (!file) return;
  save(file);
  outcomeIn(form).textContent = w.statement_saved;
});
place("dispute").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  place("disputed").replaceChildren();
  const said = { booking: place("dispute-booking").value, reason: place("dispute-reason").value };
  const kept = await ask("/v1/royalties/own/dispute", said, { trouble: troubleIn(form) });
  if (!kept) return;
  await lookAtRoyalties();
  if (part.hidden) return; // forgotten meanwhile
  place("disputed").textContent = w.disputed; // not in the form, which may be gone with the last booking
});
