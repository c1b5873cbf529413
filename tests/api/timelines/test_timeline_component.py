"""The component as its users meet it: mouse, fingers, keyboard, link, comparison, other data."""

import re

import pytest

CANVAS = "ft-timeline canvas >> nth=0"
VIEW = "() => document.querySelector('ft-timeline').view"
SETTLED = 400


def view(page):
    return page.evaluate(VIEW)


def span(page):
    found = view(page)
    return found["to"] - found["from"]


def box(page):
    return page.locator(CANVAS).bounding_box()


def focus(page):
    page.locator("ft-timeline .scroller").focus()


def readout(page):
    return page.locator("ft-timeline .readout").inner_text()


def picture(page):
    """All pixels of the canvas, as one number."""
    return page.evaluate(
        """() => {
          const canvas = document.querySelector("ft-timeline").shadowRoot.querySelector(".sheet canvas");
          const { width, height } = canvas;
          const copy = Object.assign(document.createElement("canvas"), { width, height });
          const context = copy.getContext("2d", { willReadFrequently: true });
          context.drawImage(canvas, 0, 0);
          const { data } = context.getImageData(0, 0, width, height);
          let sum = 0;
          for (let i = 0; i < data.length; i += 1) sum = (Math.imul(sum, 31) + data[i]) | 0;
          return sum;
        }"""
    )


def percent(text):
    return float(text.split("\u202f")[0])


def totals_of(page, part="legend"):
    cells = page.locator(f"ft-timeline .{part} tbody td[data-ns]").all()
    return [int(cell.get_attribute("data-ns")) for cell in cells]


def sum_of(page, part="legend"):
    return int(
        page.locator(f"ft-timeline .{part} tfoot tr:first-child td[data-ns]").first.get_attribute("data-ns")
    )


def test_all_data_are_shown_and_their_totals_add_up(shown):
    """Ten days of two shifts of eight hours at each of three stations."""
    page = shown("n=2000&stations=3")
    assert sum(totals_of(page)) == sum_of(page) == 10 * 16 * 3600 * 10**9 * 3
    texts = page.locator("ft-timeline .legend tbody tr td:nth-child(3)").all_inner_texts()
    tenths = [int(re.sub(r"\D", "", text)) for text in texts]
    assert sum(tenths) == 1000


def test_the_wheel_zooms_at_the_pointer(shown):
    page = shown("n=2000&stations=3")
    before, place = span(page), box(page)
    page.mouse.move(place["x"] + place["width"] - 1, place["y"] + 80)
    page.mouse.wheel(0, -400)
    page.wait_for_timeout(SETTLED)
    after = view(page)
    assert after["to"] - after["from"] < before / 2
    assert after["to"] > before * 0.99


def test_a_drag_pans_and_the_page_follows_nowhere_else(shown):
    page = shown("n=2000&stations=3")
    focus(page)
    page.keyboard.press("+")
    before, place = view(page), box(page)
    y = place["y"] + 80
    page.mouse.move(place["x"] + 700, y)
    page.mouse.down()
    page.mouse.move(place["x"] + 500, y, steps=5)
    page.mouse.up()
    after = view(page)
    assert after["from"] > before["from"]
    assert page.evaluate("document.querySelector('ft-timeline').link").startswith("from=")


def test_panning_there_and_back_gives_the_same_picture(shown):
    page = shown("n=5000&stations=3")
    page.evaluate("document.querySelector('ft-timeline').zoomTo(0.1)")
    page.wait_for_timeout(SETTLED)
    before = picture(page)
    page.evaluate("document.querySelector('ft-timeline').panBy(100)")
    page.wait_for_timeout(SETTLED)
    assert picture(page) != before
    page.evaluate("document.querySelector('ft-timeline').panBy(-100)")
    page.wait_for_timeout(SETTLED)
    assert picture(page) == before


def test_two_fingers_zoom(shown):
    page = shown("n=2000&stations=3", has_touch=True)
    before, place = span(page), box(page)
    fingers = page.context.new_cdp_session(page)
    y = place["y"] + 80

    def touch(kind, *xs):
        points = [{"x": place["x"] + x, "y": y, "id": number} for number, x in enumerate(xs)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 500)
    touch("touchStart", 500, 600)
    for step in range(1, 11):
        touch("touchMove", 500 - 10 * step, 600 + 10 * step)
    touch("touchEnd")
    assert span(page) < before * 0.6


