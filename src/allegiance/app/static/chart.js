/* Curves of the what-if: median and 90 % band by date, baseline and what-if over each other. */
"use strict";
(() => {
  const { $, handlers } = window.Allegiance;
  const W = 420, H = 224, L = 58, R = 8, T = 14, B = 26;
  const COLOURS = { baseline: "#6e6e6e", changed: "#0072b2" };
  const NS = "http://www.w3.org/2000/svg";
  let last = null, observed = [], painting = false;
  const read = new Map(); // curve -> the day that is being read, kept while charts are drawn anew
  const node = (name, attributes, parent) => {
    const made = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (parent) parent.append(made);
    return made;
  };
  const nice = (low, high) => {
    const span = high - low || 1, raw = span / 4, power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw);
    const ticks = [];
    for (let t = Math.ceil(low / step - 1e-9) * step; t < high + step * 0.999; t += step) ticks.push(Math.abs(t) < step * 1e-9 ? 0 : t);
    return ticks;
  };
  const short = (v) => Math.abs(v) >= 1e6 ? `${+(v / 1e6).toPrecision(3)}M` : Math.abs(v) >= 1e4 ? `${+(v / 1e3).toPrecision(3)}k` : `${+v.toPrecision(3)}`;
  const ratio = (log) => { const by = +Math.exp(Math.abs(log)).toPrecision(2); return by === 1 ? "1 : 1" : log > 0 ? `${by} : 1` : `1 : ${by}`; };
  const ratios = (reach) => { const base = reach < 1.5 ? 2 : reach < 3.5 ? 4 : 20, found = [0]; for (let t = Math.log(base); t <= reach + 1e-9; t += Math.log(base)) found.push(t, -t); return found; };
  const when = (start, day) => new Date(Date.parse(start) + day * 864e5);
  const draw = (curve, message) => {
    const worlds = ["baseline", "changed"].filter((w) => curve[w]);
    const signed = curve.quantity === "capability_log_ratio";
    /* both sides of a quantity share one axis, so that they can be compared by eye */
    const alike = message.curves.filter((c) => c.quantity === curve.quantity);
    const values = alike.flatMap((c) => ["baseline", "changed"].filter((w) => c[w]).flatMap((w) => [...c[w].high, ...c[w].low]));
    /* the ratio of capability is drawn on a log scale with parity in the middle; all else starts at zero */
    const reach = Math.max(Math.LN2, ...values.map(Math.abs));
    const marks = signed ? ratios(reach) : nice(0, Math.max(1, ...values));
    const low = signed ? -reach : 0, high = signed ? reach : Math.max(marks.at(-1), ...values);
    const end = Math.max(...worlds.map((w) => curve[w].day.at(-1)), 1);
    const x = (d) => L + (W - L - R) * d / end, y = (v) => H - B - (H - T - B) * (v - low) / (high - low);
    const svg = node("svg", { viewBox: `0 0 ${W} ${H}`, role: "img" });
    for (const tick of marks) {
      node("line", { x1: L, x2: W - R, y1: y(tick), y2: y(tick), stroke: "var(--line)" }, svg);
      node("text", { x: L - 6, y: y(tick) + 4, "text-anchor": "end" }, svg).textContent = signed ? ratio(tick) : short(tick);
    }
    for (const part of [0, 1 / 3, 2 / 3, 1]) {
      const text = when(message.start, end * part).toLocaleDateString("en-GB", { day: end < 150 ? "numeric" : undefined, month: "short", year: part === 0 || part === 1 ? "numeric" : undefined, timeZone: "UTC" });
      node("text", { x: x(end * part), y: H - 8, "text-anchor": part === 0 ? "start" : part === 1 ? "end" : "middle" }, svg).textContent = text;
    }
    const told = [], say = signed ? ratio : short;
    for (const world of worlds) {
      const c = curve[world], points = (v) => c.day.map((d, k) => `${x(d).toFixed(1)},${y(v[k]).toFixed(1)}`);
      node("polygon", { points: [...points(c.high), ...points(c.low).reverse()].join(" "), fill: COLOURS[world], opacity: 0.2 }, svg);
      node("polyline", { points: points(c.median).join(" "), fill: "none", stroke: COLOURS[world], "stroke-width": 2, "stroke-dasharray": world === "baseline" && worlds.length > 1 ? "5 3" : "none" }, svg);
      told.push(`${world === "baseline" ? "baseline" : "what if"} ${say(c.median.at(-1))} (90 % interval ${say(c.low.at(-1))} to ${say(c.high.at(-1))}) at the end`);
    }
    for (const [when, of, label] of observed) {
      const day = (Date.parse(when) - Date.parse(message.start)) / 864e5;
      if (of !== curve.side || day < 0 || day > end) continue;
      const mark = node("g", {}, svg);
      node("line", { x1: x(day), x2: x(day), y1: T, y2: H - B, stroke: "var(--ink)", "stroke-dasharray": "1 3" }, mark);
      node("path", { d: `M${x(day) - 4},${T - 8}h8l-4,7z`, fill: "var(--ink)" }, mark);
      node("title", {}, mark).textContent = `Happened on ${when}: ${label}`;
      told.push(`on ${when} happened: ${label}`);
    }
    svg.setAttribute("aria-label", `${curve.label}: ${told.join("; ")}.`);
    const figure = document.createElement("figure"), title = document.createElement("p");
    title.className = "figtitle"; title.textContent = curve.finding || curve.label; figure.append(title, svg);
    if (curve.finding) { const about = document.createElement("figcaption"); about.textContent = `${curve.label[0].toUpperCase()}${curve.label.slice(1)}.`; figure.append(about); }
    hover(figure, svg, curve, message, worlds, say, (d) => x(d), (px) => (px - L) / (W - L - R) * end);
    window.Allegiance.chart(figure, svg, curve.label, () => [["date", "world", "median", "low", "high"], ...worlds.flatMap((w) => curve[w].day.map((d, k) => [when(message.start, d).toISOString().slice(0, 10), w, curve[w].median[k], curve[w].low[k], curve[w].high[k]]))]);
    return figure;
  };
  /* the values of a day under the pointer, or by the arrow keys */
  const hover = (figure, svg, curve, message, worlds, say, x, dayAt) => {
    const out = document.createElement("p"), line = node("line", { y1: T, y2: H - B, stroke: "var(--ink)", "data-hover": "1", visibility: "hidden" }, svg);
    out.className = "about values"; out.setAttribute("aria-live", "polite"); out.textContent = "\u00a0"; figure.append(out);
    const days = curve.baseline.day, name = `${curve.side} ${curve.quantity}`; let at = -1;
    const show = (k) => {
      at = Math.min(days.length - 1, Math.max(0, k)); const d = days[at];
      line.setAttribute("x1", x(d)); line.setAttribute("x2", x(d)); line.setAttribute("visibility", "visible");
      read.set(name, d);
      out.textContent = `${when(message.start, d).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" })}: ` + worlds.map((w) => {
        const c = curve[w], j = c.day.reduce((best, v, i) => (Math.abs(v - d) < Math.abs(c.day[best] - d) ? i : best), 0);
        return `${w === "baseline" ? "baseline" : "what if"} ${say(c.median[j])} (${say(c.low[j])} to ${say(c.high[j])})`;
      }).join("; ");
    };
    svg.tabIndex = 0;
    svg.addEventListener("pointermove", (event) => { const box = svg.getBoundingClientRect(), d = dayAt((event.clientX - box.left) / box.width * W); show(days.reduce((best, v, i) => (Math.abs(v - d) < Math.abs(days[best] - d) ? i : best), 0)); });
    svg.dataset.curve = name;
    if (read.has(name)) show(days.reduce((best, v, i) => (Math.abs(v - read.get(name)) < Math.abs(days[best] - read.get(name)) ? i : best), 0));
    svg.addEventListener("blur", () => { if (!painting) { read.delete(name); line.setAttribute("visibility", "hidden"); out.textContent = "\u00a0"; } });
    svg.addEventListener("pointerleave", () => { if (document.activeElement === svg) return; read.delete(name); line.setAttribute("visibility", "hidden"); out.textContent = "\u00a0"; });
    svg.addEventListener("keydown", (event) => { const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]; if (step) { event.preventDefault(); show(at + step); } });
  };
  const paint = () => {
    if (!last) return;
    const side = $("#f-side").value;
    const legend = document.createElement("ul");
    legend.className = "legend";
    for (const [world, words] of [["baseline", "baseline (dashed)"], ["changed", "what if"]]) {
      if (world === "changed" && !last.changed) continue;
      const item = document.createElement("li"), mark = document.createElement("i");
      mark.style.background = COLOURS[world]; item.append(mark, words); legend.append(item);
    }
    const note = document.createElement("li"); note.textContent = `lines: median; bands: 90 % of ${last.pairs} wars. Sums so far stay as they are when a war has ended; other curves show the wars still fought.${observed.length ? " Triangles: what happened, by date." : ""}`; legend.append(note);
    const held = document.activeElement?.dataset?.curve;
    painting = true;
    $("#charts").replaceChildren(legend, ...last.curves.filter((c) => c.side === side && c.baseline.day.length && !(c.quantity === "capability_log_ratio" && Math.max(...c.baseline.high.map(Math.abs)) === 0)).map((c) => draw(c, last)));
    painting = false;
    if (held) [...document.querySelectorAll("#charts svg")].find((svg) => svg.dataset.curve === held)?.focus({ preventScroll: true });
  };
  document.addEventListener("observed", (event) => { observed = event.detail.events; paint(); });
  handlers.curves = (message) => { last = message; paint(); };
  document.addEventListener("side", paint);
})();
