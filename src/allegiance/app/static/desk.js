/* The war desk: front and troops, formations as an icicle, events, and the causes of one brigade, all of the same day. */
"use strict";
(() => {
  const { $, send, handlers, army: host } = window.Allegiance;
  const SIDES = ["var(--attacker)", "var(--defender)"], SIGNS = ["", "_", "/", "×", "", ""], GRAVE = ["coup_success", "coup_attempt", "civil_war", "unit_defection", "mutiny", "halt", "flight", "dismissal", "call_out", "escalation", "settlement", "end"];
  const NS = "http://www.w3.org/2000/svg";
  let observed = [], byBrigade = [], boxes = [], chosen = -1, causes = null, playing = 0;
  const node = (name, attributes, parent, text) => { const made = document.createElementNS(NS, name); for (const [k, v] of Object.entries(attributes)) made.setAttribute(k, v); if (text !== undefined) made.textContent = text; if (parent) parent.append(made); return made; };
  const element = (name, text, parent) => { const made = document.createElement(name); if (text !== undefined) made.textContent = text; if (parent) parent.append(made); return made; };
  const many = (n) => Math.round(n).toLocaleString("en");
  const a = () => host.get();
  const brigadeName = (b) => { const [f, number] = a().brigades[b], force = a().forces[f]; return `Brigade ${number}, ${force.name}, ${a().sides[force.side]}`; };

  /* front and troops */
  const W = 640;
  const picture = (id, height, label) => {
    const figure = $("#" + id); figure.querySelector("svg")?.remove();
    const svg = node("svg", { viewBox: `0 0 ${W} ${height}`, role: "img", "aria-label": label });
    figure.querySelector(".figtitle").after(svg);
    return svg;
  };
  const drawMap = () => {
    const k = host.frame(), sides = a().sides, ground = a().ground && a().ground[1] > a().ground[0] ? a().ground : null, top = ground ? 58 : 6;
    const most = Math.max(1, ...a().troops.flat(2)), each = 30 + 20 * sides.length, height = top + each * a().areas.length + 8, told = [];
    const svg = picture("map", height, "");
    if (ground) {
      const held = a().held[k], part = Math.min(1, Math.max(0, (held - ground[0]) / (ground[1] - ground[0])));
      node("text", { x: 0, y: 14 }, svg, `${sides[0]} holds ${many(held)} of ${many(ground[1])} km²`);
      const odds = Math.exp(Math.abs(a().ratio[k])).toPrecision(2);
      node("text", { x: W, y: 14, "text-anchor": "end" }, svg, `forces ${a().ratio[k] >= 0 ? `${odds} : 1` : `1 : ${odds}`}, ${sides[0]} to ${sides[1]}`);
      node("rect", { x: 0, y: 22, width: W, height: 20, fill: SIDES[1], opacity: 0.35 }, svg);
      node("rect", { x: 0, y: 22, width: W * part, height: 20, fill: SIDES[0], opacity: 0.55 }, svg);
      node("line", { x1: W * part, x2: W * part, y1: 18, y2: 46, stroke: "var(--ink)", "stroke-width": 3 }, svg);
      told.push(`${sides[0]} holds ${many(held)} of ${many(ground[1])} square kilometres`);
    }
    a().areas.forEach((area, z) => {
      const y = top + each * z;
      node("rect", { x: 0.5, y, width: W - 1, height: each - 6, fill: "none", stroke: "var(--line)" }, svg);
      node("text", { x: 8, y: y + 16, "font-weight": 600, class: "strong" }, svg, `${area.name} (${many(area.people)} civilians)`);
      sides.forEach((side, s) => {
        const men = a().troops[k][s][z], row = y + 23 + 20 * s;
        node("rect", { x: 8, y: row, width: Math.max(1, (W - 260) * men / most), height: 13, fill: SIDES[s] }, svg);
        node("text", { x: 16 + (W - 260) * men / most, y: row + 11 }, svg, `${many(men)} ${side}`);
        told.push(`${area.name}: ${many(men)} ${side}`);
      });
    });
    svg.setAttribute("aria-label", `Front and troops on ${host.date(a().days[k])}: ${told.join("; ")}.`);
    const moved = ground ? a().held[k] - a().held[0] : 0, troops = sides.map((side, s) => `${many(a().troops[k][s].reduce((x, y) => x + y, 0))} soldiers of ${side}`).join(", ");
    const gained = Math.abs(moved) < 0.01 * (ground ? ground[1] - ground[0] : 1) ? "has neither gained nor lost much ground" : `has ${moved > 0 ? "gained" : "lost"} ${many(Math.abs(moved))} km²`;
    $("#map .figtitle").textContent = `${host.date(a().days[k])}: ${ground ? `${sides[0]} ${gained} since the first day` : troops}`;
  };

  /* formations: side, force, brigade; a brigade is split by what its companies do */
  const setupIcicle = () => {
    byBrigade = a().brigades.map(() => []); a().companies.forEach(([b], c) => byBrigade[b].push(c));
    const svg = picture("icicle", 132, ""), total = a().companies.length, unit = W / total; let x = 0;
    boxes = a().brigades.map(() => null); svg.tabIndex = 0;
    a().sides.forEach((side, s) => {
      const from = x;
      a().forces.forEach((force, f) => {
        if (force.side !== s) return;
        const start = x;
        a().brigades.forEach(([owner], b) => {
          if (owner !== f || !byBrigade[b].length) return;
          const width = byBrigade[b].length * unit, group = node("g", { class: "brigade", "data-brigade": b }, svg);
          boxes[b] = { x, width, group }; node("title", {}, group); x += width;
        });
        if (x > start) label(svg, start, 26, x - start, force.name, "var(--wash)");
      });
      if (x > from) label(svg, from, 2, x - from, side, SIDES[s]);
    });
    svg.addEventListener("click", (event) => { const at = event.target.closest("[data-brigade]"); if (at) choose(Number(at.dataset.brigade)); });
    svg.addEventListener("keydown", (event) => { const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]; if (!step) return; event.preventDefault(); choose(Math.min(boxes.length - 1, Math.max(0, chosen + step))); });
  };
  const label = (svg, x, y, width, text, fill) => {
    node("rect", { x: x + 0.5, y, width: Math.max(1, width - 1), height: 21, fill, stroke: "var(--line)" }, svg);
    const room = Math.floor((width - 6) / 7.4);
    if (room > 3) node("text", { x: x + 4, y: y + 15, class: fill === "var(--wash)" ? "strong" : "onside" }, svg, text.length > room ? `${text.slice(0, room - 1)}…` : text);
    node("title", {}, svg.lastChild, text);
  };
  const drawIcicle = () => {
    a().brigades.forEach((_, b) => {
      const box = boxes[b]; if (!box) return;
      const counts = a().statuses.map(() => 0); byBrigade[b].forEach((c) => counts[host.of("status", c)]++);
      while (box.group.childNodes.length > 1) box.group.lastChild.remove();
      let y = 50;
      counts.forEach((n, s) => {
        if (!n) return;
        const height = 76 * n / byBrigade[b].length;
        node("rect", { x: box.x + 0.5, y, width: Math.max(0.6, box.width - 1), height, fill: s === 5 ? "var(--paper)" : host.colours[s], stroke: s === 5 ? "var(--line)" : "none" }, box.group);
        if (SIGNS[s] && box.width > 9 && height > 10) node("text", { x: box.x + box.width / 2, y: y + height / 2 + 4, "text-anchor": "middle", class: "sign" }, box.group, SIGNS[s]);
        y += height;
      });
      if (b === chosen) node("rect", { x: box.x + 0.5, y: 49, width: Math.max(2, box.width - 1), height: 78, fill: "none", stroke: "var(--ink)", "stroke-width": 2.5 }, box.group);
      box.group.firstChild.textContent = `${brigadeName(b)}: ${counts.map((n, s) => (n ? `${n} ${a().statuses[s]}` : "")).filter(Boolean).join(", ")}`;
    });
    const now = a().statuses.map(() => 0); a().companies.forEach((_, c) => now[host.of("status", c)]++);
    const raised = now.reduce((x, y) => x + y, 0) - now[5], off = now.map((n, s) => (n && s > 0 && s < 5 ? `${n} ${a().statuses[s]}` : "")).filter(Boolean);
    $("#icicle .figtitle").textContent = `${host.date(a().days[host.frame()])}: ${off.length ? `of ${many(raised)} companies ${off.join(", ")}` : `all ${many(raised)} companies at duty`}`;
    $("#icicle svg").setAttribute("aria-label", `Formations on ${host.date(a().days[host.frame()])}: ${$("#counts").textContent}. Arrow keys choose a brigade.`);
  };

  /* events of a day, type and side are told once */
  const grouped = () => {
    const found = new Map();
    for (const [day, type, company, brigade, side, size] of a().events) {
      const key = `${day} ${type} ${side}`, had = found.get(key) || { day, type, side, count: 0, size: 0, company, brigade };
      had.count += 1; had.size = type === "escalation" ? Math.max(had.size, size) : had.size + size; found.set(key, had);
    }
    return [...found.values()];
  };
  const listEvents = () => {
    const want = $("#f-events").value, list = $("#events"); list.replaceChildren();
    const happened = observed.map(([when, side, words]) => ({ day: Math.round((Date.parse(when) - Date.parse(a().start)) / 864e5), type: "happened", words, side })).filter((e) => e.day >= 0);
    const known = [...grouped(), ...happened].filter((e) => !want || e.type === want).sort((x, y) => x.day - y.day);
    for (const e of known.slice(0, 80)) {
      const button = element("button", undefined, element("li", undefined, list)); button.type = "button";
      const more = e.type === "escalation" ? ` to level ${e.size}` : (e.count > 1 ? ` ×${e.count}` : "") + (["mutiny", "unit_defection"].includes(e.type) ? ` (${many(e.size)} soldiers)` : "");
      button.textContent = e.type === "happened" ? `${host.date(e.day)}, in history: ${e.words}` : `${host.date(e.day)}: ${a().words[e.type]}${more}${a().sides[e.side] ? `, ${a().sides[e.side]}` : ""}`;
      button.className = e.type === "happened" ? "happened" : "";
      button.addEventListener("click", () => { host.go(e.day); if (e.brigade >= 0) choose(e.brigade); if (e.company >= 0) host.story(e.company); });
    }
    if (!known.length) element("li", "None in this war.", list);
    if (known.length > 80) element("li", `And ${known.length - 80} more.`, list);
  };
  const setupEvents = () => {
    const types = new Set(a().events.map((e) => e[1])), select = $("#f-events"); select.replaceChildren();
    const options = [["", "all events"], ...GRAVE.filter((t) => types.has(t)).map((t) => [t, a().words[t]]), ...(observed.length ? [["happened", "what happened in history"]] : [])];
    for (const [value, words] of options) { const option = element("option", words, select); option.value = value; }
    listEvents();
  };

  /* one brigade and its causes */
  const BREAKS = ["mutiny", "halt", "unit_defection", "flight"];
  const broken = () => a().events.filter((e) => e[3] >= 0 && BREAKS.includes(e[1])).sort((x, y) => x[0] - y[0]);
  const broke = (b) => broken().filter((e) => e[3] === b);
  const choose = (b) => { if (!boxes[b]) return; chosen = b; causes = null; $("#brigade").replaceChildren(); element("h3", brigadeName(b), $("#brigade")); drawIcicle(); send("brigade", b); };
  const signed = (v) => `${v > 0 ? "+" : v < 0 ? "−" : ""}${Math.abs(v).toFixed(2)}`;
  const listed = (found) => found.map((t) => `${t.words[0].toLowerCase()}${t.words.slice(1)} (${signed(t.apart)})`).join(", ");
  const apartOn = (k) => causes.words.map((words, t) => ({ words, own: causes.own[k][t], peers: causes.peers[k][t], apart: causes.own[k][t] - causes.peers[k][t] })).sort((x, y) => Math.abs(y.apart) - Math.abs(x.apart));
  const tellBrigade = () => {
    const at = $("#brigade"); at.replaceChildren();
    if (!causes || causes.brigade !== chosen) return;
    element("h3", brigadeName(chosen), at);
    const events = broke(chosen), first = events[0], k = first ? Math.max(0, a().days.findIndex((d) => d >= first[0])) : host.frame();
    const up = apartOn(k).filter((t) => t.apart >= 0.05).slice(0, 3), down = apartOn(k).filter((t) => t.apart <= -0.05).slice(0, 2);
    const opening = first ? `On ${host.date(first[0])}, ${a().words[first[1]]}. ` : "It did not break in this war. ";
    const why = up.length ? `What moved it more than the mean brigade of its side: ${listed(up)}.` : "The theory's terms say nothing of it that they do not say of its whole side: what is left is chance and who its soldiers are.";
    element("p", `${opening}${why}${down.length ? ` What held it back: ${listed(down)}.` : ""}`, at).id = "brigade-why";
    if (events.length > 1) { const list = element("ol", undefined, at); list.className = "bullets"; for (const e of events.slice(0, 12)) element("li", `${host.date(e[0])}: ${a().words[e[1]]}`, list); if (events.length > 12) element("p", `And ${events.length - 12} more.`, at); }
    const now = host.frame(), table = element("table", undefined, at), head = element("tr", undefined, element("thead", undefined, table)), body = element("tbody", undefined, table);
    element("caption", `What moves it towards mutiny on ${host.date(a().days[now])}, in log-odds`, table);
    for (const words of ["because of", "this brigade", "mean of its side"]) element("th", words, head).scope = "col";
    const rows = [...apartOn(now).filter((t) => Math.abs(t.own) >= 0.005 || Math.abs(t.peers) >= 0.005).slice(0, 10), { words: "Its soldiers themselves, and chance", own: causes.rest[now], peers: causes.rest_peers[now] }];
    for (const t of rows) { const row = element("tr", undefined, body); element("th", t.words, row).scope = "row"; for (const v of [t.own, t.peers]) element("td", signed(v), row).className = "n"; }
    byDay(at);
  };
  const setsApart = () => { const top = apartOn(host.frame())[0], when = host.date(a().days[host.frame()]); return top && Math.abs(top.apart) >= 0.05 ? `${when}: ${top.words[0].toLowerCase()}${top.words.slice(1)} sets it apart most (${signed(top.apart)})` : `${when}: nothing sets it apart from its side`; };
  /* drawn as wide as its column, so that its words can be read */
  const byDay = (at) => {
    const figure = element("figure", undefined, at), W = 400, H = 150, most = apartOn(host.frame()).slice(0, 4).map((t) => causes.words.indexOf(t.words));
    element("p", setsApart(), figure).className = "figtitle";
    const svg = node("svg", { viewBox: `0 0 ${W} ${H}`, role: "img" }, figure), n = causes.own.length;
    const reach = Math.max(0.1, ...most.flatMap((t) => causes.own.map((f, k) => Math.abs(f[t] - causes.peers[k][t]))));
    const x = (k) => 40 + (W - 50) * k / Math.max(1, n - 1), y = (v) => 74 - 64 * v / reach, dashes = ["none", "6 3", "2 3", "8 2 2 2"], told = [];
    node("line", { x1: 40, x2: W - 10, y1: y(0), y2: y(0), stroke: "var(--soft)" }, svg);
    for (const v of [reach, -reach]) node("text", { x: 36, y: y(v) + 4, "text-anchor": "end" }, svg, signed(v));
    most.forEach((t, j) => {
      node("polyline", { points: causes.own.map((f, k) => `${x(k).toFixed(1)},${y(f[t] - causes.peers[k][t]).toFixed(1)}`).join(" "), fill: "none", stroke: "var(--ink)", "stroke-width": 1.6, "stroke-dasharray": dashes[j] }, svg);
      told.push(`${["full line", "dashes", "dots", "dash and dots"][j]}: ${causes.words[t]}`);
    });
    node("line", { x1: x(host.frame()), x2: x(host.frame()), y1: 6, y2: 142, stroke: "var(--accent)" }, svg);
    svg.setAttribute("aria-label", told.join("; ")); element("p", `By day, above or below the mean of its side. ${told.join("; ")}.`, figure).className = "about";
    window.Allegiance.chart(figure, svg, brigadeName(chosen), () => [["date", "because of", "this brigade", "mean of its side"], ...causes.own.flatMap((f, k) => f.map((v, t) => [new Date(Date.parse(a().start) + a().days[k] * 864e5).toISOString().slice(0, 10), causes.words[t], v, causes.peers[k][t]]))]);
  };
  handlers.brigade = (message) => { causes = message; chosen = message.brigade; tellBrigade(); document.body.dataset.brigade = message.brigade; };

  const paint = () => { if (!a()) return; drawMap(); drawIcicle(); if (causes) tellBrigade(); };
  document.addEventListener("army", () => { chosen = -1; causes = null; stop(); setupIcicle(); setupEvents();
    for (const [id, rows] of [["map", () => [["date", "area", "side", "soldiers"], ...a().days.flatMap((d, k) => a().areas.flatMap((area, z) => a().sides.map((side, s) => [host.date(d), area.name, side, a().troops[k][s][z]])))]], ["icicle", () => [["date", ...a().statuses], ...a().days.map((d, k) => [host.date(d), ...a().statuses.map((_, s) => a().companies.filter((__, c) => host.of("status", c, k) === s).length)])]]]) {
      const figure = $("#" + id); figure.querySelector(".take")?.remove(); window.Allegiance.chart(figure, figure.querySelector("svg") || picture(id, 60, ""), id === "map" ? "Front and troops" : "Formations", rows);
    }
    $("#first-broken").disabled = !broken().length;
  });
  document.addEventListener("day", paint);
  document.addEventListener("observed", (event) => { observed = event.detail.events; if (a()) setupEvents(); });
  const stop = () => { clearInterval(playing); playing = 0; const button = $("#play"); if (button) { button.textContent = "Play"; button.setAttribute("aria-pressed", "false"); } };
  const play = () => {
    if (playing) return stop();
    const slider = $("#day"); if (Number(slider.value) >= Number(slider.max)) slider.value = 0;
    $("#play").textContent = "Pause"; $("#play").setAttribute("aria-pressed", "true");
    playing = setInterval(() => { if (Number(slider.value) >= Number(slider.max)) return stop(); slider.value = Number(slider.value) + 1; slider.dispatchEvent(new Event("input")); }, 250);
  };
  document.addEventListener("DOMContentLoaded", () => {
    if (!$("#icicle")) return;
    $("#play").addEventListener("click", play); $("#f-events").addEventListener("change", listEvents);
    $("#first-broken").addEventListener("click", () => { const first = broken()[0]; if (first) { host.go(first[0]); choose(first[3]); } });
  });
})();
