// What a page owes whoever reads it: names for its fields, headings in order, ids once, contrast enough to read by.
() => {
  const wrong = [];
  const say = (what, node) => wrong.push(`${what}: ${node.outerHTML.slice(0, 120)}`);
  const shown = (node) => node.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });

  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (shown(field) && !field.labels.length && !field.ariaLabel) say("no label", field);
  }
  for (const thing of document.querySelectorAll("a[href], button")) {
    const name = thing.textContent.trim() || thing.ariaLabel || thing.querySelector("svg title, img[alt]");
    if (shown(thing) && !name) say("no name", thing);
  }
  for (const image of document.querySelectorAll("img:not([alt])")) say("no alt", image);

  let before = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const level = Number(heading.tagName[1]);
    if (level > before + 1) say("skipped heading", heading);
    before = level;
  }
  const ids = new Set();
  for (const node of document.querySelectorAll("[id]")) {
    if (ids.has(node.id)) say("id twice", node);
    ids.add(node.id);
  }

  // Colours come back as rgb(), color(srgb …) or with transparency; a canvas turns all of them into numbers.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const numbers = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((c, i) => (c * a + under[i] * (255 - a)) / 255);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    const layers = [];
    for (; node; node = node.parentElement) layers.push(numbers(getComputedStyle(node).backgroundColor));
    return layers.reduceRight((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !shown(node) || node.closest("svg, option, .sr, .skip")) continue;
    const style = getComputedStyle(node);
    const under = ground(node);
    const [a, b] = [light(over(numbers(style.color), under)), light(under)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) say(`contrast ${ratio.toFixed(2)}`, node);
    seen += 1;
  }
  if (seen < 10) wrong.push(`only ${seen} texts were looked at`);
  if (document.documentElement.scrollWidth > innerWidth) wrong.push("scrolls sideways");
  return wrong;
};
