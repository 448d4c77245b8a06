/** Charts of results, drawn by Vega-Lite as SVG. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { View, parse } from 'vega';
import { compile } from 'vega-lite';

const look = {
  background: 'white',
  padding: 16,
  config: {
    font: 'system-ui, sans-serif',
    view: { stroke: null },
    axis: { domainColor: '#d0d5db', gridColor: '#eef0f2', tickColor: '#d0d5db' },
    header: { labelAngle: 0, labelAlign: 'left', labelFontWeight: 600, labelPadding: 12 },
    title: { anchor: 'start', fontSize: 14, offset: 16 },
  },
};

/** @param {string} path @param {object} chart Vega-Lite's, without the look */
export async function writeChart(path, chart) {
  const { spec } = compile({ ...look, ...chart });
  const svg = await new View(parse(spec), { renderer: 'none' }).toSVG();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${svg}\n`);
}
