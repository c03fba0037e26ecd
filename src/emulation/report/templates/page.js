"use strict";
// Lays out what the page holds as data. Every text becomes a text node, never markup; nothing is fetched.
(() => {
  const page = JSON.parse(document.getElementById("data").textContent);
  const SLICE = 40; // a screenful and more; a keystroke lays out no more than these
  const FEW = 5; // so many rows need no search
  const say = (key, given = {}) => page.words[key].replace(/\{(\w+)\}/g, (_, name) => String(given[name]));
  const number = new Intl.NumberFormat(page.lang);

  // Letters without their marks, so that "da n" finds Đà Nẵng.
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().replace(/\s+/g, " ");

  const make = (tag, given = {}, ...inside) => {
    const one = document.createElement(tag);
    for (const [name, value] of Object.entries(given)) {
      if (value === null || value === undefined || value === "") continue;
      if (name.startsWith("on")) one.addEventListener(name.slice(2), value);
      else one.setAttribute(name, value);
    }
    one.append(...inside.filter((part) => part !== null && part !== undefined));
    return one;
  };

  const drawn = (tag, given, ...inside) => {
    const one = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(given)) one.setAttribute(name, value);
    one.append(...inside);
    return one;
  };

  const bar = (share, median) => {
    const parts = [
      drawn("rect", { class: "all", width: 100, height: 10 }),
      drawn("rect", { class: "got", width: Math.max(0, Math.min(100, share)), height: 10 }),
    ];
    if (median !== undefined) parts.push(drawn("rect", { class: "median", x: Math.min(99, median), width: 0.8, height: 10 }));
    return drawn("svg", { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, ...parts);
  };

  const spark = (trend) => {
    const step = 100 / Math.max(1, trend.length - 1);
    const points = trend.map(([, , height], place) => `${place * step},${30 - height * 0.3}`);
    return drawn(
      "svg",
      { class: "spark", viewBox: "0 0 100 30", preserveAspectRatio: "none", "aria-hidden": "true" },
      drawn("polyline", { points: points.join(" ") }),
    );
  };

  // --- one participant

  const dialog = document.getElementById("one");
  const found = new Map();

  const tree = (said, open) =>
    make("ul", {}, ...said.map(([text, parts]) => {
      if (!parts) return make("li", {}, make("span", { class: "leaf" }, text));
      const more = make("details", {}, make("summary", {}, text), tree(parts, false));
      more.open = open;
      return make("li", {}, more);
    }));

  const list = (title, lines, kind) =>
    lines.length ? [make("h3", {}, title), make("ul", { class: kind }, ...lines.map((line) => make("li", {}, line)))] : [];

  const profile = (board, row) => {
    if (!row.profile.length) return [];
    const bars = row.profile.map(([criterion, points, share, median, ahead, most]) =>
      make("div", {},
        make("span", {}, board.criteria[criterion]),
        make("span", { class: "figure " + (ahead > 0 ? "class-0" : ahead < 0 ? "class-2" : "") }, `${ahead > 0 ? "▲ " : ahead < 0 ? "▼ " : ""}${points}`),
        bar(share, median),
        make("span", { class: "quiet" }, say("shares", { share: number.format(share), most, median: number.format(median) }))));
    return [
      make("h3", {}, say("profile")),
      make("div", { class: "profile" }, ...bars),
      make("p", { class: "quiet" }, say("profile_note")),
    ];
  };

  const portrait = (board, row) => {
    const [ways, balance, missing, reasons] = row.whole || [[], [], [], null];
    const facts = board.standings.map((title, place) => [title, row.places[place], ""]).filter(([, text]) => text);
    board.columns.forEach(([heading], place) => {
      const [text, tone] = row.cells[place];
      if (place !== board.name && text && !board.standings.includes(heading) && !(heading === "#" && facts.length)) facts.push([heading, text, tone]);
    });
    const inside = [
      make("header", {},
        make("div", {}, make("h2", { id: "one-name", tabindex: "-1" }, row.name), make("p", { class: "quiet" }, row.about)),
        make("button", { type: "button", class: "close", onclick: () => dialog.close() }, say("close"))),
      make("dl", { class: "places" }, ...facts.map(([title, text, tone]) =>
        make("div", {}, make("dt", {}, title), make("dd", { class: tone }, text)))),
    ];
    if (row.move) inside.push(make("p", {}, row.move[1]));
    inside.push(...list(say("lift"), ways, "ways"));
    inside.push(...profile(board, row));
    inside.push(...balance.map((line) => make("p", {}, line)));
    inside.push(...list(say("missing"), missing, "missing"));
    if (row.trend.length > 1) {
      inside.push(make("h3", {}, say("trend")), make("p", {}, spark(row.trend)));
      inside.push(make("p", { class: "quiet" }, row.trend.map(([day, place]) => `${day}: ${place}`).join(" → ")));
    }
    if (reasons) inside.push(make("h3", {}, say("why")), make("div", { class: "tree" }, tree(reasons, true)));
    if (row.page) inside.push(make("p", {}, make("a", { href: row.page }, say("full"))));
    else if (!reasons) inside.push(make("p", { class: "quiet" }, say("elsewhere", { campaign: page.campaign, id: row.id })));
    return make("article", { class: "one" }, ...inside);
  };

  const open = (id, remember) => {
    const known = found.get(id);
    if (!known) return;
    dialog.replaceChildren(portrait(...known));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    document.getElementById("one-name").focus();
    if (remember) history.replaceState(null, "", "#" + encodeURIComponent("one-" + id));
  };

  dialog.addEventListener("close", () => history.replaceState(null, "", location.pathname + location.search));
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  // --- a board

  const read = ([id, cells, groups, about = "", places = [], profile = [], move = 0, trend = [], page = 0, whole = 0], number, board) => {
    const pairs = cells.map((cell) => (Array.isArray(cell) ? cell : [cell, ""]));
    const name = pairs[board.name][0];
    return { id, number, cells: pairs, groups, about, places, profile, move, trend, page, whole, name, text: fold(name + " " + id) };
  };

  const classOf = (row) => { const found = row.cells.find(([, tone]) => tone.startsWith("class-") || tone === "undecided"); return found ? found[1] : ""; };

  const show = (board, place) => {
    const section = document.getElementById("board-" + place);
    const tools = section.querySelector(".tools");
    const head = section.querySelector("thead tr");
    const body = section.querySelector("tbody");
    const left = section.querySelector(".left");
    const rows = board.rows.map((row, number) => read(row, number, board));
    if (board.bodies) for (const row of rows) { found.set(row.id, [board, row]); row.held = classOf(row); }
    const state = { words: "", picked: board.filters.map(() => ""), held: "", by: -1, down: false, rows, shown: 0 };
    const status = make("p", { role: "status" });

    const line = (row) => {
      const one = make("tr", { role: "row" });
      row.cells.forEach(([text, tone], column) => {
        const [heading, numeric] = board.columns[column];
        if (column === board.name) {
          const inside = board.bodies && text
            ? make("button", { type: "button", "aria-haspopup": "dialog", onclick: () => open(row.id, true) }, text)
            : text;
          one.append(make("th", { role: "rowheader", scope: "row", class: "name" }, inside));
          return;
        }
        const cell = make("td", { role: "cell", class: (numeric ? "number " : "") + tone, "data-label": text ? heading : "" }, text);
        if (board.bars[column] && board.bars[column][row.number] >= 0) cell.append(bar(board.bars[column][row.number]));
        one.append(cell);
      });
      if (board.moves) {
        const [sign, told] = row.move || ["", ""];
        const tone = sign.startsWith("▲") ? "met" : sign.startsWith("▼") ? "missed" : "";
        const cell = make("td", { role: "cell", class: "number " + tone, "data-label": sign ? say("movement") : "", title: told }, sign);
        if (row.trend.length > 1) cell.append(spark(row.trend));
        one.append(cell);
      }
      return one;
    };

    const slice = (upTo) => {
      const some = document.createDocumentFragment();
      for (const row of state.rows.slice(state.shown, upTo)) some.append(line(row));
      body.append(some);
      state.shown = Math.min(upTo, state.rows.length);
      const rest = state.rows.length - state.shown;
      left.replaceChildren();
      if (rest) left.append(make("button", { type: "button", onclick: () => slice(state.shown + SLICE) }, say("more", { count: number.format(rest) })));
      if (!state.rows.length) left.append(say("nothing"));
    };

    const sorted = (some) => {
      if (state.by < 0) return some;
      const order = board.orders[state.by];
      const turn = state.down ? -1 : 1;
      const texts = new Intl.Collator(page.lang, { numeric: true });
      return some.slice().sort((one, other) => {
        if (!order) return turn * texts.compare(one.cells[state.by][0], other.cells[state.by][0]) || one.number - other.number;
        const mine = order[one.number], theirs = order[other.number];
        if (mine < 0 || theirs < 0) return (mine < 0) - (theirs < 0) || one.number - other.number; // those without a value come last
        return turn * (mine - theirs) || one.number - other.number;
      });
    };

    const refresh = () => {
      const words = fold(state.words.trim());
      state.rows = sorted(rows.filter((row) =>
        (!words || row.text.includes(words)) && (!state.held || row.held === state.held)
        && state.picked.every((wanted, filter) => wanted === "" || row.groups[filter] === Number(wanted))));
      state.shown = 0;
      body.replaceChildren();
      slice(SLICE);
      status.textContent = say("showing", { shown: number.format(state.rows.length), count: number.format(rows.length) });
    };

    // --- what a board is searched, picked and sorted by

    const labelled = (text, control, kind) => make("label", { class: kind }, text, control);
    const pick = (options, chosen) => {
      const control = make("select", { onchange: () => chosen(control.value) });
      for (const [value, text] of options) control.append(make("option", { value: String(value) }, text));
      return control;
    };
    if (board.bodies) {
      const search = make("input", { type: "search", autocomplete: "off", spellcheck: "false", oninput: () => { state.words = search.value; refresh(); } });
      if (rows.length > FEW) tools.append(labelled(say("search"), search));
      board.filters.forEach(([name, values], filter) => {
        const options = [["", "–"], ...values.map((value, number) => [number, value])];
        const control = pick(options, (value) => { state.picked[filter] = value; refresh(); });
        control.firstChild.value = "";
        tools.append(labelled(name, control));
      });
      const chips = [...section.querySelectorAll(".counts .chip")].map((chip) => {
        const tone = chip.classList[1];
        const button = make("button", { type: "button", class: `chip ${tone}`, "aria-pressed": "false" }, chip.textContent);
        button.addEventListener("click", () => {
          state.held = state.held === tone ? "" : tone;
          for (const one of chips) one.setAttribute("aria-pressed", String(one === button && state.held === tone));
          refresh();
        });
        chip.replaceWith(button);
        return button;
      });

      const columns = [...head.children];
      const sort = (column, down) => {
        state.by = column;
        state.down = down;
        columns.forEach((one, number) => {
          if (number === column) one.setAttribute("aria-sort", down ? "descending" : "ascending");
          else one.removeAttribute("aria-sort");
        });
        refresh();
      };
      // The best first: a column of points begins with the most, one of places with the first.
      const isPoints = (column) => Boolean(board.bars[column]);
      columns.forEach((one, column) => {
        const button = make("button", { type: "button" }, one.textContent);
        button.addEventListener("click", () => sort(column, state.by === column ? !state.down : isPoints(column)));
        one.replaceChildren(button);
      });
      const by = pick([[-1, "–"], ...board.columns.map(([heading], column) => [column, heading])], (value) => sort(Number(value), isPoints(Number(value))));
      if (rows.length > FEW) tools.append(labelled(say("sort"), by, "sort-by"), status);
      if (board.moves) head.append(make("th", { role: "columnheader", scope: "col", class: "number" }, say("movement")));
    }
    refresh();

    // More rows come as one scrolls; all of them before the page is printed.
    if ("IntersectionObserver" in window) {
      new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting) && state.shown < state.rows.length) slice(state.shown + SLICE); }, { rootMargin: "600px" }).observe(left);
    }
    addEventListener("beforeprint", () => slice(state.rows.length));
  };

  page.boards.forEach(show);
  const linked = () => { const hash = decodeURIComponent(location.hash.slice(1)); if (hash.startsWith("one-")) open(hash.slice(4), false); };
  addEventListener("hashchange", linked);
  linked();
})();
