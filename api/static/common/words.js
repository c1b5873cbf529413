/** The words of the page, in its language: `w.word`, `say("word", { n: 3 })`. A missing one is an error, not a gap. */

const words = JSON.parse(document.getElementById("words").textContent);
const problems = JSON.parse(document.getElementById("problems").textContent);

export const language = document.documentElement.lang;

export const w = new Proxy(words, {
  get(all, name) {
    if (!(name in all)) throw new Error(`no word ${String(name)}`);
    return all[name];
  },
});

/** Return a sentence with its places filled in. */
export function say(name, values = {}) {
  return w[name].replace(/\{(\w+)\}/g, (_, place) => String(values[place]));
}

/** Return what a problem (RFC 9457) is called in the page's language. */
export function titleOf(problem) {
  return problems[problem.type] ?? problem.title ?? w.problem;
}
