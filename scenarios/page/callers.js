// Who calls: the attempts of a run by detection, function, source line and operation.

// The callers as a tree: {name, value, children, service}. A level that says nothing of anybody is left out.
function callerTree(run) {
  const levels = [
    (each) => each.detection || "unknown detection",
    (each) => each.function || "function unknown",
    (each) => each.site || "",
    (each) => each.operation,
  ];
  const used = levels.filter((level) => run.callers.some((each) => level(each) !== ""));
  const root = {name: "all", value: 0, children: new Map()};
  for (const caller of run.callers) {
    let node = root;
    node.value += caller.attempts;
    for (const level of used) {
      const name = level(caller) || "line unknown";
      if (!node.children.has(name))
        node.children.set(name, {name, value: 0, children: new Map(), calls: 0, throttled: 0});
      node = node.children.get(name);
      node.value += caller.attempts;
      node.calls += caller.calls;
      node.throttled += caller.outcomes.throttled ?? 0;
      node.service = caller.operation.split(":")[0];
    }
  }
  return root;
}

function callerElement(node, whole, depth) {
  const children = [...node.children.values()].sort((a, b) => b.value - a.value);
  const said =
    `${node.name}: ${grouped(node.value)} attempts, ${percent(node.value / whole)} of all` +
    (node.throttled > 0 ? `, ${grouped(node.throttled)} throttled` : "");
  const leaf = children.length === 0;
  const box = hinted(
    h(
      "span",
      {class: `box ${leaf ? (serviceColours[node.service] ?? "soft") : `depth${depth}`}`, tabindex: "0"},
      h("span", {}, node.name),
      h("small", {}, grouped(node.value)),
    ),
    said,
  );
  box.addEventListener("focus", () => {
    const place = box.getBoundingClientRect();
    hint.show(said, place.left, place.bottom - 10);
  });
  box.addEventListener("blur", hint.hide);
  return styled(
    h(
      "li",
      {},
      box,
      leaf
        ? null
        : h(
            "ul",
            {},
            children.map((child) => callerElement(child, whole, depth + 1)),
          ),
    ),
    {flex: `${node.value} 1 0`},
  );
}

function callersTable(where) {
  const sites = where.run.callers.some((each) => each.site);
  const columns = [
    {title: "detection"},
    {title: "function"},
    ...(sites ? [{title: "line"}] : []),
    {title: "operation"},
    {title: "account or key"},
    {title: "calls", number: true},
    {title: "attempts", number: true},
    {title: "throttled", number: true},
  ];
  const rows = where.run.callers.map((each, index) => {
    const path = `${where.path}.callers.${index}`;
    return [
      each.detection || "unknown",
      each.function || "–",
      ...(sites ? [each.site || "–"] : []),
      each.operation,
      each.account || "–",
      shown(`${path}.calls`),
      shown(`${path}.attempts`),
      each.outcomes.throttled ? shown(`${path}.outcomes.throttled`) : "0",
    ];
  });
  return table("Who called what, where", columns, rows, {visibleCaption: true});
}

const callersFigure = {
  id: "callers",
  title: "Who calls",
  caption:
    "Look for the widest box in the last row: the operation that costs most, below the function and the detection that ask for it.",
  panels(where) {
    if (where.run.callers.length === 0) return "No call was made.";
    const tree = callerTree(where.run);
    const roots = [...tree.children.values()].sort((a, b) => b.value - a.value);
    return [
      {
        key: "tree",
        facts: "attempts",
        content: h(
          "ul",
          {class: "flame", "aria-label": "Attempts by detection, function and operation"},
          roots.map((node) => callerElement(node, tree.value, 1)),
        ),
        rows: () => callersTable(where),
      },
    ];
  },
};
