"""Labels, contrast, focus, size, both languages, both themes, from a phone to a wall."""

import pytest

SIZES = {"phone": (360, 740), "tablet": (820, 1100), "desk": (1400, 900), "wall": (3840, 2160)}
NAMELESS = """() => {
  const root = document.querySelector("ft-timeline").shadowRoot;
  const named = (element) => element.getAttribute("aria-label")
    || element.closest("label")?.textContent.trim() || element.textContent.trim();
  return [...root.querySelectorAll("button, a, input, select, summary, [tabindex]")].filter((e) => !named(e))
    .map((e) => e.outerHTML.slice(0, 80));
}"""
CONTRASTS = """async () => {
  const { contrast } = await import("./palette.js");
  const root = document.querySelector("ft-timeline").shadowRoot;
  const two = (text) => Number(text).toString(16).padStart(2, "0");
  const hex = (text) => `#${text.match(/\\d+/g).slice(0, 3).map(two).join("")}`;
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return hex(colour);
    }
    return "#ffffff";
  };
  const written = (element) => [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  return [...root.querySelectorAll("*")].filter(written)
    .map((e) => [e.tagName, contrast(hex(getComputedStyle(e).color), ground(e))]);
}"""


@pytest.mark.parametrize("language", ["en", "de"])
def test_everything_that_can_be_used_has_a_name(shown, language):
    assert shown(f"n=600&lang={language}").evaluate(NAMELESS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(shown, scheme):
    """WCAG 2.2, 1.4.3."""
    found = shown("n=600", color_scheme=scheme).evaluate(CONTRASTS)
    assert len(found) > 40
    assert [(tag, round(ratio, 2)) for tag, ratio in found if ratio < 4.5] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_is_seen_wherever_it_is(shown, scheme):
    page = shown("n=600&stations=2", color_scheme=scheme)
    outline = """() => {
      const { activeElement } = document.querySelector("ft-timeline").shadowRoot;
      if (!activeElement) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(activeElement);
      return [activeElement.tagName, outlineStyle, Number.parseFloat(outlineWidth)];
    }"""
    seen = []
    for _ in range(14):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(outline))
    reached = [entry for entry in seen if entry]
    assert {tag for tag, _, _ in reached} == {"BUTTON", "INPUT", "SELECT", "A", "DIV", "SUMMARY"}
    assert all(style == "solid" and width >= 2 for _, style, width in reached)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("width", "height"), SIZES.values(), ids=SIZES.keys())
def test_nothing_is_wider_than_the_screen(shown, language, width, height):
    page = shown(f"n=2000&lang={language}", viewport={"width": width, "height": height})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_buttons_are_large_enough_for_fingers(shown):
    """WCAG 2.2, 2.5.8 asks for 24 pixels; gloves want more."""
    page = shown("n=600", viewport={"width": 360, "height": 740})
    sizes = [button.bounding_box() for button in page.locator("ft-timeline button").all()]
    assert len(sizes) == 4
    assert min(min(size["width"], size["height"]) for size in sizes) >= 38


def test_a_canvas_has_a_pixel_for_each_pixel_of_the_screen(shown):
    page = shown("n=600", device_scale_factor=3, viewport={"width": 360, "height": 740})
    ratio = """() => {
      const canvas = document.querySelector("ft-timeline").shadowRoot.querySelector(".sheet canvas");
      return canvas.width / canvas.clientWidth;
    }"""
    assert page.evaluate(ratio) == pytest.approx(3, abs=0.02)


def test_a_resized_window_is_drawn_anew(shown):
    page = shown("n=600")
    width = "() => document.querySelector('ft-timeline').shadowRoot.querySelector('.sheet canvas').width"
    before = page.evaluate(width)
    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_timeout(400)
    assert page.evaluate(width) < before


def test_a_change_of_language_is_followed(shown):
    page = shown("n=600")
    page.evaluate("document.querySelector('ft-timeline').lang = 'de'")
    page.get_by_text("Summen des gezeigten Ausschnitts").wait_for()
    assert page.locator("ft-timeline .tools button").first.get_attribute("aria-label") == "Vergrößern"


def test_a_change_of_theme_is_followed(shown):
    page = shown("n=600")
    paper = """() => {
      const { shadowRoot } = document.querySelector("ft-timeline");
      return getComputedStyle(shadowRoot.querySelector(".frame")).backgroundColor;
    }"""
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(300)
    assert page.evaluate(paper) == "rgb(20, 23, 26)"


def test_a_table_says_what_the_canvas_shows(shown):
    """For those who do not see it: a row for each row, a portion for each state, each row adding up."""
    page = shown("n=3000&stations=3")
    rows = page.locator("ft-timeline .unseen tbody tr").all()
    assert len(rows) == 3
    for row in rows:
        cells = row.locator("td").all_text_contents()
        assert sum(round(10 * float(cell.split("\u202f")[0])) for cell in cells) == 1000
    assert page.locator("ft-timeline .unseen thead th").count() == 13


def test_what_the_rows_are_and_which_keys_there_are_is_said(shown):
    page = shown("n=600&lang=de")
    scroller = page.locator("ft-timeline .scroller")
    assert scroller.get_attribute("role") == "application"
    assert scroller.get_attribute("aria-label") == "Zeitverläufe"
    keys = page.evaluate(
        """() => {
          const root = document.querySelector("ft-timeline").shadowRoot;
          const id = root.querySelector(".scroller").getAttribute("aria-describedby");
          return root.getElementById(id).textContent;
        }"""
    )
    assert "Pfeiltasten" in keys


def test_a_name_that_does_not_fit_is_shortened(run):
    """An ellipsis at the end, never a text that runs into the bars."""
    body = """const painter = new paint.Painter(document.createElement("canvas"));
    const text = "Spannvorrichtungsumrüstung und Nullpunkteinstellung";
    return [20, 100, 1e4].map((room) => painter.fitted(text, room)).map((t) => [t, painter.width(t)]);"""
    tiny, short, whole = run(["paint"], body)
    assert tiny[0].endswith("…")
    assert short[0].endswith("…")
    assert short[1] <= 100
    assert whole[0].endswith("einstellung")
