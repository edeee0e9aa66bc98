// What stands in a chart beside its curves.

// A text with the ground behind it.
function label(context, text, x, y, ink, align) {
  context.font = "11px system-ui, sans-serif";
  context.textAlign = align;
  context.textBaseline = "middle";
  const width = context.measureText(text).width + 8;
  const left = align === "right" ? x - width + 4 : align === "center" ? x - width / 2 : x - 4;
  context.fillStyle = colour("card", 0.86);
  context.fillRect(left, y - 8, width, 16);
  context.fillStyle = ink;
  context.fillText(text, x, y);
}

function across(context, area, y, dash, ink) {
  context.setLineDash(dash);
  context.strokeStyle = ink;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(area.left, y);
  context.lineTo(area.right, y);
  context.stroke();
  context.setLineDash([]);
}

function upwards(context, area, x, dash, ink) {
  context.setLineDash(dash);
  context.strokeStyle = ink;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, area.top);
  context.lineTo(x, area.bottom);
  context.stroke();
  context.setLineDash([]);
}

// Limits as lines with their names, stretches of time in a shade, moments as upright lines, and where one points.
const annotations = {
  id: "annotations",
  beforeDatasetsDraw(chart, _, {spans}) {
    const {
      ctx: context,
      chartArea: area,
      scales: {x},
    } = chart;
    for (const span of spans ?? []) {
      const from = Math.max(area.left, x.getPixelForValue(span.from));
      const to = Math.min(area.right, x.getPixelForValue(span.to));
      if (to <= from) continue;
      context.fillStyle = colour("shade");
      context.fillRect(from, area.top, Math.max(1, to - from), area.bottom - area.top);
    }
  },
  afterDatasetsDraw(chart, _, {marks, moments, spans}) {
    const {
      ctx: context,
      chartArea: area,
      scales: {x, y},
    } = chart;
    context.save();
    for (const moment of moments ?? []) {
      const at = x.getPixelForValue(moment.at);
      if (at < area.left - 1 || at > area.right + 1) continue;
      upwards(context, area, at, [2, 3], colour(moment.colour ?? "ink"));
      const left = at > (area.left + area.right) / 2;
      label(
        context,
        moment.text,
        left ? at - 6 : at + 6,
        area.top + 10,
        colour(moment.colour ?? "ink"),
        left ? "right" : "left",
      );
    }
    for (const span of spans ?? []) {
      const from = x.getPixelForValue(span.from);
      if (span.text && from >= area.left && from <= area.right) {
        label(context, span.text, from + 5, area.top + 10, colour("soft"), "left");
      }
    }
    for (const mark of marks ?? []) {
      const beyond = mark.value > y.max;
      const at = beyond ? area.top + 1 : y.getPixelForValue(Math.max(mark.value, y.min));
      if (!beyond) across(context, area, at, mark.dotted ? [2, 3] : [7, 4], colour(mark.colour ?? "ink"));
      const below = at - area.top < 18;
      label(
        context,
        beyond ? `↑ ${mark.text}` : mark.text,
        area.right - 2,
        below ? at + 10 : at - 9,
        colour(mark.colour ?? "ink"),
        "right",
      );
    }
    const active = chart.tooltip?.getActiveElements?.()[0];
    if (active) upwards(context, area, active.element.x, [], colour("soft", 0.5));
    context.restore();
  },
};