def test_the_keyboard_reaches_everything(shown):
    """Zoom, ends, pan, rows, intervals, range, and away again."""
    page = shown("n=2000&stations=3")
    whole = span(page)
    focus(page)
    page.keyboard.press("+")
    page.keyboard.press("+")
    assert span(page) < whole / 2
    page.keyboard.press("End")
    assert view(page)["to"] == whole
    last = view(page)
    page.keyboard.press("PageUp")
    assert view(page)["to"] == pytest.approx(last["from"], rel=0.2)
    page.keyboard.press("Home")
    assert view(page)["from"] == 0
    page.keyboard.press("ArrowRight")
    assert view(page)["from"] > 0
    page.keyboard.press("0")
    assert span(page) == whole


def test_tab_goes_from_row_to_row_and_then_on(shown):
    page = shown("n=600&stations=3")
    focus(page)
    rows = [view(page)["row"]]
    for _ in range(2):
        page.keyboard.press("Tab")
        rows.append(view(page)["row"])
    assert rows == ["Assembly cell 1 / 1/0", "Assembly cell 1 / 2/0", "Assembly cell 1 / 3/0"]
    inside = "() => document.querySelector('ft-timeline').shadowRoot.activeElement?.className"
    assert page.evaluate(inside) == "scroller"
    page.keyboard.press("Tab")
    assert page.evaluate(inside) != "scroller"


