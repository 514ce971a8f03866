/* The war desk: forces, brigades and companies as one drawing, coloured by grievance or by what they do. */
"use strict";
(() => {
  const { $, $$, send, handlers } = window.Allegiance;
  const STATUS = ["#9fb4c4", "#009e73", "#56b4e9", "#e69f00", "#7b5ea7", "#ffffff"];
  const SHADES = [[222, 235, 247], [253, 208, 162], [213, 94, 0], [122, 31, 2]];
  const GAP = 1, BAR = 4, HEAD = 22;
  let CELL = 9, army = null, boxes = [], picked = -1;
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const shade = (value) => {
    const at = Math.min(1, value / 200) * (SHADES.length - 1), low = Math.min(Math.floor(at), SHADES.length - 2), part = at - low;
    return `rgb(${SHADES[low].map((c, k) => Math.round(c + (SHADES[low + 1][k] - c) * part)).join()})`;
  };
  const frame = () => Number($("#day").value);
  const of = (name, company, at = frame()) => army[name][at * army.companies.length + company];
  const date = (day) => new Date(Date.parse(army.start) + day * 864e5).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const name = (company) => { const [b, number] = army.companies[company], [f, brigade] = army.brigades[b]; return `company ${number}, brigade ${brigade}, ${army.forces[f].name}`; };

  const layout = () => {
    /* the largest squares with which the army is no higher than about a screen */
    const most = Math.max(420, window.innerHeight * 0.8);
    for (CELL = 16; CELL > 9; CELL--) if (flow() <= most) break;
    const y = flow(), canvas = $("#army"), width = canvas.clientWidth || 320, ratio = window.devicePixelRatio || 1;
    canvas.style.height = `${y}px`; canvas.width = width * ratio; canvas.height = y * ratio;
    canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    canvas.span = [width, y];
  };
  const flow = () => {
    /* brigades flow from left to right within their force; a brigade is a bar with its companies below */
    const canvas = $("#army"), width = canvas.clientWidth || 320;
    boxes = []; let y = 0;
    const heads = [];
    const byBrigade = army.brigades.map(() => []);
    army.companies.forEach(([b], company) => byBrigade[b].push(company));
    army.forces.forEach((force, f) => {
      heads.push([force, y]); y += HEAD; let x = 0;
      const rows = CELL + BAR + 5;
      army.brigades.forEach(([owner], b) => {
        if (owner !== f || !byBrigade[b].length) return;
        const need = byBrigade[b].length * (CELL + GAP) + 5;
        if (x && x + need > width) { x = 0; y += rows; }
        let fit = byBrigade[b], from = 0;
        while (from < fit.length) {
          const room = Math.max(1, Math.floor((width - x) / (CELL + GAP))), part = fit.slice(from, from + room);
          boxes.push({ brigade: b, companies: part, x, y });
          from += part.length; x += part.length * (CELL + GAP) + 5;
          if (from < fit.length) { x = 0; y += rows; }
        }
      });
      y += rows + 6;
    });
    canvas.heads = heads;
    return y;
  };
  /* a mark beside the colour, so that none has to tell colours apart: shirking a line below, refusing a stroke, mutiny a cross */
  const mark = (pen, status, x, y) => {
    if (status < 1 || status > 3) return;
    const a = 2, b = CELL - 2;
    pen.strokeStyle = "#1b1f24"; pen.lineWidth = 1.2; pen.beginPath();
    if (status === 1) { pen.moveTo(x + a, y + b); pen.lineTo(x + b, y + b); }
    if (status >= 2) { pen.moveTo(x + a, y + b); pen.lineTo(x + b, y + a); }
    if (status === 3) { pen.moveTo(x + a, y + a); pen.lineTo(x + b, y + b); }
    pen.stroke();
  };
  const paper = () => getComputedStyle(document.documentElement).getPropertyValue("--paper");
  const colour = (company, empty) => $("#by-status").checked ? (of("status", company) === 5 ? empty : STATUS[of("status", company)]) : shade(of("grievance", company));
  const paint = () => {
    const started = performance.now(), canvas = $("#army"), pen = canvas.getContext("2d"), style = getComputedStyle(document.documentElement);
    const empty = paper();
    pen.clearRect(0, 0, ...canvas.span);
    pen.font = "600 12px system-ui, sans-serif"; pen.fillStyle = style.getPropertyValue("--ink");
    for (const [force, y] of canvas.heads) pen.fillText(`${army.sides[force.side]}: ${force.name}`, 0, y + 14, canvas.span[0]);
    for (const box of boxes) {
      const mean = box.companies.reduce((sum, c) => sum + of("grievance", c), 0) / box.companies.length;
      pen.fillStyle = shade(mean); pen.fillRect(box.x, box.y, box.companies.length * (CELL + GAP) - GAP, BAR - 1);
      box.companies.forEach((company, k) => {
        pen.fillStyle = colour(company, empty); pen.fillRect(box.x + k * (CELL + GAP), box.y + BAR, CELL, CELL);
        if ($("#by-status").checked) mark(pen, of("status", company), box.x + k * (CELL + GAP), box.y + BAR);
        if (of("status", company) === 5) { pen.strokeStyle = "#6e6e6e"; pen.lineWidth = 1; pen.strokeRect(box.x + k * (CELL + GAP) + .5, box.y + BAR + .5, CELL - 1, CELL - 1); }
        if (company === picked) { pen.strokeStyle = style.getPropertyValue("--ink"); pen.lineWidth = 2; pen.strokeRect(box.x + k * (CELL + GAP) - 1, box.y + BAR - 1, CELL + 2, CELL + 2); }
      });
    }
    canvas.dataset.ms = (performance.now() - started).toFixed(1);
    const day = army.days[frame()];
    $("#day-date").textContent = `${date(day)} (day ${day})`; $("#day").setAttribute("aria-valuetext", $("#day-date").textContent);
    const counts = army.statuses.map(() => 0);
    for (let c = 0; c < army.companies.length; c++) counts[of("status", c)]++;
    $("#counts").textContent = army.statuses.map((s, k) => `${s} ${counts[k]}`).join(", ") + ` of ${army.companies.length} companies`;
    canvas.setAttribute("aria-label", `Formation tree on ${date(day)}: ${$("#counts").textContent}. Arrow keys choose a company.`);
    document.dispatchEvent(new Event("day"));
  };
  const story = (company) => {
    picked = company; const [b] = army.companies[company], at = $("#company");
    at.replaceChildren();
    const add = (tag, text) => { const made = document.createElement(tag); made.textContent = text; at.append(made); return made; };
    add("h3", name(company)[0].toUpperCase() + name(company).slice(1));
    add("p", `In ${army.zones[army.zone[company]]}. On ${date(army.days[frame()])}: ${army.statuses[of("status", company)]}, grievance ${(of("grievance", company) / 100).toFixed(2)}, ${of("present", company)} % of its greatest strength so far present.`);
    const list = document.createElement("ol"); list.className = "bullets"; let before = -1, peak = 0;
    const notes = [];
    army.days.forEach((day, k) => {
      const s = of("status", company, k); peak = Math.max(peak, of("grievance", company, k));
      if (s !== before && !(before === -1 && s === 0)) notes.push([day, before === -1 ? `starts ${army.statuses[s]}` : `${army.statuses[s] === "at duty" ? "back at duty" : army.statuses[s]}, ${of("present", company, k)} % present`]);
      before = s;
    });
    for (const [day, type, c, brigade, , size] of army.events) {
      if (c === company) notes.push([day, `${army.words[type]}, ${size} soldiers, here`]);
      else if (c === -1 && brigade === b) notes.push([day, `its brigade: ${army.words[type]}`]);
    }
    notes.sort((x, y) => x[0] - y[0]);
    for (const [day, text] of notes.slice(0, 40)) { const item = document.createElement("li"); item.textContent = `${date(day)}: ${text}`; list.append(item); }
    if (!notes.length) add("p", "It stays at duty from the first day to the last."); else at.append(list);
    if (notes.length > 40) add("p", `And ${notes.length - 40} more.`);
    add("p", `Highest grievance: ${(peak / 100).toFixed(2)}.`);
    paint();
  };
  const pick = (event) => {
    const box = $("#army").getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    for (const b of boxes) {
      const k = Math.floor((x - b.x) / (CELL + GAP));
      if (y >= b.y && y <= b.y + BAR + CELL + 2 && k >= 0 && k < b.companies.length) return story(b.companies[k]);
    }
  };
  handlers.army = (message) => {
    army = { ...message, grievance: bytes(message.grievance), status: bytes(message.status), present: bytes(message.present) };
    $("#army-box").hidden = false;
    const slider = $("#day"); slider.max = army.days.length - 1; slider.value = 0;
    $("#army-note").textContent = `${army.companies.length} companies${army.scale < 1 ? `, one of ${Math.round(1 / army.scale)} of all, as in the report` : ", all there are"}; at the end of the case: ${army.end}.`;
    picked = -1; document.dispatchEvent(new Event("army")); layout(); paint(); document.body.dataset.army = army.companies.length;
  };
  window.Allegiance.army = { get: () => army, frame, of, date, story, colours: STATUS, go: (day) => { const k = army.days.findIndex((d) => d >= day); $("#day").value = k < 0 ? army.days.length - 1 : k; paint(); } };
  document.addEventListener("DOMContentLoaded", () => {
    const canvas = $("#army");
    if (!canvas) return;
    $("#day").addEventListener("input", () => { if (army) { paint(); if (picked >= 0) story(picked); } });
    $$("[name=colour]").forEach((radio) => radio.addEventListener("change", () => army && paint()));
    $("#companies").addEventListener("toggle", () => { if (army) { layout(); paint(); } });
    canvas.addEventListener("click", pick);
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10 }[event.key];
      if (step && army) { event.preventDefault(); story(Math.min(army.companies.length - 1, Math.max(0, picked + step))); }
    });
    window.addEventListener("resize", () => { if (army) { layout(); paint(); } });
  });
})();
