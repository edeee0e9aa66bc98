// Puts the page together.

const parts = [
  [
    "limits",
    "Limits",
    [demandFigure, headroomFigure, tokensFigure, quotaFigure, retriesFigure, goodputFigure],
  ],
  ["calls", "Callers", [callersFigure, cachesFigure]],
  ["engine", "Engine", [fleetFigure, lagFigure]],
  ["detections", "Detections", [outcomesFigure, newTermsFigure]],
  ["choices", "Choices", [policiesFigure, baselineFigure, costFigure]],
];

const sideBySideMost = 3;
const wheres = report.runs.map((_, index) => runAt(index));
let chosen = wheres.length <= sideBySideMost ? wheres : wheres.slice(0, 1);

function chartsElement() {
  forgetDrawings();
  return parts.map(([id, title, figures]) => {
    const made = figures.map((each) => figure(each, chosen));
    const there = made.filter((element) => element.tagName === "FIGURE");
    const empty = made.filter((element) => element.tagName !== "FIGURE");
    widenLonely(there);
    return h(
      "section",
      {id, "aria-labelledby": `${id}-title`},
      h("h2", {id: `${id}-title`}, title),
      h("div", {class: "figures"}, there),
      empty,
    );
  });
}

// Half the page beside nothing would be wasted.
function widenLonely(figures) {
  for (let index = 0; index < figures.length; ++index) {
    if (figures[index].className !== "half") continue;
    if (figures[index + 1]?.className === "half") ++index;
    else figures[index].className = "wide";
  }
}

function showCharts() {
  const charts = document.getElementById("charts");
  charts.replaceChildren(...chartsElement());
  drawAll();
}

// Which run the charts show: each alone, or a few side by side.
function runSwitch() {
  if (wheres.length < 2) return null;
  const choices = wheres.map((where) => ({name: where.name, chosen: [where]}));
  if (wheres.length <= sideBySideMost) choices.unshift({name: "Side by side", chosen: wheres});
  const buttons = choices.map((choice, index) =>
    h(
      "button",
      {
        type: "button",
        "aria-pressed": String(index === 0),
        onclick: () => {
          buttons.forEach((button, other) => button.setAttribute("aria-pressed", String(other === index)));
          chosen = choice.chosen;
          showCharts();
        },
      },
      choice.name,
    ),
  );
  return h("div", {class: "switch", role: "group", "aria-label": "Runs that the charts show"}, buttons);
}

function assumptionsElement(where) {
  const rows = where.run.assumptions.map((each) => [
    h("code", {}, each.name),
    each.value,
    each.tag,
    each.source,
  ]);
  return disclosure(
    `${rows.length} assumptions${wheres.length > 1 ? ` of ${where.name}` : ""}`,
    table(
      "Every number and switch that the run used and did not measure",
      [{title: "name"}, {title: "value"}, {title: "evidence"}, {title: "source"}],
      rows,
    ),
  );
}

function lossesElement(where) {
  const rows = where.run.losses.rows.map((each, index) => {
    const path = `${where.path}.losses.rows.${index}`;
    return [
      each.detection,
      each.kind.replace("_", " "),
      each.function || "–",
      each.operation || "–",
      each.outcome,
      shown(`${path}.count`),
      shown(`${path}.first_at`, "time"),
      h("code", {}, each.first_error),
    ];
  });
  if (rows.length === 0) return null;
  return disclosure(
    `Why detections were lost${wheres.length > 1 ? `: ${where.name}` : ""}`,
    table(
      "Losses by cause",
      [
        {title: "detection"},
        {title: "kind"},
        {title: "function"},
        {title: "operation"},
        {title: "outcome"},
        {title: "count", number: true},
        {title: "first", number: true},
        {title: "first error"},
      ],
      rows,
    ),
  );
}

function replayElement(where) {
  return h("p", {class: "replay"}, "Again: ", h("code", {}, data.replay[where.index]));
}

function firstScreen() {
  const several = wheres.length > 1;
  return h(
    "section",
    {id: "verdict", class: "first", "aria-label": "Verdict"},
    several ? h("h1", {class: "several"}, `${wheres.length} runs side by side`) : null,
    several ? runsTable(wheres) : null,
    styled(
      h(
        "div",
        {class: several ? "columns" : null},
        wheres.map((where) =>
          h(
            "div",
            {class: "column"},
            verdictElement(where, several),
            budgetsElement(where),
            several ? null : tiles(where),
          ),
        ),
      ),
      {"--columns": String(Math.min(wheres.length, sideBySideMost))},
    ),
  );
}

function contents() {
  const links = [
    ["verdict", "Verdict"],
    ["operations", "Calls"],
    ...parts.map(([id, title]) => [id, title]),
    ["details", "Details"],
  ];
  document.getElementById("contents").append(...links.map(([id, title]) => h("a", {href: `#${id}`}, title)));
}

// The scheme of the system, or the one that was chosen.
const themes = ["auto", "light", "dark"];

function setTheme(theme) {
  if (theme === "auto") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.setAttribute("data-theme", theme);
  const button = document.getElementById("theme");
  button.textContent = {auto: "Auto", light: "Light", dark: "Dark"}[theme];
  button.setAttribute(
    "aria-label",
    `Colours: ${theme}. Press for ${themes[(themes.indexOf(theme) + 1) % themes.length]}.`,
  );
  button.dataset.theme = theme;
  drawAgain();
}

function rememberedTheme() {
  try {
    const theme = localStorage.getItem("rushhour-theme");
    return themes.includes(theme) ? theme : "auto";
  } catch {
    return "auto"; // a browser may keep nothing for files
  }
}

function nextTheme() {
  const theme = themes[(themes.indexOf(document.getElementById("theme").dataset.theme) + 1) % themes.length];
  setTheme(theme);
  try {
    localStorage.setItem("rushhour-theme", theme);
  } catch {
    // then it holds until the page is left
  }
}

function listen() {
  document.getElementById("theme").addEventListener("click", nextTheme);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAgain);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hint.hide();
  });
  let width = innerWidth;
  let later = 0;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(later);
    later = setTimeout(drawAgain, 120);
  });
  let before = "auto";
  addEventListener("beforeprint", () => {
    before = document.getElementById("theme").dataset.theme;
    setTheme("light");
    document.querySelectorAll("details.held").forEach((each) => {
      each.open = true;
    });
  });
  addEventListener("afterprint", () => setTheme(before));
}

function start() {
  Chart.defaults.font.family = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif";
  Chart.defaults.font.size = 11;
  contents();
  document
    .getElementById("page")
    .replaceChildren(
      firstScreen(),
      h(
        "section",
        {id: "operations", "aria-labelledby": "operations-title"},
        h("h2", {id: "operations-title"}, "Calls"),
        operationsTable(wheres),
      ),
      runSwitch() ?? "",
      h("div", {id: "charts"}),
      h(
        "section",
        {id: "details", "aria-labelledby": "details-title"},
        h("h2", {id: "details-title"}, "Details"),
        wheres.map(lossesElement),
        wheres.map(assumptionsElement),
        wheres.map(replayElement),
      ),
    );
  setTheme(rememberedTheme());
  listen();
  showCharts();
  document.documentElement.dataset.ready = "true";
}

start();
