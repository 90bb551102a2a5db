// The interactive part: what is chosen is drawn, read out, laid out as a table and offered as CSV, all from the numbers in the page.
// Without this script the page is whole; the figures then are its pictures.
"use strict";
(() => {
  const root = document.documentElement;
  const at = (id) => document.getElementById(id);
  const series = JSON.parse(at("series").textContent);
  const words = series.words;
  // Told apart by the colour-blind, dark enough on white; dashes tell them apart in grey.
  const COLOURS = ["#484e5c", "#00735c", "#8a3a8f", "#9a6a00", "#b0304a", "#0b7a99", "#6a7a1a", "#7a4a2a"];
  const DASHES = [[7, 3], [], [2, 3], [9, 3, 2, 3], [4, 4], [12, 4], [1, 3], [6, 2, 2, 2]];
  const PANELS = ["truth", "beside"];
  const fill = (text, places) => text.replace(/\{(\w+)\}/g, (_, name) => places[name] ?? "");
  const create = (tag, text, attributes = {}) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };

  const written = (value, decimals) => {
    if (value === null || value === undefined) return "–";
    const [whole, rest] = Math.abs(value).toFixed(decimals).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, series.thousands);
    const text = rest ? grouped + series.decimal + rest : grouped;
    return value < 0 && /[1-9]/.test(text) ? "−" + text : text;
  };

  const state = { mode: "levels", ledger: "official", chosen: [], measure: {}, month: series.months.length - 1 };
  const measure = (panel) => series.measures.find((one) => one.key === state.measure[panel]);
  const decimals = (one) => one.decimals[state.mode === "levels" ? 0 : 1];
  // The baseline has no difference to itself.
  const lines = (one) => (state.mode === "levels" ? state.chosen : state.chosen.filter((variant) => variant > 0))
    .map((variant) => ({ variant, rows: state.mode === "levels" ? one.levels[variant] : one.differences[variant - 1] }));
  const unit = (one) => one.unit + (one.moving > 1 ? ", " + fill(words.moving, { months: one.moving }) : "");

  const plots = {};
  let open = 0;
  const drawn = () => {
    open -= 1;
    if (open === 0) root.setAttribute("data-ready", "true");
  };

  const axis = (one) => ({ stroke: "#60646c", font: "12px Inter, 'Noto Sans Thai', sans-serif", grid: { stroke: "#dee1e6", width: 1 }, ticks: { show: false }, ...one });

  const draw = (panel) => {
    const one = measure(panel);
    const shown = lines(one);
    const holder = at("chart-" + panel);
    if (plots[panel]) plots[panel].destroy();
    holder.replaceChildren();
    const data = [series.months.map((_, place) => place)];
    const options = [{}];
    const bands = [];
    for (const { variant, rows } of shown) {
      const colour = COLOURS[variant % COLOURS.length];
      const edge = { stroke: "transparent", width: 0, points: { show: false } };
      const first = data.length;
      data.push(rows[0], rows[1], rows[2]);
      options.push(edge, { stroke: colour, width: 2.2, dash: DASHES[variant % DASHES.length], points: { show: false } }, edge);
      bands.push({ series: [first + 2, first], fill: colour + "26" });
    }
    const years = series.months.map((month, place) => [month, place]).filter(([month]) => month.endsWith("-01")).map(([, place]) => place);
    const width = holder.clientWidth || 320;
    const step = Math.max(1, Math.ceil((years.length * 46) / width));
    const ticks = years.length > 1 ? years.filter((_, place) => place % step === 0) : [0, series.months.length - 1];
    plots[panel] = new uPlot({
      width,
      height: 260,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: false, range: [0, Math.max(1, series.months.length - 1)] },
        y: { range: (_, low, high) => edges(low, high) },
      },
      series: options,
      bands,
      axes: [
        axis({ grid: { show: false }, splits: () => ticks, values: (_, places) => places.map((place) => (years.length > 1 ? series.years[place] : series.labels[place])) }),
        axis({ size: 62, values: (_, values) => values.map((value) => written(value, digits(values))) }),
      ],
      hooks: {
        drawClear: [(u) => (state.mode === "differences" ? zero(u) : undefined)],
        draw: [drawn],
        setCursor: [(u) => { if (u.cursor.idx !== null && u.cursor.idx !== undefined) point(u.cursor.idx); }],
      },
    }, data, holder);
    for (const canvas of holder.querySelectorAll("canvas")) canvas.setAttribute("aria-hidden", "true");
    return shown;
  };

  // Both signs of a difference are shown around zero; a level keeps its zero where that costs little.
  const edges = (low, high) => {
    if (low === null || high === null || low === undefined) return [0, 1];
    if (state.mode === "differences") [low, high] = [Math.min(low, 0), Math.max(high, 0)];
    else if (low >= 0 && low < high * 0.6) low = 0;
    if (low === high) return low === 0 ? [0, 1] : [Math.min(0, low * 1.1), Math.max(0, high * 1.1)];
    const room = (high - low) * 0.06;
    return [low === 0 ? 0 : low - room, high + room];
  };
  const digits = (values) => {
    const step = values.length > 1 ? Math.abs(values[1] - values[0]) : 1;
    return step >= 1 ? 0 : Math.min(4, Math.ceil(-Math.log10(step)));
  };
  const zero = (u) => {
    const y = Math.round(u.valToPos(0, "y", true));
    u.ctx.save();
    u.ctx.strokeStyle = "#1a1c20";
    u.ctx.lineWidth = devicePixelRatio;
    u.ctx.beginPath();
    u.ctx.moveTo(u.bbox.left, y);
    u.ctx.lineTo(u.bbox.left + u.bbox.width, y);
    u.ctx.stroke();
    u.ctx.restore();
  };

  const value = (one, rows, place) => {
    const [low, median, high] = rows.map((row) => written(row[place], decimals(one)));
    return rows[1][place] === null ? words.undefined : fill(words.value, { low, high, median });
  };

  // The month pointed at is read out beside both charts, with the name of each variant in its colour.
  const read = () => {
    for (const panel of PANELS) {
      const one = measure(panel);
      const list = create("ul");
      for (const { variant, rows } of lines(one)) {
        const item = create("li");
        const key = create("span", undefined, { class: "key", "aria-hidden": "true" });
        key.style.setProperty("--colour", COLOURS[variant % COLOURS.length]);
        item.append(key, create("bdi", series.variants[variant]), ": ", create("span", value(one, rows, state.month)));
        list.append(item);
      }
      at("read-" + panel).replaceChildren(create("p", series.labels[state.month] + " – " + one.name + ", " + unit(one)), list);
    }
  };
  let moving = false;
  const point = (place) => {
    if (moving) return;
    moving = true;
    state.month = place;
    for (const panel of PANELS) {
      const u = plots[panel];
      if (u) u.setCursor({ left: u.valToPos(place, "x"), top: 20 }, false);
    }
    read();
    moving = false;
  };

  const rows = () => series.months.map((month, place) => ({ month, place }));
  const table = () => {
    const head = create("thead");
    const top = create("tr");
    top.append(create("th", words.month, { scope: "col" }));
    const columns = PANELS.flatMap((panel) => lines(measure(panel)).map((line) => ({ one: measure(panel), ...line })));
    for (const { one, variant } of columns) {
      const cell = create("th", undefined, { scope: "col" });
      cell.append(create("bdi", series.variants[variant]), create("br"), create("span", one.name + ", " + unit(one), { class: "unit" }));
      top.append(cell);
    }
    head.append(top);
    const body = create("tbody");
    for (const { place } of rows()) {
      const line = create("tr");
      line.append(create("th", series.labels[place], { scope: "row" }));
      for (const { one, rows } of columns) line.append(create("td", value(one, rows, place), { class: "figure-cell" }));
      body.append(line);
    }
    at("table").replaceChildren(create("caption", at("shown").textContent), head, body);
  };

  // A text that a spreadsheet could take for a formula is marked as text.
  const field = (text) => {
    const safe = /^[=+@\t\r-]/.test(text) && Number.isNaN(Number(text)) ? "'" + text : text;
    return /[",\n\r]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  };
  const csv = () => {
    const out = [["month", "ledger", "indicator", "unit", "moving_months", "quantity", "variant", "low_5", "median", "high_95", "interval"]];
    for (const panel of PANELS) {
      const one = measure(panel);
      for (const { variant, rows: three } of lines(one)) {
        for (const { month, place } of rows()) {
          const numbers = three.map((row) => row[place]);
          if (numbers[1] === null) continue;
          out.push([month, one.ledger, one.key, one.unit, one.moving, state.mode === "levels" ? "level" : "difference", series.variants[variant], ...numbers, series.about]);
        }
      }
    }
    return out.map((line) => line.map((cell) => field(String(cell))).join(",")).join("\r\n") + "\r\n";
  };
  const download = () => {
    const link = create("a", undefined, { download: [series.name, series.hash.slice(0, 8), state.measure.truth, state.measure.beside].join("-").replace(/[^\p{L}\p{N}_.-]+/gu, "-") + ".csv" });
    // A mark of the byte order lets spreadsheets know that the text is UTF-8.
    link.href = URL.createObjectURL(new Blob(["\ufeff" + csv()], { type: "text/csv;charset=utf-8" }));
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  const update = () => {
    root.removeAttribute("data-ready");
    open = PANELS.length;
    const names = (state.mode === "levels" ? state.chosen : state.chosen.filter((variant) => variant > 0)).map((variant) => series.variants[variant]);
    const [truth, beside] = PANELS.map((panel) => measure(panel).name);
    at("shown").textContent = names.length === 0 ? words.nothing : fill(words.shown, { truth, beside, ledger: words[state.ledger], variants: names.join(", ") });
    at("bands").textContent = fill(state.mode === "levels" ? words.band : words.band_difference, { about: series.about });
    at("head-beside").textContent = document.querySelector(`input[name=ledger][value=${state.ledger}]`).parentElement.textContent.trim();
    for (const panel of PANELS) draw(panel);
    read();
    table();
  };

  const list = (panel, ledger) => {
    const select = at("measure-" + panel);
    select.replaceChildren(...series.measures.filter((one) => one.ledger === ledger).map((one) => create("option", one.name + " (" + one.unit + ")", { value: one.key })));
    state.measure[panel] = select.value;
  };

  const boxes = at("variant-boxes");
  series.variants.forEach((name, variant) => {
    const label = create("label");
    const box = create("input", undefined, { type: "checkbox", value: variant });
    box.checked = variant === 0 || variant === series.shown;
    const key = create("span", undefined, { class: "key", "aria-hidden": "true" });
    key.style.setProperty("--colour", COLOURS[variant % COLOURS.length]);
    label.append(box, " ", key, create("bdi", name));
    boxes.append(label);
  });
  const chosen = () => [...boxes.querySelectorAll("input")].filter((box) => box.checked).map((box) => Number(box.value));
  state.chosen = chosen();
  list("truth", "truth");
  list("beside", state.ledger);

  at("controls").addEventListener("submit", (event) => event.preventDefault());
  at("controls").addEventListener("change", (event) => {
    state.chosen = chosen();
    state.mode = document.querySelector("input[name=mode]:checked").value;
    const ledger = document.querySelector("input[name=ledger]:checked").value;
    if (ledger !== state.ledger) {
      state.ledger = ledger;
      list("beside", ledger);
    }
    update(event);
  });
  for (const panel of PANELS) {
    at("measure-" + panel).addEventListener("change", (event) => {
      state.measure[panel] = event.target.value;
      update();
    });
    at("chart-" + panel).addEventListener("keydown", (event) => {
      const last = series.months.length - 1;
      const to = { ArrowLeft: state.month - 1, ArrowRight: state.month + 1, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      point(Math.min(last, Math.max(0, to)));
    });
  }
  at("download").addEventListener("click", download);
  if (series.variants.length < 2) document.querySelector(".with-differences").hidden = true;
  for (const part of document.querySelectorAll(".needs-script")) part.hidden = false;
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    update();
  });
  // Canvas text is drawn once; it must not be drawn before its font is there.
  document.fonts.ready.then(update);
})();
