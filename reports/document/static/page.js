"use strict";
(() => {
  const MOST_NAMES = 12;
  const MOST_FINDINGS = 8;
  const form = document.querySelector(".filter");
  const verdicts = [...document.querySelectorAll("#findings .verdict")];
  const groups = verdicts.flatMap((section) => [...section.querySelectorAll(".group")].map((node) => ({
    node, verdict: section.dataset.verdict, rule: node.dataset.rule, engine: node.dataset.engine, category: node.dataset.category,
    findings: [...node.querySelectorAll(".finding")].map((finding) => ({
      node: finding, severity: finding.dataset.s, template: finding.dataset.t,
      environments: finding.dataset.e ? finding.dataset.e.split(" ") : [], text: null,
    })),
  })));
  const total = groups.reduce((sum, group) => sum + group.findings.length, 0);
  for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;

  const number = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, form.querySelector(".count").dataset.separator);
  const checked = (name) => new Set([...form.querySelectorAll(`input[name=${name}]:checked`)].map((box) => box.value));
  const selected = (name) => form.elements[name]?.value ?? "";
  const position = (name) => form.elements[name]?.value ? String(form.elements[name].selectedIndex) : "";
  const words = () => form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);

  function filter() {
    const [verdict, severity, wanted] = [checked("verdict"), checked("severity"), words()];
    const [category, rule, engine] = [selected("category"), selected("rule"), selected("engine")];
    const [template, environment] = [position("template"), position("environment")];
    let shown = 0;
    const perVerdict = new Map();
    for (const group of groups) {
      const fits = (!verdict.size || verdict.has(group.verdict)) && (!category || group.category === category)
        && (!rule || group.rule === rule) && (!engine || group.engine === engine);
      let count = 0;
      if (fits && wanted.length && group.text === undefined) group.text = group.node.querySelector("h4").textContent.toLowerCase();
      for (const finding of group.findings) {
        let visible = fits && (!severity.size || severity.has(finding.severity)) && (!template || finding.template === template)
          && (!environment || !finding.environments.length || finding.environments.includes(environment));
        if (visible && wanted.length) {
          finding.text ??= finding.node.textContent.toLowerCase();
          visible = wanted.every((word) => finding.text.includes(word) || group.text.includes(word));
        }
        if (finding.node.hidden === visible) finding.node.hidden = !visible;
        count += visible;
      }
      if (group.node.hidden !== !count) group.node.hidden = !count;
      perVerdict.set(group.verdict, (perVerdict.get(group.verdict) ?? 0) + count);
      shown += count;
    }
    for (const section of verdicts) section.hidden = !perVerdict.get(section.dataset.verdict);
    const status = form.querySelector(".count");
    status.textContent = shown ? status.dataset.shown.replace("{shown}", number(shown)).replace("{total}", number(total)) : status.dataset.nothing;
  }

  function state() {
    const parts = new URLSearchParams();
    for (const name of ["verdict", "severity"]) {
      const values = [...checked(name)];
      if (values.length) parts.set(name, values.join(","));
    }
    for (const name of ["category", "rule", "template", "engine", "environment", "q"]) if (selected(name)) parts.set(name, selected(name));
    return parts.toString();
  }

  function restore(parts) {
    for (const name of ["verdict", "severity"]) {
      const values = new Set((parts.get(name) ?? "").split(","));
      for (const box of form.querySelectorAll(`input[name=${name}]`)) box.checked = values.has(box.value);
    }
    for (const name of ["category", "rule", "template", "engine", "environment", "q"]) {
      const field = form.elements[name];
      if (!field) continue;
      const value = parts.get(name) ?? "";
      field.value = value;
      if (field.value !== value) field.value = "";
    }
    filter();
  }

  function save() {
    const kept = state();
    history.replaceState(null, "", kept ? `#findings&${kept}` : "#findings");
  }

  function follow() {
    const hash = location.hash.slice(1);
    if (hash.startsWith("findings&")) {
      if (form) restore(new URLSearchParams(hash.slice("findings&".length)));
      document.getElementById("findings").scrollIntoView();
      return;
    }
    const target = hash && document.getElementById(decoded(hash));
    if (!target) return;
    if (form && target.closest("#findings") && target.closest("[hidden]")) restore(new URLSearchParams());
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    target.scrollIntoView();
    target.querySelector(":scope > summary")?.focus({ preventScroll: true });
  }

  function decoded(hash) {
    try { return decodeURIComponent(hash); } catch { return hash; }
  }

  if (form) {
    let timer = 0;
    const changed = () => { filter(); save(); };
    form.addEventListener("input", (event) => {
      clearTimeout(timer);
      timer = setTimeout(changed, event.target.name === "q" ? 120 : 0);
    });
    form.addEventListener("reset", () => setTimeout(changed, 0));
    form.addEventListener("submit", (event) => event.preventDefault());
    const unfold = (open) => {
      for (const group of groups) for (const { node } of group.findings) if (!node.hidden && !group.node.hidden) node.open = open;
    };
    form.querySelector(".unfold").addEventListener("click", () => unfold(true));
    form.querySelector(".fold-all").addEventListener("click", () => unfold(false));
    filter();
  }

  function element(tag, text, kind) {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }

  function link(text, id) {
    const made = element("a", text);
    made.href = `#${id}`;
    return made;
  }

  const files = new Map([...document.querySelectorAll("#sources [data-path]")].map((node) => [node.dataset.path, node.dataset.number]));

  function place(text) {
    const match = /^(.*):(\d+):\d+$/.exec(text);
    const id = match && files.has(match[1]) ? `s${files.get(match[1])}-${match[2]}` : "";
    return id && document.getElementById(id) ? link(`${match[1]}:${match[2]}`, id) : element("span", match ? `${match[1]}:${match[2]}` : text);
  }

  function more(list, count, panel) {
    if (count > 0) list.append(element("li", panel.dataset.more.replace("{count}", count)));
  }

  function choose(node, figure) {
    for (const other of figure.querySelectorAll(".chosen")) other.classList.remove("chosen");
    node.classList.add("chosen");
    const panel = figure.querySelector(".panel");
    const body = panel.querySelector(".panel-body");
    const split = (name) => (node.dataset[name] ?? "").split("|");
    const [names, types, locations] = [split("names"), split("types"), split("locations")];
    const list = element("ul");
    names.slice(0, MOST_NAMES).forEach((name, index) => {
      const item = element("li");
      item.append(element("span", name, "panel-name"), ` ${types[index] ?? ""} `);
      if (locations[index]) item.append(`${panel.dataset.place} `, place(locations[index]));
      list.append(item);
    });
    more(list, names.length - MOST_NAMES, panel);
    const numbers = (node.dataset.findings ?? "").split(" ").filter(Boolean);
    const found = element("ul");
    for (const value of numbers.slice(0, MOST_FINDINGS)) {
      const head = document.querySelector(`#f${Number(value)} .message`);
      const item = element("li");
      item.append(link(value, `f${Number(value)}`), ` ${head?.textContent ?? ""}`);
      found.append(item);
    }
    more(found, numbers.length - MOST_FINDINGS, panel);
    body.replaceChildren(list, element("p", numbers.length ? panel.dataset.findings : panel.dataset.none, "panel-title"), ...(numbers.length ? [found] : []));
  }

  for (const figure of document.querySelectorAll(".picture")) {
    const button = figure.querySelector(".actual");
    const drawing = figure.querySelector(".canvas svg");
    const offer = () => {
      const shrunk = drawing.getBoundingClientRect().width < drawing.viewBox.baseVal.width - 1;
      button.parentElement.hidden = !shrunk && !figure.classList.contains("actual-size");
    };
    addEventListener("resize", offer);
    offer();
    button.addEventListener("click", () => {
      const actual = figure.classList.toggle("actual-size");
      button.setAttribute("aria-pressed", String(actual));
    });
    const pick = (event) => {
      const node = event.target.closest(".tlp-node");
      if (!node || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      choose(node, figure);
    };
    figure.querySelector(".canvas").addEventListener("click", pick);
    figure.querySelector(".canvas").addEventListener("keydown", pick);
  }

  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => {
    for (const node of document.querySelectorAll("main details")) {
      if (node.closest("[data-verdict=pass]") || node.closest("#sources") || node.open) continue;
      node.open = true;
      node.dataset.opened = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const node of document.querySelectorAll("[data-opened]")) {
      node.open = false;
      delete node.dataset.opened;
    }
  });
  follow();
})();
