// Draws the charts of a page from their specifications. No eval: expressions are walked, not compiled.
import { expressionInterpreter } from "./vendor/vega/vega-interpreter.js";

const places = [...document.querySelectorAll("[data-chart]")];
const answers = new Map();

function specifications(address) {
  if (!answers.has(address)) {
    answers.set(address, fetch(address).then((answer) => answer.json()).then((page) => page.charts));
  }
  return answers.get(address);
}

function view(place, specification) {
  const compiled = vegaLite.compile(specification, { logger: vega.logger(vega.Error) }).spec;
  const made = new vega.View(vega.parse(compiled, null, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "svg",
    container: place,
    hover: true,
    loader: vega.loader({ target: "_self" }),
  });
  return made.runAsync();
}

async function draw(place) {
  const all = await specifications(place.dataset.from);
  await view(place, all[place.dataset.chart]);
  // The place is named as one picture, and the table beside it says what is in it.
  place.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
  place.dataset.drawn = "yes";
}

for (const place of places) {
  draw(place).catch((error) => {
    place.dataset.drawn = "no";
    console.error(error);
  });
}
