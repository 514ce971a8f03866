/* What can be taken away: every chart as PNG, SVG and, where it has numbers, CSV; every table as CSV; the address. */
"use strict";
(() => {
  const { $$ } = window.Allegiance;
  const cell = (value) => { const text = String(value ?? ""); return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text; };
  const csv = (rows) => rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
  const give = (name, address) => { const link = document.createElement("a"); link.href = address; link.download = name; document.body.append(link); link.click(); link.remove(); };
  const text = (kind, content) => `data:${kind};charset=utf-8,${encodeURIComponent(content)}`;
  /* a drawing that stands by itself: colours of the page written out, a paper behind it */
  const alone = (svg) => {
    const copy = svg.cloneNode(true), style = getComputedStyle(document.documentElement), box = svg.viewBox.baseVal;
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg"); copy.setAttribute("width", box.width); copy.setAttribute("height", box.height);
    copy.setAttribute("font-family", "sans-serif"); copy.setAttribute("font-size", "11");
    for (const part of copy.querySelectorAll("[data-hover]")) part.remove();
    const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [k, v] of Object.entries({ x: box.x, y: box.y, width: box.width, height: box.height, fill: "var(--paper)" })) paper.setAttribute(k, v);
    copy.prepend(paper);
    return new XMLSerializer().serializeToString(copy).replace(/var\((--[a-z]+)\)/g, (_, name) => style.getPropertyValue(name).trim());
  };
  const png = (svg, name) => {
    const picture = new Image(), box = svg.viewBox.baseVal, canvas = document.createElement("canvas");
    canvas.width = 2 * box.width; canvas.height = 2 * box.height;
    picture.onload = () => { canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height); give(`${name}.png`, canvas.toDataURL("image/png")); };
    picture.src = text("image/svg+xml", alone(svg));
  };
  const button = (label, told, work) => { const made = document.createElement("button"); made.type = "button"; made.textContent = label; made.setAttribute("aria-label", told); made.addEventListener("click", work); return made; };
  const row = (...buttons) => { const made = document.createElement("p"); made.className = "take"; made.append(...buttons); return made; };
  const named = (words) => (words || "allegiance").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || "allegiance";
  const chart = (figure, svg, words, rows) => {
    const drawn = () => figure.querySelector("svg") || svg, name = named(words), parts = [button("PNG", `${words}: save as PNG`, () => png(drawn(), name)), button("SVG", `${words}: save as SVG`, () => give(`${name}.svg`, text("image/svg+xml", alone(drawn()))))];
    if (rows) parts.push(button("CSV", `${words}: save as CSV`, () => give(`${name}.csv`, text("text/csv", csv(rows())))));
    figure.append(row(...parts));
  };
  const table = (made) => {
    const words = made.caption?.textContent || made.closest("section")?.querySelector("h2, h3")?.textContent || "table";
    const rows = () => [...made.rows].map((r) => [...r.cells].map((c) => c.textContent.trim()));
    const at = made.closest(".scroll") || made; at.after(row(button("CSV", `${words}: save as CSV`, () => give(`${named(words)}.csv`, text("text/csv", csv(rows()))))));
  };
  /* charts and tables that the server drew */
  const dress = (within) => {
    for (const figure of $$("figure", within)) { const svg = figure.querySelector("svg"); if (svg && !figure.id && !figure.querySelector(".take")) chart(figure, svg, figure.querySelector(".figtitle")?.textContent || svg.getAttribute("aria-label") || "chart"); }
    for (const made of $$("table:not(.numbers, .wizard)", within)) { const at = made.closest(".scroll") || made; if (!at.nextElementSibling?.classList.contains("take")) table(made); }
  };
  document.addEventListener("filled", (event) => dress(event.target));
  document.addEventListener("DOMContentLoaded", () => dress(document));
  document.addEventListener("click", async (event) => {
    const share = event.target.closest("#share");
    if (!share) return;
    const told = document.querySelector("#share-status");
    try { await navigator.clipboard.writeText(location.href); told.textContent = "The address is copied."; }
    catch { told.textContent = location.href; }
  });
  window.Allegiance.chart = chart;
})();