def test_escape_and_tab_leave_at_once(shown):
    page = shown("n=600&stations=3")
    focus(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    inside = "() => document.querySelector('ft-timeline').shadowRoot.activeElement?.className"
    assert page.evaluate(inside) != "scroller"
    assert view(page)["row"] == "Assembly cell 1 / 1/0"


def test_the_interval_under_the_cursor_is_spoken(shown):
    page = shown("n=600&stations=3")
    focus(page)
    spoken = [readout(page)]
    for _ in range(3):
        page.keyboard.press(".")
        spoken.append(readout(page))
    assert len(set(spoken)) == 4
    assert all(
        re.match(r"Assembly cell 1 / 1, Mon 19 Oct, \d\d:\d\d:\d\d: .+, confidence \d", text)
        for text in spoken
    )
    page.keyboard.press(",")
    assert readout(page) == spoken[2]
    assert page.locator("ft-timeline .readout").get_attribute("aria-live") == "polite"


def test_a_mouse_that_passes_by_is_not_spoken(shown):
    page = shown("n=600&stations=3")
    focus(page)
    assert page.locator("ft-timeline .readout").get_attribute("aria-live") == "polite"
    place = box(page)
    page.mouse.move(place["x"] + 500, place["y"] + 90)
    assert page.locator("ft-timeline .readout").get_attribute("aria-live") == "off"
    assert readout(page).startswith("Assembly cell")


def select(page, x0=400, x1=700, y=20):
    place = box(page)
    page.mouse.move(place["x"] + x0, place["y"] + y)
    page.mouse.down()
    page.mouse.move(place["x"] + x1, place["y"] + y, steps=4)
    page.mouse.up()
    page.locator("ft-timeline .selected table").wait_for()
    page.wait_for_timeout(SETTLED)


def test_a_drag_along_the_axis_selects_all_rows_and_shows_limits(shown):
    page = shown("n=5000&stations=3")
    select(page)
    selection = view(page)["selection"]
    assert (selection["first"], selection["last"]) == ("Assembly cell 1 / 1/0", "Assembly cell 1 / 3/0")
    assert sum(totals_of(page, "selected")) == sum_of(page, "selected") > 0
    limits = page.locator("ft-timeline .selected tbody tr:first-child td:nth-child(4)").inner_text()
    low, high, n = map(float, re.match(r"([\d.]+)\s%\s–\s([\d.]+)\s%\s\(n = (\d+)\)", limits).groups())
    portion = page.locator("ft-timeline .selected tbody tr:first-child td:nth-child(3)").inner_text()
    assert low < percent(portion) < high
    assert n >= 5


def test_shift_and_drag_selects_only_the_rows_passed(shown):
    page = shown("n=2000&stations=3")
    page.keyboard.down("Shift")
    select(page, y=90)
    page.keyboard.up("Shift")
    selection = view(page)["selection"]
    assert selection["first"] == selection["last"] == "Assembly cell 1 / 1/0"


def test_a_selected_hour_is_an_hour_of_intervals(shown):
    """The sum of the table is the range times the rows, to the nanosecond."""
    page = shown("n=2000&stations=3")
    hour = 3600 * 10**9
    start = page.evaluate(VIEW)["from"]
    link = page.evaluate("document.querySelector('ft-timeline').link")
    absolute = int(re.search(r"from=(\d+)", link)[1]) - start
    fragment = re.sub(r"&shifts.*", "", link) + f"&select={absolute + hour}-{absolute + 2 * hour}"
    rows = "&first=Assembly+cell+1+%2F+2%2F0&last=Assembly+cell+1+%2F+3%2F0&shifts=1&group=station"
    page.evaluate("(fragment) => { location.hash = fragment; }", fragment + rows)
    page.locator("ft-timeline .selected table").wait_for()
    page.wait_for_timeout(SETTLED)
    assert sum(totals_of(page, "selected")) == sum_of(page, "selected") == 2 * hour


def test_the_button_makes_a_drag_select(shown):
    """For fingers, which have no Shift."""
    page = shown("n=2000&stations=3")
    button = page.get_by_role("button", name="Select a range")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    select(page, y=90)
    assert view(page)["selection"]["first"] == "Assembly cell 1 / 1/0"
    assert view(page)["from"] == 0


def test_shift_and_wheel_pans(shown):
    page = shown("n=2000&stations=3")
    page.evaluate("document.querySelector('ft-timeline').zoomTo(0.1)")
    before, place = view(page), box(page)
    page.mouse.move(place["x"] + 500, place["y"] + 80)
    page.keyboard.down("Shift")
    page.mouse.wheel(0, 200)
    page.keyboard.up("Shift")
    page.wait_for_timeout(SETTLED)
    after = view(page)
    assert after["from"] > before["from"]
    assert after["to"] - after["from"] == before["to"] - before["from"]


def test_the_page_scrolls_where_zooming_ends(shown):
    """As long as something can be zoomed the wheel is the timeline's; once all is shown it is the page's."""
    page = shown("n=2000&stations=3", viewport={"width": 1000, "height": 500})
    page.evaluate("document.querySelector('ft-timeline').zoomTo(0.5)")
    place = box(page)
    page.mouse.move(place["x"] + 500, place["y"] + 80)
    page.mouse.wheel(0, 1000)
    page.wait_for_timeout(SETTLED)
    assert page.evaluate("window.scrollY") == 0
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(SETTLED)
    assert page.evaluate("window.scrollY") > 0


def test_a_row_out_of_sight_is_scrolled_to(shown):
    page = shown("n=2000&stations=60")
    focus(page)
    top = "() => document.querySelector('ft-timeline').shadowRoot.querySelector('.scroller').scrollTop"
    for _ in range(45):
        page.keyboard.press("ArrowDown")
    page.wait_for_timeout(SETTLED)
    assert view(page)["row"] == "Assembly cell 12 / 2/0"
    assert page.evaluate(top) > 0
    place = box(page)
    page.mouse.click(place["x"] + 500, place["y"] + place["height"] - 10)
    assert readout(page).startswith("Assembly cell 12 / 2,")


def test_a_hundred_thousand_intervals_are_shown_and_add_up(shown):
    page = shown("n=100000&stations=40")
    assert sum(totals_of(page)) == sum_of(page) == 10 * 16 * 3600 * 10**9 * 40


def test_the_keyboard_selects_and_escape_clears(shown):
    page = shown("n=2000&stations=3")
    focus(page)
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    selection = view(page)["selection"]
    assert selection["to"] > selection["from"]
    assert (selection["first"], selection["last"]) == ("Assembly cell 1 / 1/0", "Assembly cell 1 / 2/0")
    page.keyboard.press("Escape")
    assert view(page)["selection"] is None
    assert readout(page) == "Selection cleared"


def test_limits_that_fail_are_said_to_have_failed(shown):
    page = shown("n=2000&stations=3")
    page.evaluate(
        """() => {
          document.querySelector("ft-timeline").statistics = async () => { throw new Error("no"); };
        }"""
    )
    select(page)
    assert page.locator("ft-timeline .selected .note").inner_text() == "The limits could not be computed."


def test_the_address_leads_back_to_the_exact_view(shown, address):
    page = shown("n=2000&stations=3")
    focus(page)
    for key in ("+", "+", "+", "ArrowRight", "ArrowDown", "Shift+ArrowRight"):
        page.keyboard.press(key)
    page.wait_for_timeout(SETTLED)
    before, url = view(page), page.url
    assert "#from=" in url
    page.goto("about:blank")
    page.goto(url)
    page.locator("ft-timeline.drawn").wait_for()
    page.wait_for_timeout(SETTLED)
    assert view(page) == before
    assert page.locator("ft-timeline .link").get_attribute("href") == "#" + url.partition("#")[2]


def test_nights_and_weekends_are_left_out_until_wanted(shown):
    page = shown("n=2000&stations=3")
    inside = sum_of(page)
    tests = page.locator("ft-timeline .tools input")
    tests.uncheck()
    page.wait_for_timeout(SETTLED)
    assert view(page)["shifts"] is False
    assert sum_of(page) == inside
    missing = page.locator("ft-timeline .legend .missing td[data-ns]").get_attribute("data-ns")
    weeks = 11 * 24 * 3600 + 16 * 3600 + 3600  # Monday 6:00 to Friday 22:00 a week later, one hour gained
    assert int(missing) == 3 * weeks * 10**9 - inside


def test_time_outside_the_shifts_is_not_hidden_silently(shown):
    page = shown("n=2000&stations=3")
    page.evaluate(
        """() => {
          const element = document.querySelector("ft-timeline");
          const data = structuredClone(element.data);
          data.shifts = data.shifts.filter((_, i) => i % 2 === 0);
          element.data = data;
        }"""
    )
    page.wait_for_timeout(SETTLED)
    assert sum_of(page) == 10 * 8 * 3600 * 10**9 * 3
    notes = page.locator("ft-timeline .legend .note").all_inner_texts()
    assert any("outside the shifts is not shown" in note for note in notes)


def test_a_row_for_each_session(shown):
    page = shown("n=2000&stations=3")
    page.locator("ft-timeline .tools select").first.select_option("session")
    page.locator("ft-timeline .unseen tbody tr").nth(59).wait_for(state="attached")
    assert page.locator("ft-timeline .unseen tbody tr").count() == 60
    assert sum(totals_of(page)) == 10 * 16 * 3600 * 10**9 * 3


def test_the_day_before_stands_below_each_row_with_its_portions(shown):
    """On the second day the ghost is the first; its portions are those of the first day, shown alone."""
    page = shown("n=4000&stations=3")
    first = {"from": 0, "to": 16 * 3600 * 10**9}
    day = 24 * 3600 * 10**9
    go = """([from, to, compare]) => {
      const element = document.querySelector("ft-timeline");
      const origin = BigInt(element.link.match(/from=(\\d+)/)[1]) - BigInt(element.view.from);
      const times = `from=${origin + BigInt(from)}&to=${origin + BigInt(to)}`;
      location.hash = `${times}&shifts=1&group=station${compare}`;
    }"""
    page.evaluate(go, [first["from"], first["to"], ""])
    page.wait_for_timeout(SETTLED)
    alone = page.locator("ft-timeline .legend tbody td:nth-child(3)").all_inner_texts()
    page.evaluate(go, [first["from"] + day, first["to"] + day, ""])
    page.wait_for_timeout(SETTLED)
    without = picture(page)
    page.evaluate(go, [first["from"] + day, first["to"] + day, "&compare=1"])
    page.wait_for_timeout(SETTLED)
    assert picture(page) != without
    order = page.locator("ft-timeline .legend tbody th").all_inner_texts()
    assert len(order) == 12
    earlier = page.locator("ft-timeline .legend tbody td:nth-child(4)").all_inner_texts()
    pairs = [(percent(a), percent(b)) for a, b in zip(earlier, alone, strict=True)]
    assert max(abs(a - b) for a, b in pairs) <= 0.11  # a tenth may go to another state, for the order differs


BANDS = """() => {
  const canvas = document.querySelector("ft-timeline").shadowRoot.querySelector(".sheet canvas");
  const { width, height } = canvas;
  const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
  context.drawImage(canvas, 0, 0);
  const left = Math.round(width / 2);
  const pixels = new Uint32Array(context.getImageData(left, 50, width - left, height - 50).data.buffer);
  let bands = 0;
  for (let y = 0, inside = false; y < height - 50; y += 1) {
    const colourful = new Set(pixels.slice(y * (width - left), (y + 1) * (width - left))).size > 6;
    if (colourful && !inside) bands += 1;
    inside = colourful;
  }
  return bands;
}"""


def test_a_ghost_is_a_second_bar_below_each(shown):
    page = shown("n=4000&stations=3")
    assert page.evaluate(BANDS) == 3
    page.locator("ft-timeline .tools select").nth(1).select_option("7")
    page.wait_for_timeout(SETTLED)
    assert page.evaluate(BANDS) == 6


def test_sessions_have_no_other_period(shown):
    page = shown("n=2000&stations=3")
    page.locator("ft-timeline .tools select").nth(1).select_option("1")
    page.locator("ft-timeline .tools select").first.select_option("session")
    page.wait_for_timeout(SETTLED)
    assert page.locator("ft-timeline .tools select").count() == 1
    assert page.locator("ft-timeline .legend thead th").count() == 3


def test_another_periods_data_can_be_the_ghost(shown):
    page = shown("n=2000&stations=3")
    page.evaluate(
        """() => {
          const element = document.querySelector("ft-timeline");
          element.ghost = { data: structuredClone(element.data), days: 14 };
        }"""
    )
    page.wait_for_timeout(SETTLED)
    choice = page.locator("ft-timeline .tools select").nth(1)
    assert choice.locator("option").last.inner_text() == "the other period"
    assert view(page)["compare"] == 14


def test_other_data_replace_the_old(shown):
    page = shown("n=2000&stations=3")
    page.evaluate(
        """async () => {
          const { generate } = await import("./example-data.js");
          document.querySelector("ft-timeline").data = generate({ count: 200, stations: 2, days: 1 });
        }"""
    )
    page.wait_for_timeout(SETTLED)
    assert sum_of(page) == 2 * 16 * 3600 * 10**9


def test_a_removed_component_stops_and_comes_back(shown):
    page = shown("n=600&stations=3")
    page.evaluate(
        """() => {
          const element = document.querySelector("ft-timeline");
          const place = element.parentNode;
          element.remove();
          element.panBy(5);
          place.append(element);
        }"""
    )
    page.wait_for_timeout(SETTLED)
    focus(page)
    page.keyboard.press("+")
    assert span(page) > 0


def test_no_interval_is_said(opened):
    page = opened("data=empty")
    page.get_by_text("No intervals in this period.").wait_for()
    assert page.locator("ft-timeline canvas >> nth=0").is_hidden()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("data=broken", "The timelines cannot be shown. columns.duration_ns, value 3: expected"),
        ("data=broken&lang=de", "Die Zeitverläufe können nicht gezeigt werden. columns.duration_ns"),
        ("data=lost", "The timelines cannot be shown. answer: expected status 200, found 404"),
    ],
)
def test_bad_data_are_told_as_an_alert(opened, query, text):
    page = opened(query, expected=("Failed to load resource",))
    alert = page.locator("ft-timeline [role=alert]")
    alert.wait_for()
    assert alert.inner_text().startswith(text)


def test_what_happens_before_the_element_is_on_the_page_is_not_lost(shown):
    page = shown("n=200&stations=1")
    said = page.evaluate(
        """() => {
          const element = document.createElement("ft-timeline");
          element.lang = "de";
          element.data = { states: 5 };
          document.body.append(element);
          return element.shadowRoot.querySelector("[role=alert]").textContent;
        }"""
    )
    assert said.startswith("Die Zeitverläufe können nicht gezeigt werden. states: expected a list")


def test_text_of_the_data_is_never_markup(shown):
    page = shown("n=200&stations=1")
    page.evaluate(
        """() => {
          const element = document.querySelector("ft-timeline");
          const data = structuredClone(element.data);
          data.states[0].name = "<img src=x onerror=alert(1)>";
          for (const session of data.sessions) session.station = "<b>bench</b>";
          element.data = data;
        }"""
    )
    page.wait_for_timeout(SETTLED)
    assert page.locator("ft-timeline b, ft-timeline img").count() == 0
    assert "<b>bench</b>" in page.locator("ft-timeline .unseen").text_content()
